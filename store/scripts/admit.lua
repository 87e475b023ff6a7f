-- Seen-check, story, all its deliveries and all edits of those that went out in one step: a crash between "seen" and
-- "planned" would lose a story, or a correction, silently.
-- ARGV: version of the window they were judged by, requests (a JSON list, in order).
-- No version: they were admitted before, and the store may have lost that. What it knows stays as it is; what it does
-- not know may have gone out since, whatever its date. ARGV[3], ARGV[4]: a feed and what it has shown, to be remembered
-- where all were written; empty for none. ARGV[5]: the worker's epoch. Answers {{'epoch'}} where this is not the memory
-- that the worker knows; else for each:
-- {'moved'} | {'known', story, version, target, state, ...} | {'admitted', story, version, fields of a delivery, ...}

-- A story waits for the desk, in the same step in which it becomes known.
local function wait_for_desk(batch, story)
  local where, t = key('batch', batch.id), now()
  if redis.call('HEXISTS', where, 'closed') == 1 then return end
  if redis.call('HSETNX', where, 'since', t) == 1 then redis.call('ZADD', key('batches'), t, batch.id) end
  if not redis.call('ZSCORE', key('held', batch.id), story) then
    redis.call('ZADD', key('held', batch.id), redis.call('ZCARD', key('held', batch.id)), story)
    redis.call('HSET', where, 'cause', batch.cause, 'why', batch.why, 'feed', batch.feed, 'grown', t)
  end
  redis.call('EXPIRE', where, batch.kept)
  redis.call('EXPIRE', key('held', batch.id), batch.kept)
  redis.call('HSET', key('story', story), 'batch', cjson.encode(batch))
end

-- An ordinary post that still settles or waits for its hour, of a story that is breaking now: it goes at once.
local function hasten(id, where, post, due, ask, version)
  local held = redis.call('HMGET', where, 'state', 'lane', 'attempts')
  if held[1] ~= 'planned' or held[2] ~= 'ordinary' or held[3] ~= '0' then return false end
  redis.call('HSET', where, 'post', post.json, 'lane', ask.lane, 'due', due, 'expires', ask.expires,
    'rank', ask.rank + version)
  redis.call('ZADD', key('lane', post.target), ask.rank + version, id)
  return true
end

-- A story of before the store's last loss may have gone out then, all memory of it lost: it is read back first.
local function doubt_planned(id, where, target, ask, doubt)
  local t = now()
  redis.call('HSET', where, 'state', 'uncertain', 'why', 'the store moved, and may have lost that it was sent',
    'settled', t, 'readable', doubt.readable, 'doubted', 1, 'base', redis.call('HGET', key('epoch'), 'base:' .. target) or 0,
    'admitted', math.min(ask.admitted, ask.published or doubt.moved, doubt.moved))
  redis.call('ZREM', key('lane', target), id)
  redis.call('ZADD', key('uncertain'), t, id)
end

-- A delivery of which the store still tells, and which no list leads to any more: the list alone was lost.
local function is_astray(id, where, target)
  local state = redis.call('HGET', where, 'state')
  if state == 'planned' then return not redis.call('ZSCORE', key('lane', target), id) end
  if state == 'sending' then return redis.call('GET', key('flight', target)) ~= id end
  return state == 'uncertain' and not redis.call('ZSCORE', key('uncertain'), id)
end

local function lead_back(id, where, target, ask, doubt)
  local held = redis.call('HMGET', where, 'state', 'due', 'rank')
  if held[1] == 'planned' and tonumber(held[2]) > doubt.moved then
    redis.call('ZADD', key('lane', target), held[3], id)
  else
    -- Its sleeper cannot write a result over what a read-back finds.
    redis.call('HINCRBY', where, 'fence', doubt.gap)
    doubt_planned(id, where, target, ask, doubt)
  end
end

local function admit(ask, again)
  local version = tonumber(redis.call('GET', key('version')) or '0')
  local story = ask.same_as ~= '' and ask.same_as or nil
  for _, ident in ipairs(ask.idents) do
    local known = redis.call('GET', key('ident', ident))
    if known then story = known end
  end
  if story and redis.call('EXISTS', key('story', story)) == 0 then story = nil end
  local known = story ~= nil
  story = story or ask.story

  for _, ident in ipairs(ask.idents) do
    redis.call('SET', key('ident', ident), story, 'EX', ask.memory, 'NX')
  end

  if not known or ask.rewrite then
    redis.call('HSET', key('story', story), 'json', ask.json)
    if not known then
      redis.call('HSET', key('story', story), 'verdict', ask.verdict, 'reason', ask.reason, 'by', ask.by,
        'admitted', ask.admitted, 'relation', ask.relation, 'ground', ask.ground, 'of', ask.of, 'policies', ask.policies)
    end
    redis.call('EXPIRE', key('story', story), ask.memory)
    version = redis.call('INCR', key('version'))
    redis.call('ZADD', key('recent'), version, story)
    redis.call('ZREMRANGEBYRANK', key('recent'), 0, -(ask.window + 1))
  end
  for _, revision in ipairs(ask.revisions) do revise(story, revision, ask.terms) end
  if ask.batch and not (again and known) then wait_for_desk(ask.batch, story) end

  -- What a known story lacks may be added; never a second of what it has.
  local planned, doubt = {}, doubt_of(not again and ask.published or nil, now())
  local completes = ask.completes and (ask.by ~= '' or redis.call('HGET', key('story', story), 'verdict') ~= 'ignored')
  if not known or completes or (again and doubt) then
    for i, post in ipairs(ask.posts) do
      local id = story .. '>' .. post.target
      local where = key('delivery', id)
      local due = post.due > 0 and post.due or now()
      if again and doubt and is_astray(id, where, post.target) then
        lead_back(id, where, post.target, ask, doubt)
        planned[#planned + 1] = id
      elseif ask.lane == 'breaking' and hasten(id, where, post, due, ask, version) then
        planned[#planned + 1] = id
      elseif redis.call('EXISTS', where) == 0 then
        redis.call('HSET', where, 'id', id, 'story', story, 'target', post.target, 'post', post.json, 'lane', ask.lane,
          'state', 'planned', 'admitted', ask.admitted, 'due', due, 'expires', ask.expires, 'attempts', 0,
          'fence', 0, 'by', ask.by, 'settled', ask.admitted)
        redis.call('EXPIRE', where, ask.memory)
        redis.call('SADD', key('of', story), id)
        redis.call('EXPIRE', key('of', story), ask.memory)
        redis.call('SADD', key('targets'), post.target)
        if post.thread ~= '' then redis.call('HSET', where, 'thread', post.thread .. '>' .. post.target) end
        -- Breaking before ordinary, then in the order of admission.
        redis.call('HSET', where, 'rank', ask.rank + version)
        -- What was not due when the store moved was not sent before.
        if doubt and not (again and math.max(post.due, ask.admitted) > doubt.moved) then
          doubt_planned(id, where, post.target, ask, doubt)
        else
          redis.call('ZADD', key('lane', post.target), ask.rank + version, id)
        end
        planned[#planned + 1] = id
      end
    end
  end
  if known and #planned > 0 then
    redis.call('HSET', key('story', story), 'by', ask.by, 'verdict', ask.verdict, 'reason', ask.reason)
  end

  if (known and #planned == 0) then
    local out = {'known', story, version}
    for _, word in ipairs(states_of(story)) do out[#out + 1] = word end
    return out
  end
  local out = {'admitted', story, version}
  for _, id in ipairs(planned) do out[#out + 1] = redis.call('HGETALL', key('delivery', id)) end
  return out
end

if not is_known(ARGV[5], server_now()) then return {{'epoch'}} end
local expected, outcomes, again = tonumber(ARGV[1]), {}, ARGV[1] == ''
for i, ask in ipairs(cjson.decode(ARGV[2])) do
  -- Others admitted stories since the window was read, or one of ours was no news after all: what comes after was
  -- judged without knowing that, and is judged anew.
  local before = outcomes[i - 1] and outcomes[i - 1][1]
  if again then
    outcomes[i] = admit(ask, true)
  elseif before == 'moved' or tonumber(redis.call('GET', key('version')) or '0') ~= expected then
    outcomes[i] = {'moved'}
  else
    outcomes[i] = admit(ask)
    if ask.moves then expected = expected + 1 end
  end
end
local last = outcomes[#outcomes]
if ARGV[3] ~= '' and not (last and last[1] == 'moved') then redis.call('SET', key('feed', ARGV[3]), ARGV[4]) end
return outcomes
