-- The next due delivery of a target: claimed, or only shown (next.lua says what is answered).
-- ARGV: target, worker, kinds of post that may be claimed ('*' for whatever stands next: next.lua), lease seconds, the
-- terms on which it may go (pace.lua), the worker's epoch.
terms = cjson.decode(ARGV[5])
local kinds = ARGV[3]
if kinds == '*' then kinds = nil end
return next_of(ARGV[1], ARGV[2], tonumber(ARGV[4]), ARGV[6], kinds)
