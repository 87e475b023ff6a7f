-- Every uncertain delivery, oldest first; leases that ran out are noticed on the way. Answers a list of hashes.
local t, out = now(), {}
for _, target in ipairs(redis.call('SMEMBERS', key('targets'))) do flight_of(target, t) end
for _, id in ipairs(redis.call('ZRANGE', key('uncertain'), 0, -1)) do
  local found = redis.call('HGETALL', key('delivery', id))
  if #found > 0 then out[#out + 1] = found else redis.call('ZREM', key('uncertain'), id) end
end
return out
