package cachewarm

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// Scripts run in Redis as a whole or not at all, which is what keeps a slow reader
// from writing an answer that has been overtaken.

// put writes the entries of ARGV from 'at' on, "field, value" in turns, and counts
// their bytes.
const luaPut = `
local function put(at)
  local bytes = 0
  for i = at, #ARGV, 2 do
    local field, value = ARGV[i], ARGV[i + 1]
    local old = redis.call('HGET', KEYS[1], field)
    redis.call('HSET', KEYS[1], field, value)
    bytes = bytes + #value
    if old then bytes = bytes - #old else bytes = bytes + #field + 56 end -- entryOverhead
  end
  if bytes ~= 0 then redis.call('HINCRBY', KEYS[1], '@b', bytes) end
  redis.call('EXPIRE', KEYS[1], ARGV[1])
  redis.call('ZADD', KEYS[2], ARGV[2], KEYS[1])
  if redis.call('TTL', KEYS[2]) < tonumber(ARGV[1]) then redis.call('EXPIRE', KEYS[2], ARGV[1]) end
end
local function full(max)
  return tonumber(redis.call('HGET', KEYS[1], '@b') or '0') >= tonumber(max)
end
`

// ARGV: TTL in seconds, now, bound in bytes, ...
var (
	// fillScript writes entries that were read at version ARGV[4], if the hash is of
	// that version, or new. ARGV[5] is 'all' if they complete the hash.
	// 1 written, 0 the hash is of another version, -1 it is full.
	fillScript = redis.NewScript(luaPut + `
local v = redis.call('HGET', KEYS[1], '@v')
if v and v ~= ARGV[4] then return 0 end
if full(ARGV[3]) then return -1 end
if not v then redis.call('HSET', KEYS[1], '@v', ARGV[4]) end
put(6)
if ARGV[5] == 'all' then redis.call('HSET', KEYS[1], '@a', '1') end
return 1`)

	// advanceScript brings a hash of version ARGV[4] to ARGV[5] by the entries that
	// changed between. 1 done, 0 the hash is of another version. A full hash is
	// removed: left as it is, it would be out of date.
	advanceScript = redis.NewScript(luaPut + `
if redis.call('HGET', KEYS[1], '@v') ~= ARGV[4] then return 0 end
if full(ARGV[3]) then redis.call('DEL', KEYS[1]) return -1 end
put(6)
redis.call('HSET', KEYS[1], '@v', ARGV[5])
return 1`)

	// noteScript writes entries that need no version. ARGV[4] is 'new' if the hash may
	// be made for them, or the version of the pipeline of which they complete it.
	noteScript = redis.NewScript(luaPut + `
if ARGV[4] == '' and redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if full(ARGV[3]) then
  redis.call('HDEL', KEYS[1], '@a')
  return -1
end
put(5)
if ARGV[4] ~= 'new' and ARGV[4] ~= '' then redis.call('HSET', KEYS[1], '@a', ARGV[4]) end
return 1`)
)

// scriptArgs are what all scripts take first.
func (c *Cache) scriptArgs(ttl time.Duration, more ...any) []any {
	return append([]any{
		strconv.FormatInt(int64(ttl/time.Second), 10), strconv.FormatInt(time.Now().Unix(), 10), strconv.FormatInt(c.opt.MaxBytes, 10),
	}, more...)
}

// run runs a script on a hash.
func (c *Cache) run(ctx context.Context, s *redis.Script, hash string, args []any) (int64, error) {
	return s.Run(ctx, c.redis, []string{hash, c.key("used")}, args...).Int64()
}

// scriptRun is a script to run on a hash.
type scriptRun struct {
	script *redis.Script
	hash   string
	args   []any
}

// runAll runs scripts one after the other, in one way to Redis and back.
func (c *Cache) runAll(ctx context.Context, runs []scriptRun) error {
	_, err := c.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		for _, r := range runs {
			r.script.EvalSha(ctx, p, []string{r.hash, c.key("used")}, r.args...)
		}
		return nil
	})
	if !redis.HasErrorPrefix(err, "NOSCRIPT") {
		return err
	}
	for _, r := range runs { // one that has run runs again, and changes nothing
		if _, err := c.run(ctx, r.script, r.hash, r.args); err != nil {
			return err
		}
	}
	return nil
}

// trim removes the hashes that were written to longest ago while all together take
// more than the cache may.
func (c *Cache) trim(ctx context.Context) error {
	hashes, err := c.latest(ctx, c.key("used"))
	if err != nil || len(hashes) == 0 {
		return err
	}
	sizes, err := c.sizes(ctx, hashes)
	if err != nil {
		return err
	}
	var total int64
	for i, h := range hashes {
		total += sizes[i]
		gone := sizes[i] == 0
		if total > c.opt.MaxBytes && i > 0 {
			total -= sizes[i]
			gone = true
			if err := c.redis.Unlink(ctx, h).Err(); err != nil {
				return err
			}
		}
		if gone {
			if err := c.redis.ZRem(ctx, c.key("used"), h).Err(); err != nil {
				return err
			}
		}
	}
	return nil
}

// sizes are about how many bytes hashes take; 0 for one that is not there.
func (c *Cache) sizes(ctx context.Context, hashes []string) ([]int64, error) {
	cmds := make([]*redis.StringCmd, len(hashes))
	_, err := c.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, h := range hashes {
			cmds[i] = p.HGet(ctx, h, fieldBytes)
		}
		return nil
	})
	if err != nil && err != redis.Nil { //nolint:errorlint // a pipeline answers its first error as it is
		return nil, err
	}
	out := make([]int64, len(hashes))
	for i, cmd := range cmds {
		out[i], _ = cmd.Int64() // not there: 0
	}
	return out, nil
}

// latest are the members of a sorted set by time, the latest first.
func (c *Cache) latest(ctx context.Context, set string) ([]string, error) {
	return c.redis.ZRangeArgs(ctx, redis.ZRangeArgs{Key: set, Start: 0, Stop: -1, Rev: true}).Result()
}
