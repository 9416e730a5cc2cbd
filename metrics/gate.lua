-- Lets one process at a time bring a batch's progress up to date. KEYS: the gate.
-- ARGV: how long it is closed behind that one, in ms. Answers the time in
-- microseconds, or nothing if it is closed.
local t = redis.call('TIME')
if redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1]) then
  return t[1] .. string.format('%06d', t[2])
end
return false
