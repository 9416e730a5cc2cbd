-- Writes how a batch stands, unless what is there was read later.
-- KEYS: the batch's hash, the index of batches. ARGV: the batch; when its state
-- was asked for, in microseconds; how long both are kept, in ms; fields and values.
local version, ttl = tonumber(ARGV[2]), tonumber(ARGV[3])
if tonumber(redis.call('HGET', KEYS[1], 'version') or 0) > version then
  return 0
end
local ms = math.floor(version / 1000)
local fields = {'version', ARGV[2], 'updated', string.format('%.0f', ms)}
for i = 4, #ARGV do
  fields[#fields + 1] = ARGV[i]
end
redis.call('HSET', KEYS[1], unpack(fields))
redis.call('PEXPIRE', KEYS[1], ttl)
redis.call('ZADD', KEYS[2], ms, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ms - ttl)
redis.call('PEXPIRE', KEYS[2], ttl)
return 1
