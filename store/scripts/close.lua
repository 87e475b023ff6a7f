-- A batch that waited for the desk was answered. ARGV: batch, lifetime of the word that it was closed.
local where = key('batch', ARGV[1])
redis.call('HSET', where, 'closed', 1)
redis.call('EXPIRE', where, ARGV[2])
redis.call('ZREM', key('batches'), ARGV[1])
redis.call('DEL', key('held', ARGV[1]))
return 1
