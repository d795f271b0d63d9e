-- Reserves one place for a message to leave, or says when there will be one. All limits at once, so
-- that two workers never take the same last place. The rule is `next_slot` of domain/throttle.py.
--
-- KEYS  1 places taken by messages whose outcome Postgres does not know yet: id -> moment
-- ARGV  1 id of the message, 2 now, 3 a day, 4 daily limit, 5 an hour, 6 hourly limit, 7 gap,
--       8 moments of known departures, with spaces between; all times in microseconds
-- Gives {code, moment}: 0 reserved at the moment, else wait until then: 1 day, 2 hour, 3 gap.
local id, now = ARGV[1], tonumber(ARGV[2])
local day, daily = tonumber(ARGV[3]), tonumber(ARGV[4])
local hour, hourly = tonumber(ARGV[5]), tonumber(ARGV[6])
local gap = tonumber(ARGV[7])

-- What is no list of places is none of ours.
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'zset' and kind ~= 'none' then
  redis.call('DEL', KEYS[1])
end

-- One id holds one place: whoever asks again has not left with the place it had.
redis.call('ZREM', KEYS[1], id)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - day))
-- Places are taken for now. One more than an hour later was taken by a clock that was ahead; its message, if it
-- left, is among the known departures.
redis.call('ZREMRANGEBYSCORE', KEYS[1], string.format('(%.0f', now + tonumber(ARGV[5])), '+inf')

local moments = {}
for moment in string.gmatch(ARGV[8], '%d+') do
  moments[#moments + 1] = tonumber(moment)
end
local taken = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for place = 2, #taken, 2 do
  moments[#moments + 1] = tonumber(taken[place])
end
table.sort(moments)

local code, latest = 0, now
local function bound(reason, moment)
  if moment > latest then
    code, latest = reason, moment
  end
end
if #moments >= daily then
  bound(1, moments[#moments - daily + 1] + day)
end
if #moments >= hourly then
  bound(2, moments[#moments - hourly + 1] + hour)
end
if #moments > 0 then
  bound(3, moments[#moments] + gap)
end

if code == 0 then
  redis.call('ZADD', KEYS[1], string.format('%.0f', now), id)
  redis.call('PEXPIRE', KEYS[1], math.ceil(day / 1000))
end
return {code, latest}
