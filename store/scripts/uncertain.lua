-- Every uncertain delivery, oldest first; leases that ran out are noticed on the way. Answers a list of hashes.
-- ARGV: '1' for those alone that may be read back now: when that is, was written by this clock, and a worker's may be another.
local t, out = now(), {}
for _, target in ipairs(redis.call('SMEMBERS', key('targets'))) do flight_of(target, t) end
for _, id in ipairs(redis.call('ZRANGE', key('uncertain'), 0, -1)) do
  local where = key('delivery', id)
  local held = redis.call('HMGET', where, 'state', 'readable')
  if not held[1] then
    redis.call('ZREM', key('uncertain'), id)
  elseif ARGV[1] ~= '1' or tonumber(held[2] or '0') <= t then
    out[#out + 1] = redis.call('HGETALL', where)
  end
end
return out
