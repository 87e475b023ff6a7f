-- Feeds that nobody holds become this seat's; what falls due soon is counted as polled in the same step.
-- ARGV: seat, how many at most, seconds ahead that are soon, seconds for which a poll is counted, feeds
-- Answers {feed, seconds until it falls due ('' for one that was never polled), ...}
local seat, most, ahead, busy = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local t, out, lives = now(), {}, {}
local function is_alive(name)
  if lives[name] == nil then
    local ends = tonumber(redis.call('ZSCORE', key('rota'), name) or '0')
    lives[name] = ends > t and ends < t + 60
  end
  return lives[name]
end
if not is_alive(seat) then return out end
for i = 5, #ARGV do
  if most <= 0 then break end
  local feed = ARGV[i]
  local holder = redis.call('HGET', key('holder'), feed)
  -- One that is ours already is told again: the answer to the first claim may have been lost on the way.
  if not holder or holder == seat or not is_alive(holder) then
    local due = redis.call('ZSCORE', key('due'), feed)
    local ripe = due and tonumber(due) or t
    if ripe < t + ahead then redis.call('ZADD', key('due'), math.max(ripe, t) + busy, feed) end
    redis.call('HSET', key('holder'), feed, seat)
    out[#out + 1] = feed
    out[#out + 1] = due and string.format('%.3f', ripe - t) or ''
    most = most - 1
  end
end
return out
