-- A platform asked for patience. Set before settle.

-- It asks the whole lane: order is kept, and nobody knocks in vain. The same wait on two channels of one bot within a
-- second is the bot's own (facts: platforms, section 6), so all its channels wait. True when a target that was open
-- is shut by a wait long enough to raise an alarm; it stays shut until a post stands there again.
local function cool_down(id, target, wait, terms)
  local family, ms = terms.family, math.ceil(wait * 1000)
  redis.call('SET', key('cool', target), id, 'PX', ms)
  if family ~= '' then
    local where = key('flood', family)
    local other = redis.call('HMGET', where, 'target', 'wait')
    if other[1] and other[1] ~= target and math.abs(tonumber(other[2]) - wait) <= 1 then
      redis.call('SET', key('cool', family), id, 'PX', ms)
    end
    redis.call('HSET', where, 'target', target, 'wait', wait)
    redis.call('EXPIRE', where, 1)
  end
  return wait >= terms.alarm and redis.call('SET', key('shut', target), id, 'NX', 'EX', terms.shut)
end
