-- Changes of posts that stand: planning them, and what must hold before one is taken. Set before admit, revise, take.
-- A change is a delivery `story>target#n` whose field `of` names the post. The post's own record says what stands: its
-- words, its ids, the number of its last change (`changes`), and from when the next edit may go (`edit_due`).

local function give_up(id, where, target, state, why, t)
  redis.call('HSET', where, 'state', state, 'why', why, 'settled', t)
  redis.call('ZREM', key('lane', target), id)
  redis.call('ZADD', key('failed'), t, id)
end

-- New words for a post that was not sent: the same delivery brings them. Or it is taken back.
local function revise_planned(id, where, revision, words, t)
  if revision.errand == 'delete' then
    give_up(id, where, revision.target, 'refused', 'an editor took it back', t)
  else
    redis.call('HSET', where, 'post', words)
    -- An editor's words are the editor's: a hold lets them pass, and the site does not change them.
    if revision.by ~= '' then redis.call('HSET', where, 'by', revision.by, 'withdrawn', 1) end
    if revision.due then
      -- What an editor decided goes before what still waits for a decision; 0 is at once.
      redis.call('HSET', where, 'due', revision.due > 0 and revision.due or t, 'rank', 0)
      redis.call('ZADD', key('lane', revision.target), 0, id)
    end
  end
end

local function plan_change(first, where, number, revision, words, terms, t)
  local post = redis.call('HMGET', where, 'lane', 'state', 'settled', 'story')
  local id = first .. '#' .. number
  local change = key('delivery', id)
  local sent = post[2] == 'sent' and tonumber(post[3]) or t
  -- What an editor wants of a post goes before all news.
  local rank = revision.by == '' and terms.ranks[post[1]] + tonumber(redis.call('GET', key('version')) or '0') or 0
  redis.call('HSET', change, 'id', id, 'story', post[4], 'target', revision.target, 'post', words, 'lane', post[1],
    'state', 'planned', 'admitted', t, 'due', t, 'expires', sent + revision.within, 'attempts', 0, 'fence', 0,
    'by', revision.by, 'settled', t, 'errand', revision.errand, 'of', first, 'rank', rank)
  redis.call('EXPIRE', change, terms.memory)
  redis.call('SADD', key('of', post[4]), id)
  redis.call('ZADD', key('lane', revision.target), rank, id)
  redis.call('HSET', where, 'changes', number)
  if revision.by ~= '' then redis.call('HSET', where, 'withdrawn', 1) end
end

-- A picture that came too late for its post: once a post, and only onto one that stands. No correction: it is not
-- counted, and corrections that wait are not touched.
local function plan_picture(first, where, revision, terms, t)
  local post = redis.call('HMGET', where, 'lane', 'state', 'settled', 'story', 'withdrawn')
  local id = first .. '#picture'
  local change = key('delivery', id)
  if post[2] ~= 'sent' or post[5] or t - tonumber(post[3]) > revision.within then return end
  if redis.call('EXISTS', change) == 1 then return end
  -- Behind all news: who reads the words has what matters.
  local rank = 2 * terms.ranks.ordinary + tonumber(redis.call('GET', key('version')) or '0')
  redis.call('HSET', change, 'id', id, 'story', post[4], 'target', revision.target, 'post', revision[post[1]], 'lane',
    post[1], 'state', 'planned', 'admitted', t, 'due', t, 'expires', tonumber(post[3]) + revision.within, 'attempts', 0,
    'fence', 0, 'by', '', 'settled', t, 'errand', 'picture', 'of', first, 'rank', rank)
  redis.call('EXPIRE', change, terms.memory)
  redis.call('SADD', key('of', post[4]), id)
  redis.call('ZADD', key('lane', revision.target), rank, id)
end

local function is_on_its_way(state) return state == 'planned' or state == 'sending' or state == 'uncertain' end

-- What brings a post that is not known to stand, and how that is: its own delivery, or a repost of which the first step
-- is done.
local function bearer_of(first, state, changes)
  for number = tonumber(changes or '0'), 1, -1 do
    local anew = first .. '#' .. number
    local step = redis.call('HMGET', key('delivery', anew), 'state', 'errand')
    if step[2] == 'post' and is_on_its_way(step[1]) then return anew, step[1] end
  end
  return first, state
end

local function revise(story, revision, terms)
  local first, t = story .. '>' .. revision.target, now()
  local where = key('delivery', first)
  if revision.errand == 'picture' then return plan_picture(first, where, revision, terms, t) end
  local post = redis.call('HMGET', where, 'state', 'lane', 'changes', 'settled', 'withdrawn')
  -- What an editor withdrew, the site does not bring back.
  if not post[1] or (post[5] and revision.by == '') then return end
  local words, changes = revision[post[2]], tonumber(post[3] or '0')
  if post[1] == 'planned' then return revise_planned(first, where, revision, words, t) end

  local last = first .. '#' .. changes
  local waiting = redis.call('HMGET', key('delivery', last), 'state', 'errand')
  if waiting[1] == 'planned' and waiting[2] == 'post' then
    -- The old post is deleted, the new one not sent yet.
    return revise_planned(last, key('delivery', last), revision, words, t)
  end
  if waiting[1] == 'planned' and revision.by == '' then
    redis.call('HSET', key('delivery', last), 'post', words)
    return
  end
  local _, state = bearer_of(first, post[1], changes)
  if state ~= 'sent' and not is_on_its_way(state) and waiting[1] ~= 'sending' then return end
  if revision.by == '' then
    if post[1] == 'sent' and t - tonumber(post[4]) > revision.within then return end
    if changes >= terms.most then
      redis.call('HSET', where, 'why', terms.worn)
      return
    end
  end
  plan_change(first, where, changes + 1, revision, words, terms, t)
end

local function space_out(where, due)
  redis.call('HSET', key('delivery', redis.call('HGET', where, 'of')), 'edit_due', due)
end

-- An editor decided while the post was under way, and it came to nothing: it does not go out as it was. `gone` learns
-- of a post that ends here.
local function overtake(id, where, change, bearer, target, t, gone)
  if change[2] == 'delete' then
    give_up(bearer, key('delivery', bearer), target, 'refused', 'an editor took it back', t)
    gone[#gone + 1] = bearer
    return give_up(id, where, target, 'expired', 'the post does not stand any more', t)
  end
  redis.call('HSET', key('delivery', bearer), 'post', redis.call('HGET', where, 'post'), 'by', change[3])
  give_up(id, where, target, 'expired', 'the post itself goes out with these words', t)
end

-- What a delivery finds at its target: {} for a post, {ids, words} for a change that may go now, a number of seconds
-- for one that must wait, nil for one that is given up here.
local function ground_of(id, where, target, t, gone)
  local change = redis.call('HMGET', where, 'of', 'errand', 'by')
  if not change[1] or change[2] == 'post' then return {} end
  local post = redis.call('HMGET', key('delivery', change[1]), 'state', 'ids', 'post', 'edit_due', 'changes',
    'newest')
  local late = change[2] == 'picture' or change[2] == 'thread'
  local bearer, state = bearer_of(change[1], post[1], not late and post[5])
  if not is_on_its_way(state) and state ~= 'sent' then
    return give_up(id, where, target, 'expired', 'the post does not stand any more', t)
  end
  if not late and id ~= change[1] .. '#' .. post[5] then
    return give_up(id, where, target, 'expired', 'a newer change took its place', t)
  end
  if state == 'planned' and not late and change[3] ~= '' then
    return overtake(id, where, change, bearer, target, t, gone)
  end
  -- Never before the post itself; whoever settles that wakes the lane.
  if state ~= 'sent' then return math.huge end
  local wait = not late and change[3] == '' and tonumber(post[4] or '0') - t or 0
  return wait > 0 and wait or {post[2] or '[]', post[3], late, post[6] or ''}
end
