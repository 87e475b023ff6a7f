-- Take, hold or leave a seat, and tell of its feeds; see newsroom/rota.py. The dead leave here: who comes next sees them.
-- ARGV: seat, list of feeds, seconds (0 leaves), '1' to take it anew, how many of the rest tell a due, feed and seconds
-- of each, feeds that are given back
-- Answers {workers with this list, turn} | {} when the seat has run out and nothing was written
local seat, list, seconds, told = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[5])
local t = now()
local ends = tonumber(redis.call('ZSCORE', key('rota'), seat) or '0')
local gone = redis.call('ZREMRANGEBYSCORE', key('rota'), '-inf', t)
-- Seats are held for seconds: one that ends much later is of a server whose clock was set back since.
gone = gone + redis.call('ZREMRANGEBYSCORE', key('rota'), t + 60, '+inf')
if ends > t + 60 then ends = 0 end
if ends <= t and ARGV[4] ~= '1' then
  if gone > 0 then redis.call('INCR', key('turn')) end
  return {}
end
for i = 6, 5 + 2 * told, 2 do
  if redis.call('HGET', key('holder'), ARGV[i]) == seat then
    redis.call('ZADD', key('due'), t + tonumber(ARGV[i + 1]), ARGV[i])
  end
end
local given = 0
for i = 6 + 2 * told, #ARGV do
  if redis.call('HGET', key('holder'), ARGV[i]) == seat then
    redis.call('HDEL', key('holder'), ARGV[i])
    given = given + 1
  end
end
if seconds > 0 then
  redis.call('ZADD', key('rota'), t + seconds, seat)
else
  redis.call('ZREM', key('rota'), seat)
end
if gone > 0 or given > 0 or ends <= t or seconds <= 0 then redis.call('INCR', key('turn')) end
local workers = 0
for _, other in ipairs(redis.call('ZRANGE', key('rota'), 0, -1)) do
  if string.sub(other, 1, #list + 1) == list .. '/' then workers = workers + 1 end
end
return {workers, tonumber(redis.call('GET', key('turn')) or '0')}
