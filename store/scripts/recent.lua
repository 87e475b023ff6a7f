-- Stories written after a version of the window, oldest first. ARGV: since. Answers {version, json, json, ...}
local out = {redis.call('GET', key('version')) or '0'}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('recent'), '(' .. ARGV[1], '+inf')) do
  local json = redis.call('HGET', key('story', id), 'json')
  if json then out[#out + 1] = json end
end
return out
