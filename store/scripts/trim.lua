-- Notices that are kept true no longer. ARGV: how their names begin, Unix seconds before which they were said, how many of
-- the rest stay at most, the newest.
local start, before, most = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local held, young = redis.call('HGETALL', key('notices')), {}
for at = 1, #held, 2 do
  if string.sub(held[at], 1, #start) == start then
    local said = cjson.decode(held[at + 1]).at
    if said < before then
      redis.call('HDEL', key('notices'), held[at])
    else
      young[#young + 1] = { said, held[at] }
    end
  end
end
table.sort(young, function(a, b) return a[1] > b[1] or (a[1] == b[1] and a[2] > b[2]) end)
for at = most + 1, #young do redis.call('HDEL', key('notices'), young[at][2]) end
return 0
