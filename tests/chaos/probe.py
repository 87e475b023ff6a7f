import asyncio, sys, time, random
from tests.chaos.scene import *
from tests.chaos.strikes import *
from tests.chaos.points import *
from tests.chaos.rows import markdown
async def main():
    async with open_scene() as site:
        async with site.houses("k", 3) as houses:
            rows=[]
            async def points():
                blows=[Blow(p) for p in (*SEND_PATH,*RECOVERY)]*2
                random.Random(1).shuffle(blows)
                t=await deal(houses,blows)
                print(t.struck, "MISSED", t.missed)
                return t.times
            rows.append(await row_of("points", houses, points))
            print(markdown(rows))
            async def rnd(): return (await kill_at_random(houses,30,random.Random(3))).times
            rows.append(await row_of("random", houses, rnd))
            print(markdown(rows))
            async def stops(): return (await stop_at_random(houses,20,random.Random(3))).times
            rows.append(await row_of("stops", houses, stops))
            print(markdown(rows))
            for r in rows:
                print(r.verdict.states)
                for e in r.evidence: print(e)
asyncio.run(main())
