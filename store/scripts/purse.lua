-- What posts on X cost, in millionths of a dollar; newsroom/purse.py is the same arithmetic. Set before take, settle
-- and spent.

-- UTC day and month of unix seconds; Redis gives scripts no calendar.
-- Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
local function periods(t)
  local z = math.floor(t / 86400) + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local day = doy - math.floor((153 * mp + 2) / 5) + 1
  local month = mp < 10 and mp + 3 or mp - 9
  local year = yoe + era * 400 + (month <= 2 and 1 or 0)
  return string.format('%04d-%02d-%02d', year, month, day), string.format('%04d-%02d', year, month)
end

local function spent(period)
  return tonumber(redis.call('GET', key('spent', period)) or '0')
end

-- Of the request itself (a repost must be able to pay for both its steps), and of the picture's words for the blind, which are paid for once however often it is sent.
local function price_of(where, prices)
  local d = redis.call('HMGET', where, 'post', 'described', 'errand')
  if d[3] == 'delete' then return prices.delete, 0, nil end
  local post = cjson.decode(d[1])
  local pictured = post.kind == 'photo' or post.kind == 'card'
  local described = pictured and post.alt ~= '' and not d[2]
  local request = (post.link ~= '' and prices.link or prices.post) + (d[3] == 'repost' and prices.delete or 0)
  return request, described and prices.alt or 0, redis.sha1hex(post.text)
end

local function book(day, month, amount, seconds)
  for _, period in ipairs({day, month}) do
    redis.call('INCRBY', key('spent', period), amount)
    redis.call('EXPIRE', key('spent', period), seconds)
  end
end

-- The money is in the books before the request leaves; it goes back when the request certainly was not carried out.
local function reserve(where, request, alt, t, seconds)
  local day, month = periods(t)
  book(day, month, request + alt, seconds)
  redis.call('HSET', where, 'held', request, 'held_on', day, 'held_in', month)
  if alt > 0 then redis.call('HSET', where, 'described', 1) end
end

-- A repost took its first step: the deletion is paid, and what was held for the post is no longer held with it.
local function pay_fee(where)
  local fee = redis.call('HGET', where, 'fee')
  if not fee then return end
  redis.call('HINCRBY', where, 'held', -tonumber(fee))
  redis.call('HDEL', where, 'fee')
end

local function give_back(where, seconds)
  local d = redis.call('HMGET', where, 'held', 'held_on', 'held_in')
  if not d[1] then return end
  book(d[2], d[3], -tonumber(d[1]), seconds)
  redis.call('HDEL', where, 'held', 'held_on', 'held_in')
end
