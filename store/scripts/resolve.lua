-- What a read-back, or an editor, made of an uncertain delivery, under its fence.
-- ARGV: id, fence, state, why, message ids (JSON), url, seconds until it may be read back again, how many to keep
-- Answers 'ok' | 'lost'
local id, fence, state = ARGV[1], ARGV[2], ARGV[3]
local where = key('delivery', id)
local held = redis.call('HMGET', where, 'fence', 'state', 'target', 'rank')
if held[1] ~= fence or held[2] ~= 'uncertain' then return 'lost' end
local target, t, keep = held[3], now(), tonumber(ARGV[8])

redis.call('HSET', where, 'state', state, 'why', ARGV[4], 'ids', ARGV[5], 'url', ARGV[6], 'settled', t, 'due', t,
  'readable', t + tonumber(ARGV[7]))
if state == 'uncertain' then return 'ok' end
redis.call('ZREM', key('uncertain'), id)
-- A reader who looked before this and answers after it must find that the matter has moved on.
redis.call('HINCRBY', where, 'fence', 1)
if state == 'planned' then
  redis.call('ZADD', key('lane', target), tonumber(held[4]), id)
elseif state == 'sent' then
  note_sent(id, where, target, ARGV[5], ARGV[6], t, keep)
else
  redis.call('ZADD', key('failed'), t, id)
  redis.call('ZREMRANGEBYRANK', key('failed'), 0, -(keep + 1))
end
return 'ok'
