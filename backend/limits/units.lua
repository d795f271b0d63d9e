-- Takes quota units from a mailbox's bucket and the project's, or from neither.
--
-- A bucket is one number: the moment (in microseconds) since when it has been filling, at most as
-- long ago as it takes to fill. Taking moves that moment on; where it comes to lie in the future,
-- that is the wait. So those who wait stand in line.
--
-- A bucket whose moment lies further ahead than anybody waits was written by a clock that was ahead
-- and has been set back: it is full.
--
-- KEYS  1 mailbox bucket, 2 project bucket, 3 the moment until which all rest, as in pause.lua
-- ARGV  1 units, 2 longest wait worth taking, then for each bucket: units a second, burst in units;
--       7 how far ahead a bucket can be, 8 the longest pause there is
-- Gives the wait in microseconds. A wait longer than ARGV[2] means that nothing was taken.
local SECOND = 1000000
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * SECOND + tonumber(clock[2])
local units = tonumber(ARGV[1])

-- What is no number is none of ours, and is written over.
local function stored(key, otherwise)
  local found = redis.pcall('GET', key)
  return type(found) == 'string' and tonumber(found) or otherwise
end

local rest = stored(KEYS[3], now) - now
local wait = rest <= tonumber(ARGV[8]) and math.max(rest, 0) or 0
local moments = {}
for bucket = 1, 2 do
  local rate = tonumber(ARGV[1 + 2 * bucket])
  local burst = tonumber(ARGV[2 + 2 * bucket])
  local oldest = now - burst * SECOND / rate
  local moment = math.max(stored(KEYS[bucket], oldest), oldest)
  if moment > now + tonumber(ARGV[7]) then
    moment = oldest
  end
  moments[bucket] = moment + units * SECOND / rate
  wait = math.max(wait, moments[bucket] - now)
end

wait = math.ceil(wait)
if wait > tonumber(ARGV[2]) then
  return wait
end
for bucket = 1, 2 do
  local burst_seconds = math.ceil(tonumber(ARGV[2 + 2 * bucket]) / tonumber(ARGV[1 + 2 * bucket]))
  local life = burst_seconds + math.ceil(wait / SECOND) + 1
  redis.call('SET', KEYS[bucket], string.format('%.0f', moments[bucket]), 'EX', life)
end
return wait
