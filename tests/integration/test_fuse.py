"""The fuse: a process that sleeps past its lease in the middle of a send never wakes to end it, and no other is ended."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

ROOT = Path(__file__).parents[2]
SLEEPER = """
import os, signal, sys, time
from bot.clock import MachineClock
from publishing.fuse import Fuse

clock = MachineClock()
fuse = Fuse(clock)
seconds, where = float(sys.argv[1]), sys.argv[2]
begun = clock.monotonic()
with fuse.burning(begun + 30.0):
    with fuse.burning(begun + seconds):
        if where == "inside":
            os.kill(os.getpid(), signal.SIGSTOP)
    if where == "outside":
        os.kill(os.getpid(), signal.SIGSTOP)
print("awake", flush=True)
"""
CORRECTING = """
import asyncio
from dataclasses import replace

from aiohttp import web

from bot.clock import MachineClock
from newsroom.delivery import next_step
from newsroom.errand import Errand, Revision
from newsroom.receipt import Sent
from publishing.dispatch import Dispatcher, Pace
from publishing.fuse import Fuse
from publishing.x_account import XAccount
from publishing.x_client import XClient
from store.store import memory_store
from tests.support.newsroom import a_story, an_admission
from tests.support.platform_stage import ACCOUNT, X_KEYS, OnePicture

PACE = Pace(lease=4.0, request=2.4, answer=1.6, margin=1.0)


async def answered(request):
    await asyncio.sleep(0.8 if request.method == "POST" else 1.2)
    if request.method == "POST":
        return web.json_response({"title": "Invalid", "detail": "not the latest version"}, status=400)
    number = request.path.rpartition("/")[2]
    return web.json_response({"data": {"id": number, "text": "other", "edit_history_tweet_ids": ["100", "101"]}})


async def correct():
    app, clock, stop = web.Application(), MachineClock(), asyncio.Event()
    app.router.add_route("*", "/{path:.*}", answered)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    store = memory_store(clock)
    await store.outbox.admit([an_admission(a_story(1, met=clock.now()), ACCOUNT)], 0)
    taken = await store.outbox.take(ACCOUNT.id, "w1", 60.0)
    await store.outbox.settle(next_step(taken, Sent(("100",)), clock.now().timestamp()))
    new = replace(taken.post, text="other words")
    await store.outbox.revise(taken.story, [Revision(ACCOUNT.id, Errand.EDIT, new, new)])

    def settled(delivery):
        print(delivery.state, delivery.why, flush=True)
        stop.set()

    async with XClient(X_KEYS, f"http://127.0.0.1:{runner.addresses[0][1]}", request_seconds=PACE.answer) as client:
        account = XAccount(ACCOUNT, client, OnePicture(), clock)
        lanes = {ACCOUNT.id: account}
        await Dispatcher(store.outbox, lanes, clock, worker="w1", settled=settled, pace=PACE, fuse=Fuse(clock)).run(stop)
    await runner.cleanup()


asyncio.run(correct())
"""


async def slept(seconds: float, where: str, asleep: float) -> tuple[int | None, str]:
    """What became of a process whose fuse burns so long, and that is stopped there for so long."""
    command = (sys.executable, "-c", SLEEPER, str(seconds), where)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE)
    await asyncio.to_thread(os.waitid, os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
    await asyncio.sleep(asleep)
    process.send_signal(signal.SIGCONT)
    out, _ = await process.communicate()
    return process.returncode, out.decode()


async def test_a_process_that_sleeps_past_its_lease_in_a_send_is_ended_before_its_next_instruction() -> None:
    """By the kernel, on waking."""
    assert await slept(0.2, "inside", 0.5) == (-signal.SIGALRM, "")


async def test_a_process_that_wakes_in_time_goes_on() -> None:
    """A short pause harms nobody."""
    assert await slept(20.0, "inside", 0.2) == (0, "awake\n")


async def test_a_fuse_that_is_out_ends_nobody_while_another_still_burns() -> None:
    """Two lanes send at once; the one that was done is no danger."""
    assert await slept(0.2, "outside", 0.5) == (0, "awake\n")


async def test_a_correction_that_a_slow_network_draws_out_over_several_requests_ends_no_process_that_is_awake() -> None:
    """X names a newer version, which is looked for; each answer comes within its own time, and all together do not."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", CORRECTING, cwd=ROOT, stdout=PIPE)
    out, _ = await process.communicate()
    assert (process.returncode, out.decode()) == (0, "planned It came to no end in time; the post may stand there.\n")
