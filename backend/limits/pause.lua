-- Moves a bucket's moment into the future, so that nobody takes units of it before then.
--
-- KEYS  1 bucket, as in units.lua
-- ARGV  1 the pause in microseconds
-- Gives the pause that is in force, in microseconds.
local SECOND = 1000000
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * SECOND + tonumber(clock[2])
local moment = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now + tonumber(ARGV[1]))
local life = math.ceil((moment - now) / SECOND) + 1
redis.call('SET', KEYS[1], string.format('%.0f', moment), 'EX', life)
return moment - now
