-- What is to become of a story's posts. ARGV: story, revisions (a JSON list), terms (JSON: ranks, memory, most, worn).
local terms = cjson.decode(ARGV[3])
for _, revision in ipairs(cjson.decode(ARGV[2])) do revise(ARGV[1], revision, terms) end
return 'ok'
