-- Lets nobody take units before a moment. A longer pause that was told before stays.
--
-- KEYS  1 the moment until which all rest
-- ARGV  1 the pause, 2 the longest pause there is, both in microseconds
-- Gives the pause that is in force, in microseconds.
local SECOND = 1000000
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * SECOND + tonumber(clock[2])
local pause, longest = math.min(tonumber(ARGV[1]), tonumber(ARGV[2])), tonumber(ARGV[2])
local told = tonumber(redis.call('GET', KEYS[1]) or now)
if told > now + longest then
  told = now -- by a clock that was ahead
end
local moment = math.max(told, now + pause)
local life = math.ceil((moment - now) / SECOND) + 1
redis.call('SET', KEYS[1], string.format('%.0f', moment), 'EX', life)
return moment - now
