-- Take, renew or (with 0 ms) drop a lease. ARGV: name, worker, milliseconds. Answers 1 when it is ours now.
local where, worker, ms = key('lease', ARGV[1]), ARGV[2], tonumber(ARGV[3])
local holder = redis.call('GET', where)
if holder and holder ~= worker then return 0 end
if ms <= 0 then redis.call('DEL', where) return 0 end
redis.call('SET', where, worker, 'PX', ms)
return 1
