-- A chat has another number now, and its messages are numbered anew from one. What was known of the old numbers would
-- lead a read-back behind all that stands there, and it would take the post for absent: it goes in the same step.
-- ARGV: target, the chat's number now
local target, chat = ARGV[1], ARGV[2]
-- Every worker that the old number refuses tells it; what was learnt since the first is of the new one.
if redis.call('GET', key('moved', target)) == chat then return end
redis.call('SET', key('moved', target), chat)
redis.call('DEL', key('last', target))
redis.call('HDEL', key('epoch'), 'base:' .. target)
local flying = redis.call('GET', key('flight', target))
if flying and redis.call('EXISTS', key('delivery', flying)) == 1 then
  redis.call('HSET', key('delivery', flying), 'base', 0)
end
for _, id in ipairs(redis.call('ZRANGE', key('uncertain'), 0, -1)) do
  local where = key('delivery', id)
  if redis.call('HGET', where, 'target') == target then
    redis.call('HSET', where, 'base', 0)
    -- A look that began among the old numbers must not answer any more.
    redis.call('HINCRBY', where, 'fence', 1)
  end
end
