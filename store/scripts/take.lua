-- Claim the next due delivery of a target, or show it (next.lua says what is answered).
-- ARGV: target, worker ('' to peek), lease seconds, the terms on which it may go (pace.lua), the worker's epoch.
terms = cjson.decode(ARGV[4])
return next_of(ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[5])
