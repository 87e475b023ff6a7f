-- What was spent on X today and this month, by the store's own clock. Answers {millionths of a dollar, the same}
local day, month = periods(now())
return {spent(day), spent(month)}
