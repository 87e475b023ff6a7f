-- How many deliveries of each target are planned, sending and uncertain, as they stand together at one moment.
-- Answers a list of {target, planned, sending, uncertain}
local doubts = {}
for _, id in ipairs(redis.call('ZRANGE', key('uncertain'), 0, -1)) do
  local target = redis.call('HGET', key('delivery', id), 'target')
  if target then doubts[target] = (doubts[target] or 0) + 1 end
end
local out = {}
for _, target in ipairs(redis.call('SMEMBERS', key('targets'))) do
  local sending = redis.call('EXISTS', key('flight', target))
  out[#out + 1] = {target, redis.call('ZCARD', key('lane', target)) - sending, sending, doubts[target] or 0}
end
return out
