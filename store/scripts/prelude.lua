-- Set before every script. KEYS[1] is the root; names are built here as store/keys.py builds them.
local root = KEYS[1]
local function key(kind, name)
  if name then return root .. ':' .. kind .. ':' .. name end
  return root .. ':' .. kind
end
-- The store's own clock: leases must not hang on a worker's.
local function now()
  local t = redis.call('TIME')
  return tonumber(t[1]) + tonumber(t[2]) / 1000000
end
-- Seconds that the delivery in flight for a target still has; nil when there is none. One whose lease ran out becomes
-- uncertain here: whoever sent it is gone or asleep, it may stand there, and it is never sent again blindly. The
-- fence moves on, so that a sleeper that wakes cannot write its result over what a read-back finds.
local function flight_of(target, t)
  local flying = redis.call('GET', key('flight', target))
  if not flying then return nil end
  local where = key('delivery', flying)
  local ends = tonumber(redis.call('HGET', where, 'lease') or '0')
  if ends > t then return ends - t end
  local held = redis.call('HMGET', where, 'state', 'errand')
  if held[1] == 'sending' and held[2] and held[2] ~= 'post' then
    -- A change made twice comes to the same, so it keeps its place and is made again.
    redis.call('HINCRBY', where, 'fence', 1)
    redis.call('HSET', where, 'state', 'planned', 'settled', t, 'due', t)
  elseif held[1] == 'sending' then
    redis.call('HINCRBY', where, 'fence', 1)
    -- The lease outlasts deadline, request and the platform's own tail, so it may be read back at once.
    redis.call('HSET', where, 'state', 'uncertain', 'why', 'the worker that was sending it did not report back',
      'settled', t, 'readable', t, 'doubted', 1)
    redis.call('ZADD', key('uncertain'), t, flying)
    redis.call('ZREM', key('lane', target), flying)
  end
  redis.call('DEL', key('flight', target))
  return nil
end
-- The highest message id of a target, where a read-back starts. X's ids are beyond 2^53 and order by time anyway.
local function learn_last(target, ids)
  local last = tonumber(redis.call('GET', key('last', target)) or '0')
  for _, message in ipairs(cjson.decode(ids)) do
    local number = tonumber(message)
    if number and number > last and number < 9007199254740992 then last = number end
  end
  redis.call('SET', key('last', target), string.format('%.0f', last))
end
-- Whether a post's address is of an earlier one than another's, by the number at its end; X's are beyond 2^53.
local function is_earlier(url, other)
  local one, two = string.match(url, '(%d+)$') or '', string.match(other, '(%d+)$') or ''
  return #one < #two or (#one == #two and one < two)
end
-- The button to this newest post of a thread, under its first one, where that stands: a change of its own.
local function hang_button(where, target, url, t)
  local root = redis.call('HGET', where, 'thread')
  if not root or url == '' then return end
  local first = key('delivery', root)
  local post = redis.call('HMGET', first, 'state', 'lane', 'story', 'post', 'settled', 'newest')
  local editable = 48 * 3600
  if post[1] ~= 'sent' or t - tonumber(post[5]) > editable then return end
  -- One that was found by a read-back: the newer one has its button, which may be under way.
  if post[6] and is_earlier(url, post[6]) then return end
  redis.call('HSET', first, 'newest', url)
  local id, rank = root .. '#thread', 2 * 10 ^ 12
  local change = key('delivery', id)
  redis.call('HSET', change, 'id', id, 'story', post[3], 'target', target, 'post', post[4], 'lane', post[2], 'state',
    'planned', 'admitted', t, 'due', t, 'expires', tonumber(post[5]) + editable, 'attempts', 0, 'by', '', 'settled', t,
    'errand', 'thread', 'of', root, 'rank', rank)
  redis.call('HSETNX', change, 'fence', 0)
  redis.call('EXPIRE', change, redis.call('TTL', first))
  redis.call('SADD', key('of', post[3]), id)
  redis.call('ZADD', key('lane', target), rank, id)
end
-- Something stands where it was sent: note its ids, and, after a change, in the record of the post itself.
local function note_sent(id, where, target, ids, url, t, keep)
  local change = redis.call('HMGET', where, 'of', 'errand', 'post')
  -- A change names a number that was learnt when the post went out, or one of a chat that has moved since.
  if not change[1] or change[2] == 'post' then learn_last(target, ids) end
  if not change[1] then
    redis.call('ZADD', key('sent'), t, id)
    redis.call('ZREMRANGEBYRANK', key('sent'), 0, -(keep + 1))
    hang_button(where, target, url, t)
    return
  end
  local post = key('delivery', change[1])
  if change[2] == 'delete' then
    redis.call('HSET', post, 'state', 'removed')
    return
  end
  redis.call('HSET', post, 'state', 'sent', 'post', change[3])
  if ids ~= '[]' then redis.call('HSET', post, 'ids', ids) end
  if url ~= '' then redis.call('HSET', post, 'url', url) end
  if change[2] == 'post' then redis.call('HSET', post, 'settled', t) end
end
local function states_of(story)
  local out = {}
  for _, id in ipairs(redis.call('SMEMBERS', key('of', story))) do
    local d = redis.call('HMGET', key('delivery', id), 'target', 'state', 'of')
    if d[1] and not d[3] then out[#out + 1] = d[1]; out[#out + 1] = d[2] end
  end
  return out
end
