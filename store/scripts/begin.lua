-- An order is written down once. ARGV: id, order (JSON), lifetime of its mark in seconds. Answers 1 the first time.
if not redis.call('SET', key('order', ARGV[1]), 1, 'NX', 'EX', tonumber(ARGV[3])) then return 0 end
redis.call('HSET', key('orders'), ARGV[1], ARGV[2])
return 1
