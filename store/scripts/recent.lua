-- Stories written after a version of the window, oldest first. ARGV: since. Answers {version, when all before was forgotten
-- ('' for never), json, json, ...}
local epoch = redis.call('HMGET', key('epoch'), 'forgot', 'born')
local out = {redis.call('GET', key('version')) or '0', epoch[1] == '1' and epoch[2] or ''}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('recent'), '(' .. ARGV[1], '+inf')) do
  local json = redis.call('HGET', key('story', id), 'json')
  if json then out[#out + 1] = json end
end
return out
