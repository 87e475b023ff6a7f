-- The epoch: which server's memory is trusted, and since when. INFO may be asked inside a script (3 us, measured), so a
-- look at the server and the step that hangs on it are one: no connection, proxy or failover comes between them.
-- A server that evicts keys has lost some of it, though it is the same server: INFO counts them.
-- Set before verify, admit, take and settle.
local NOBODY = string.rep('0', 40)
local function server_now()
  local about, others = redis.call('INFO', 'server'), redis.call('INFO', 'replication')
  local counted = redis.call('INFO', 'stats')
  return {
    run = string.match(about, 'run_id:(%w+)') or '',
    replid = string.match(others, 'master_replid:(%w+)') or '',
    former = string.match(others, 'master_replid2:(%w+)') or NOBODY,
    replicas = tonumber(string.match(others, 'connected_slaves:(%d+)') or '0'),
    evicted = string.match(counted, 'evicted_keys:(%d+)') or '0',
  }
end

-- A server that never followed another may change its replication id: when its first replica comes, and an hour after
-- the last one went (measured on Redis 7.0 and Valkey 9.1). Nothing is lost by that.
local function is_same_server(run, replid, seen)
  return run == seen.run and (replid == seen.replid or seen.former == NOBODY)
end

-- Whether the worker's epoch is this store's, and this server the one that it was verified on.
local function is_known(token, seen)
  local kept = redis.call('HMGET', key('epoch'), 'id', 'moves', 'server', 'replid', 'alone', 'evicted')
  if not kept[1] or kept[1] .. ':' .. kept[2] ~= token or kept[6] ~= seen.evicted then return false end
  if seen.replicas > 0 and kept[5] == '1' then redis.call('HSET', key('epoch'), 'alone', 0) end
  return is_same_server(kept[3], kept[4], seen)
end

-- Counted, so that a worker can tell a memory that was put back to an earlier day.
local function note_claim(lease)
  redis.call('HINCRBY', key('epoch'), 'claims', 1)
  local longest = redis.call('HGET', key('epoch'), 'lease')
  if not longest or tonumber(longest) < lease then redis.call('HSET', key('epoch'), 'lease', lease) end
end

-- The epoch when a story may have gone out in one that the store lost; nil when it cannot. published: unix seconds, or
-- nil. A date after the loss is the site's word that there was nothing to send then; one in the future is no word.
local function doubt_of(published, t)
  local kept = redis.call('HMGET', key('epoch'), 'moved', 'quiet', 'within', 'skew', 'gap')
  if not kept[1] then return nil end
  local moved, skew = tonumber(kept[1]), tonumber(kept[4])
  if t - moved > tonumber(kept[3]) then return nil end
  if published and published > moved + skew and published < t + skew then return nil end
  return {moved = moved, readable = math.max(t, moved + tonumber(kept[2])), gap = tonumber(kept[5] or '1000')}
end
