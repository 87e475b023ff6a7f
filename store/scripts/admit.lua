-- Seen-check, story, all its deliveries and all edits of those that went out in one step: a crash between "seen" and
-- "planned" would lose a story, or a correction, silently.
-- ARGV: version of the window they were judged by, requests (a JSON list, in order).
-- Answers for each: {'moved'} | {'known', story, version, target, state, ...} | {'admitted', story, version, delivery, ...}
local function admit(ask)
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
      redis.call('HSET', key('story', story), 'verdict', ask.verdict, 'reason', ask.reason, 'by', ask.by, 'admitted', ask.admitted)
    end
    redis.call('EXPIRE', key('story', story), ask.memory)
    version = redis.call('INCR', key('version'))
    redis.call('ZADD', key('recent'), version, story)
    redis.call('ZREMRANGEBYRANK', key('recent'), 0, -(ask.window + 1))
  end
  for _, revision in ipairs(ask.revisions) do revise(story, revision, ask.terms) end

  -- What a known story lacks may be added; never a second of what it has.
  local planned = {}
  local completes = ask.completes and (ask.by ~= '' or redis.call('HGET', key('story', story), 'verdict') ~= 'ignored')
  if not known or completes then
    for i, post in ipairs(ask.posts) do
      local id = story .. '>' .. post.target
      local where = key('delivery', id)
      if redis.call('EXISTS', where) == 0 then
        redis.call('HSET', where, 'id', id, 'story', story, 'target', post.target, 'post', post.json, 'lane', ask.lane,
          'state', 'planned', 'admitted', ask.admitted, 'due', ask.admitted, 'expires', ask.expires, 'attempts', 0,
          'fence', 0, 'by', ask.by, 'settled', ask.admitted)
        redis.call('EXPIRE', where, ask.memory)
        redis.call('SADD', key('of', story), id)
        redis.call('EXPIRE', key('of', story), ask.memory)
        redis.call('SADD', key('targets'), post.target)
        -- Breaking before ordinary, then in the order of admission.
        redis.call('HSET', where, 'rank', ask.rank + version)
        redis.call('ZADD', key('lane', post.target), ask.rank + version, id)
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
  for _, id in ipairs(planned) do out[#out + 1] = id end
  return out
end

local expected, outcomes = tonumber(ARGV[1]), {}
for i, ask in ipairs(cjson.decode(ARGV[2])) do
  -- Others admitted stories since the window was read, or one of ours was no news after all: what comes after was
  -- judged without knowing that, and is judged anew.
  if outcomes[i - 1] and outcomes[i - 1][1] == 'moved' or tonumber(redis.call('GET', key('version')) or '0') ~= expected then
    outcomes[i] = {'moved'}
  else
    outcomes[i] = admit(ask)
    if ask.moves then expected = expected + 1 end
  end
end
return outcomes
