local PAGE = 200

-- Words alone may go as they stand. Where replicas must have the claim first, it is a step of its own, and waits for them.
local function needs_nothing(where, kinds, seen)
  local errand = redis.call('HGET', where, 'errand') or 'post'
  local kind = cjson.decode(redis.call('HGET', where, 'post')).kind
  return errand == 'post' and seen.replicas == 0 and string.find(kinds, kind .. ' ', 1, true) ~= nil
end

-- The next due delivery of a target, claimed or only shown. Of a claim fence, lease and `sending` are committed before
-- the answer, so before any request. Set before take and settle.
-- lease: seconds. token: the worker's epoch. kinds: of posts, with a blank after each; none but these is claimed, all
-- else is shown. nil: whatever stands next is claimed. A change of a post that stands tells how it stands: stands_ids, stands_post.
-- Gives {'wait', seconds or '', why} | {'refused', why, id, '1' the first time} | {'expired', id, ...}
-- | {'delivery', field, value, ...} | {'epoch'}: this is not the memory that the worker knows; nothing was done.
local function next_of(target, worker, lease, token, kinds)
  local t, seen = now(), server_now()
  if not is_known(token, seen) then return {'epoch'} end

  local pausing = redis.call('GET', key('paused'))
  if pausing or redis.call('HEXISTS', key('stopped'), target) == 1 then return {'wait', '', 'paused'} end

  local left = flight_of(target, t)
  if left then return {'wait', tostring(left), 'in flight'} end

  local parked = redis.call('GET', key('parked', target))
  if parked then return {'wait', '', 'parked: ' .. parked} end

  local cool = math.max(redis.call('PTTL', key('cool', target)), family_cool())
  if cool > 0 then return {'wait', tostring(cool / 1000), 'the platform asked us to wait'} end

  local soonest, expired = nil, {}
  -- While the desk holds, what an editor wants goes past all that waits.
  local holding = redis.call('EXISTS', key('holding')) == 1
  -- Most lanes show what stands next within a page; posts that wait for their hour may fill more than one.
  for _, last in ipairs(holding and {-1} or {PAGE - 1, -1}) do
    local ids = redis.call('ZRANGE', key('lane', target), 0, last)
    for _, id in ipairs(ids) do
      local where = key('delivery', id)
      local d = redis.call('HMGET', where, 'due', 'expires', 'by', 'state')
      if not d[1] then
        redis.call('ZREM', key('lane', target), id)
      elseif d[4] == 'sending' then
        -- What came to its end is told before anything else, here as below.
        if #expired > 0 then break end
        -- It was claimed, and a server that made room dropped what says so: it holds its lane until its lease is over.
        redis.call('SET', key('flight', target), id)
        local held = flight_of(target, t)
        if held then return {'wait', tostring(held), 'in flight'} end
      elseif d[4] ~= 'planned' then
        -- A change that stood before it has ended it.
      elseif tonumber(d[2]) < t then
        redis.call('HSET', where, 'state', 'expired', 'why', 'it was no longer news when its turn came', 'settled', t)
        redis.call('ZREM', key('lane', target), id)
        redis.call('ZADD', key('failed'), t, id)
        expired[#expired + 1] = id
      elseif holding and (d[3] or '') == '' then
        -- It waits, however long, until the desk lets go.
      elseif tonumber(d[1]) > t then
        local ahead = tonumber(d[1]) - t
        if not soonest or ahead < soonest then soonest = ahead end
      else
        local ground = ground_of(id, where, target, t, expired)
        if type(ground) == 'number' then
          if ground < math.huge and (not soonest or ground < soonest) then soonest = ground end
        elseif ground then
          -- What came to its end is told before anything else is begun.
          if #expired > 0 then break end
          local held_up_by = held_up(id, where, target, t)
          if held_up_by then return held_up_by end
          if not kinds or needs_nothing(where, kinds, seen) then
            let_through(id, where, t)
            local base = redis.call('GET', key('last', target)) or '0'
            redis.call('HINCRBY', where, 'fence', 1)
            redis.call('HINCRBY', where, 'attempts', 1)
            redis.call('HSET', where, 'state', 'sending', 'worker', worker, 'lease', t + lease, 'base', base, 'settled', t)
            redis.call('SET', key('flight', target), id)
            note_claim(lease)
            if ground[1] and not ground[3] then space_out(where, t + terms.edit_every) end
          end
          local out = redis.call('HGETALL', where)
          table.insert(out, 1, 'delivery')
          if ground[1] then
            for _, word in ipairs({'stands_ids', ground[1], 'stands_post', ground[2], 'stands_newest', ground[4]}) do
              out[#out + 1] = word
            end
          end
          local thread = redis.call('HGET', where, 'thread')
          local root = thread and redis.call('HMGET', key('delivery', thread), 'state', 'ids') or {}
          if root[1] == 'sent' and root[2] then out[#out + 1] = 'reply_ids'; out[#out + 1] = root[2] end
          for _, word in ipairs({'replicas', seen.replicas, 'claims', redis.call('HGET', key('epoch'), 'claims')}) do out[#out + 1] = word end
          return out
        end
      end
    end
    if #expired > 0 or #ids < PAGE then break end
  end
  if #expired > 0 then return {'expired', unpack(expired)} end
  if soonest then return {'wait', tostring(soonest), 'not due yet'} end
  return {'wait', '', 'empty'}
end
