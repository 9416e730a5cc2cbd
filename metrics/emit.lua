-- Takes events, each once: what one comes to is counted if it was not there yet.
-- KEYS: all that are written to. ARGV: how long they are kept, in ms; how many
-- causes a hash may hold; how many slowest rows are kept; then, for each event:
-- the place in KEYS of its sorted set, its time in ms, its member; how many hashes
-- it is counted in, and their places; how many operations, and four values each.
-- Answers how many events were new.
local ttl, causes, slowest = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local sums, histograms = {}, {} -- by hash, by field
local new = 0

local function add(key, field, n)
  local of = sums[key]
  if not of then
    of = {}
    sums[key] = of
  end
  of[field] = (of[field] or 0) + n
end

-- A histogram is one field: the sum of its durations, the longest, and how many
-- each bucket holds, such as 5120|3100|78:1,84:2. A day of them is read quickly.
local function took(key, name, bucket, us)
  local of = histograms[key]
  if not of then
    of = {}
    histograms[key] = of
  end
  local h = of[name]
  if not h then
    h = {sum = 0, max = 0, buckets = {}}
    of[name] = h
  end
  h.sum = h.sum + us
  h.max = math.max(h.max, us)
  h.buckets[bucket] = (h.buckets[bucket] or 0) + 1
end

local function whole(n)
  return string.format('%.0f', n)
end

-- A cause beyond those that a hash may hold is counted as "other".
local function cause(key, fingerprint, about, at)
  if redis.call('HEXISTS', key, 'F:' .. fingerprint) == 0 then
    if tonumber(redis.call('HGET', key, '#causes') or 0) >= causes then
      redis.call('HINCRBY', key, 'F:other', 1)
      return
    end
    redis.call('HINCRBY', key, '#causes', 1)
  end
  redis.call('HINCRBY', key, 'F:' .. fingerprint, 1)
  local known = redis.call('HGET', key, 'L:' .. fingerprint)
  if not known or tonumber(string.match(known, '^%d+')) <= tonumber(at) then
    redis.call('HSET', key, 'L:' .. fingerprint, at .. '|' .. about)
  end
end

local i = 4
while i <= #ARGV do
  local set, at, member, hashes = KEYS[tonumber(ARGV[i])], ARGV[i + 1], ARGV[i + 2], tonumber(ARGV[i + 3])
  local first = i + 4
  local operations = tonumber(ARGV[first + hashes])
  i = first + hashes + 1
  if redis.call('ZADD', set, 'NX', at, member) == 1 then
    new = new + 1
    for o = i, i + 4 * (operations - 1), 4 do
      local what, a, b, c = ARGV[o], ARGV[o + 1], ARGV[o + 2], ARGV[o + 3]
      if what == 'add' or what == 'took' or what == 'cause' then
        for h = first, first + hashes - 1 do
          local key = KEYS[tonumber(ARGV[h])]
          if what == 'add' then
            add(key, a, tonumber(b))
          elseif what == 'took' then -- a histogram, a bucket, microseconds
            took(key, a, b, tonumber(c))
          else
            cause(key, a, b, at)
          end
        end
      else
        local key = KEYS[tonumber(a)]
        if what == 'set' then
          redis.call('HSET', key, b, c)
        elseif what == 'first' then
          redis.call('HSETNX', key, b, c)
        elseif what == 'slot' then
          add(key, b, tonumber(c))
        elseif what == 'slow' then
          redis.call('ZADD', key, c, b)
          redis.call('ZREMRANGEBYRANK', key, 0, -slowest - 1)
        end
      end
    end
  end
  i = i + 4 * operations
end

for key, fields in pairs(sums) do
  for field, n in pairs(fields) do
    redis.call('HINCRBY', key, field, whole(n))
  end
end
for key, fields in pairs(histograms) do
  for field, h in pairs(fields) do
    local known = redis.call('HGET', key, field)
    if known then
      local sum, max, buckets = string.match(known, '^(%d+)|(%d+)|(.*)$')
      h.sum = h.sum + tonumber(sum)
      h.max = math.max(h.max, tonumber(max))
      for bucket, n in string.gmatch(buckets, '(%d+):(%d+)') do
        h.buckets[bucket] = (h.buckets[bucket] or 0) + tonumber(n)
      end
    end
    local parts = {}
    for bucket, n in pairs(h.buckets) do
      parts[#parts + 1] = bucket .. ':' .. whole(n)
    end
    redis.call('HSET', key, field, whole(h.sum) .. '|' .. whole(h.max) .. '|' .. table.concat(parts, ','))
  end
end
for _, key in ipairs(KEYS) do
  redis.call('PEXPIRE', key, ttl)
end
return new
