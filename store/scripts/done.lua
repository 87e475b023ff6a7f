-- An order is crossed out and its notes are written in one step: a trail with a gap, or with a line twice, is none.
-- ARGV: id ('' for notes that nobody ordered), how many notes are kept, notes (JSON each).
-- Answers 1 when it was open until now.
if ARGV[1] ~= '' and redis.call('HDEL', key('orders'), ARGV[1]) == 0 then return 0 end
for at = 3, #ARGV do redis.call('LPUSH', key('audit'), ARGV[at]) end
redis.call('LTRIM', key('audit'), 0, tonumber(ARGV[2]) - 1)
return 1
