-- Is this the memory that was trusted? Another server, or a memory without its epoch, is looked at here, once for all
-- workers. What may have gone out without the store's knowing becomes uncertain, and is read back before anything is
-- sent; where all is gone, what stands in the feeds is no news.
-- ARGV: the worker's token ('' for none), a fresh id, '1' when every write is on the disk before its answer, how many
-- claims the worker knows of, terms (JSON: lease, within, skew, gap, leap)
-- Answers {what, token, replicas, doubted, claims, unix seconds}; what: same | first | restarted | moved | evicted | adopted
-- | forgot
local token, fresh, synced, claims, terms = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), cjson.decode(ARGV[5])
local t, seen, where = now(), server_now(), key('epoch')

local function begin(forgot)
  redis.call('HSET', where, 'id', fresh, 'moves', 0, 'born', t, 'forgot', forgot, 'claims', 0)
  -- No window that was read before is taken for this store's.
  if forgot == 1 then redis.call('SET', key('version'), math.floor(t)) end
end

local function stand_on()
  redis.call('HSET', where, 'server', seen.run, 'replid', seen.replid, 'alone', seen.replicas == 0 and 1 or 0, 'synced',
    synced, 'evicted', seen.evicted)
end

-- Fences leap, so that a result from the lost time never has the number of a claim made after it.
local function doubt(id, target, readable)
  local delivery = key('delivery', id)
  local held = redis.call('HMGET', delivery, 'state', 'errand', 'lease', 'readable', 'due')
  if held[1] == 'sending' then
    -- Its worker may still write its result; but what came after it may be lost, and be under way.
    redis.call('HSET', delivery, 'lease', math.max(tonumber(held[3]), readable))
  elseif held[1] == 'uncertain' then
    redis.call('HINCRBY', delivery, 'fence', terms.gap)
    redis.call('HSET', delivery, 'readable', math.max(tonumber(held[4] or '0'), readable))
  elseif held[1] == 'planned' and tonumber(held[5]) <= t and (not held[2] or held[2] == 'post' or held[2] == 'repost') then
    -- What is not due yet was not due then; a change made twice comes to the same.
    redis.call('HINCRBY', delivery, 'fence', terms.gap)
    redis.call('HSET', delivery, 'state', 'uncertain', 'why', 'the store moved, and may have lost that it was sent',
      'settled', t, 'readable', readable, 'doubted', 1, 'base', redis.call('HGET', where, 'base:' .. target) or 0)
    redis.call('ZREM', key('lane', target), id)
    redis.call('ZADD', key('uncertain'), t, id)
    return 1
  end
  return 0
end

local function move()
  -- A claim of the lost time may be under way until its lease is over.
  local quiet = tonumber(redis.call('HGET', where, 'lease') or terms.lease)
  local before, doubted = tonumber(redis.call('HGET', where, 'moved') or '-inf'), 0
  for _, target in ipairs(redis.call('SMEMBERS', key('targets'))) do
    -- After two losses in a row it is read back from the first one on.
    if t - before > terms.within then redis.call('HDEL', where, 'base:' .. target) end
    redis.call('HSETNX', where, 'base:' .. target, redis.call('GET', key('last', target)) or 0)
    for _, id in ipairs(redis.call('ZRANGE', key('lane', target), 0, -1)) do doubted = doubted + doubt(id, target, t + quiet) end
  end
  for _, id in ipairs(redis.call('ZRANGE', key('uncertain'), 0, -1)) do doubt(id, '', t + quiet) end
  redis.call('HSET', where, 'moved', t, 'quiet', quiet, 'within', terms.within, 'skew', terms.skew, 'gap', terms.gap)
  redis.call('HINCRBY', where, 'moves', 1)
  redis.call('INCRBY', key('version'), terms.leap)
  return doubted
end

local kept = redis.call('HMGET', where, 'id', 'server', 'replid', 'alone', 'synced', 'claims', 'forgot', 'evicted')
local what, doubted = 'same', 0
if not kept[1] then
  local was_used = redis.call('EXISTS', key('version')) == 1
  what = token ~= '' and 'forgot' or was_used and 'adopted' or 'first'
  begin(what == 'forgot' and 1 or 0)
  -- An archive that was laid in here, or the state of an Ajil that knew no epochs: as old as it may be. Or a server made
  -- room, and dropped its epoch and who knows what with it.
  if was_used then doubted = move() end
elseif token ~= '' and string.match(token, '^[^:]*') ~= kept[1] and kept[7] ~= '1' then
  -- A worker that had just started found it empty, and could not know that anything had been there.
  redis.call('HSET', where, 'forgot', 1)
  redis.call('INCRBY', key('version'), terms.leap)
  what = 'forgot'
elseif not is_same_server(kept[2], kept[3], seen) then
  local is_restart = kept[4] == '1' and kept[5] == '1' and synced == '1' and seen.former == NOBODY
    and tonumber(kept[6]) >= claims and kept[2] ~= seen.run
  what = is_restart and 'restarted' or 'moved'
  if what == 'moved' then doubted = move() end
elseif kept[8] and kept[8] ~= seen.evicted then
  -- Any key may be among them: no other loss is so wide, and it is mended as a failover's is.
  what, doubted = 'evicted', move()
end
stand_on()
local known = redis.call('HMGET', where, 'id', 'moves', 'claims')
return {what, known[1] .. ':' .. known[2], seen.replicas, doubted, tonumber(known[3]), tostring(t)}
