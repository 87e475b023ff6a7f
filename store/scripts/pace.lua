-- What must hold before a delivery may be claimed: the rates of its gates, the purse, and words that are said once.
-- newsroom/rate.py and newsroom/purse.py are the same arithmetic. Set before next.
-- Read from ARGV by whoever needs it: {family, alarm, shut (seconds both), kept, edit_every, gates: [{name, why, kept,
-- every, burst | most, seconds}], and for X prices, ceilings, said}
local terms

-- Seconds for which all channels of a bot must wait, as PTTL tells them: not above 0 when none do.
local function family_cool()
  return terms.family ~= '' and redis.call('PTTL', key('cool', terms.family)) or 0
end

-- GCRA keeps one number: when the next would be due if all had come evenly. A quota keeps the moments themselves.
local function gate_wait(gate, lane, t)
  local where, kept = key('rate', gate.name), lane == 'breaking' and 0 or gate.kept
  if gate.every then
    -- A clock that was set back must not shut the gate for hours: no further ahead than a whole burst.
    local ahead = math.min(tonumber(redis.call('GET', where) or '0') - t, gate.every * gate.burst)
    return ahead - gate.every * (gate.burst - 1 - kept)
  end
  local last = redis.call('LINDEX', where, gate.most - kept - 1)
  return last and math.min(tonumber(last) + gate.seconds - t, gate.seconds) or 0
end

local function pass(gate, t)
  local where = key('rate', gate.name)
  if gate.every then
    local ahead = math.min(tonumber(redis.call('GET', where) or '0'), t + gate.every * gate.burst)
    local due = math.max(t, ahead) + gate.every
    redis.call('SET', where, due, 'PX', math.ceil((due - t) * 1000) + 1000)
  else
    redis.call('LPUSH', where, t)
    redis.call('LTRIM', where, 0, gate.most - 1)
    redis.call('PEXPIRE', where, math.ceil(gate.seconds * 1000) + 1000)
  end
end

-- The delivery that says these words on X, or may: X takes the same text from several accounts for spam. The same
-- account is X's own business: it refuses a repetition itself.
local function speaker(words)
  local owner = redis.call('GET', key('words', words))
  local state = owner and redis.call('HGET', key('delivery', owner), 'state')
  if not owner or state == 'refused' or state == 'expired' then return nil end
  return owner
end

-- {why, what is told once of it ('' for nothing)}, or nothing when it may be paid.
local function refusal(where, target, lane, t)
  -- What an earlier attempt held is there only when that attempt was read back and found nowhere.
  give_back(where, terms.kept)
  local request, alt, words = price_of(where, terms.prices)
  -- What an editor takes back is taken back whatever it costs.
  if not words then return nil end
  local owner = speaker(words)
  if owner and owner:match('>([^#]*)') ~= target then return {'another account posts these very words', ''} end
  local day, month = periods(t)
  local most = terms.ceilings[lane]
  if most.month and spent(month) + request + alt > most.month then
    return {"over this month's budget", lane .. ':' .. month}
  end
  if most.day and spent(day) + request + alt > most.day then return {"over today's budget", lane .. ':' .. day} end
end

-- An answer to give instead of this delivery, or nothing when it may go. What cannot be paid is refused here.
local function held_up(id, where, target, t)
  local lane = redis.call('HGET', where, 'lane')
  local refused = terms.prices and refusal(where, target, lane, t)
  if refused then
    redis.call('HSET', where, 'state', 'refused', 'why', refused[1], 'settled', t)
    redis.call('ZREM', key('lane', target), id)
    redis.call('ZADD', key('failed'), t, id)
    local first = refused[2] ~= '' and redis.call('SET', key('told', refused[2]), id, 'NX', 'EX', terms.kept)
    return {'refused', refused[1], id, first and '1' or ''}
  end
  for _, gate in ipairs(terms.gates) do
    local wait = math.ceil(gate_wait(gate, lane, t) * 1000) / 1000
    if wait > 0 then return {'wait', tostring(wait), gate.why} end
  end
end

-- It goes: each gate counts it, its money is in the books, its words are its own.
local function let_through(id, where, t)
  for _, gate in ipairs(terms.gates) do pass(gate, t) end
  if not terms.prices then return end
  local request, alt, words = price_of(where, terms.prices)
  reserve(where, request, alt, t, terms.kept)
  if not words then return end
  if redis.call('HGET', where, 'errand') == 'repost' then redis.call('HSET', where, 'fee', terms.prices.delete) end
  redis.call('SET', key('words', words), speaker(words) or id, 'EX', terms.said)
end
