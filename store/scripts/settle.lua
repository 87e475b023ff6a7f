-- What became of a delivery that was being sent, under its fence; and, in the same step, what stands next in its lane:
-- claimed where it is a post of one of these kinds, else shown.
-- ARGV: id, fence, state, why, post JSON ('' where it is as it was taken), message ids (JSON), url, seconds until due, seconds until it may be read
-- back, why the target is to be parked ('' as a rule), how many to keep, terms (JSON: pace.lua), errand, the worker's
-- epoch where what stands next is asked for, else '', worker, lease seconds, kinds (next.lua), '1' where the whole target waits until due
-- Answers {'ok' | 'shut' | 'lost', and what stands next as take shows it: never after 'lost'}
terms = cjson.decode(ARGV[12])

local function settled()
  local id, fence, state = ARGV[1], ARGV[2], ARGV[3]
  local where = key('delivery', id)
  local held = redis.call('HMGET', where, 'fence', 'state', 'target', 'errand', 'of')
  -- The answer to the first write may have been lost on the way: the same result again is no other result.
  if held[1] == fence and held[2] == state then return 'ok' end
  if held[1] ~= fence or held[2] ~= 'sending' then return 'lost' end
  local target, t, keep = held[3], now(), tonumber(ARGV[11])
  local wait = tonumber(ARGV[8])

  redis.call('HSET', where, 'state', state, 'why', ARGV[4], 'ids', ARGV[6], 'url', ARGV[7], 'due', t + wait, 'settled', t)
  if ARGV[5] ~= '' then redis.call('HSET', where, 'post', ARGV[5]) end
  if held[4] == 'repost' and ARGV[13] == 'post' then
    -- The old post is gone and its deletion paid; from here on this is a post like any other.
    redis.call('HSET', where, 'errand', 'post')
    redis.call('HSET', key('delivery', held[5]), 'state', 'removed')
    pay_fee(where)
  end
  if ARGV[10] ~= '' then redis.call('SET', key('parked', target), ARGV[10]) end
  if redis.call('GET', key('flight', target)) == id then redis.call('DEL', key('flight', target)) end

  local answer = 'ok'
  if state ~= 'sent' and state ~= 'uncertain' then give_back(where, terms.kept) end
  local asked_to_wait = ARGV[18] == '1' and wait > 0 and (state == 'planned' or state == 'expired')
  if asked_to_wait and cool_down(id, target, wait, terms) then answer = 'shut' end
  if state == 'planned' then return answer end
  redis.call('ZREM', key('lane', target), id)
  if state == 'sent' then
    redis.call('DEL', key('shut', target))
    note_sent(id, where, target, ARGV[6], ARGV[7], t, keep)
  elseif state == 'uncertain' then
    redis.call('HSET', where, 'readable', t + tonumber(ARGV[9]), 'doubted', 1)
    redis.call('ZADD', key('uncertain'), t, id)
  else
    redis.call('ZADD', key('failed'), t, id)
    redis.call('ZREMRANGEBYRANK', key('failed'), 0, -(keep + 1))
  end
  return answer
end

local answer = settled()
if answer == 'lost' or ARGV[14] == '' then return {answer} end
local target = redis.call('HGET', key('delivery', ARGV[1]), 'target')
return {answer, next_of(target, ARGV[15], tonumber(ARGV[16]), ARGV[14], ARGV[17])}
