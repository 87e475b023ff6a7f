-- Every batch that waits for the desk, oldest first, with its stories, as they stand together at one moment: one that is
-- closed meanwhile is there whole, or not at all. Answers a list of {batch, cause, why, feed, since, grown, {story, ...}}
local out = {}
for _, id in ipairs(redis.call('ZRANGE', key('batches'), 0, -1)) do
  local batch = redis.call('HMGET', key('batch', id), 'cause', 'why', 'feed', 'since', 'grown')
  local stories = redis.call('ZRANGE', key('held', id), 0, -1)
  if batch[1] and #stories > 0 then
    out[#out + 1] = {id, batch[1], batch[2], batch[3], batch[4], batch[5], stories}
  else
    redis.call('ZREM', key('batches'), id)
  end
end
return out
