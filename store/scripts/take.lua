-- The next due delivery of a target. With a worker named it is claimed: fence, lease and `sending` are committed
-- before the answer, so before any request. Without one it is only shown.
-- ARGV: target, worker ('' to peek), lease seconds, the terms on which it may go (pace.lua). A change of a post that
-- stands tells how it stands: stands_ids, stands_post.
-- Answers {'wait', seconds or '', why} | {'refused', why, id, '1' the first time} | {'delivery', field, value, ...}
local target, worker, lease = ARGV[1], ARGV[2], tonumber(ARGV[3])
local t = now()

local pausing = redis.call('GET', key('paused'))
if pausing then return {'wait', '', 'paused'} end

local left = flight_of(target, t)
if left then return {'wait', tostring(left), 'in flight'} end

local parked = redis.call('GET', key('parked', target))
if parked then return {'wait', '', 'parked: ' .. parked} end

local cool = math.max(redis.call('PTTL', key('cool', target)), family_cool())
if cool > 0 then return {'wait', tostring(cool / 1000), 'the platform asked us to wait'} end

local soonest = nil
for _, id in ipairs(redis.call('ZRANGE', key('lane', target), 0, 49)) do
  local where = key('delivery', id)
  local d = redis.call('HMGET', where, 'due', 'expires')
  if not d[1] then
    redis.call('ZREM', key('lane', target), id)
  elseif tonumber(d[2]) < t then
    redis.call('HSET', where, 'state', 'expired', 'why', 'it was no longer news when its turn came', 'settled', t)
    redis.call('ZREM', key('lane', target), id)
    redis.call('ZADD', key('failed'), t, id)
  elseif tonumber(d[1]) > t then
    local ahead = tonumber(d[1]) - t
    if not soonest or ahead < soonest then soonest = ahead end
  else
    local ground = ground_of(id, where, target, t)
    if type(ground) == 'number' then
      if ground < math.huge and (not soonest or ground < soonest) then soonest = ground end
    elseif ground then
      local held_up_by = held_up(id, where, target, t)
      if held_up_by then return held_up_by end
      if worker ~= '' then
        let_through(id, where, t)
        local base = redis.call('GET', key('last', target)) or '0'
        redis.call('HINCRBY', where, 'fence', 1)
        redis.call('HINCRBY', where, 'attempts', 1)
        redis.call('HSET', where, 'state', 'sending', 'worker', worker, 'lease', t + lease, 'base', base, 'settled', t)
        redis.call('SET', key('flight', target), id)
        if ground[1] then space_out(where, t + terms.edit_every) end
      end
      local out = redis.call('HGETALL', where)
      table.insert(out, 1, 'delivery')
      if ground[1] then
        for _, word in ipairs({'stands_ids', ground[1], 'stands_post', ground[2]}) do out[#out + 1] = word end
      end
      return out
    end
  end
end
if soonest then return {'wait', tostring(soonest), 'not due yet'} end
return {'wait', '', 'empty'}
