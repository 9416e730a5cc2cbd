package metrics

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/caseload/caseload/batch"
)

// Live is how the batches stand that have not ended, or have since then, by their
// latest progress; the one with the latest first. What is kept of a batch expires
// with its metrics.
func (c *Collector) Live(ctx context.Context, since time.Time) ([]Progress, error) {
	key := progressKeys{c.o.BatchPrefix}
	ids, err := c.redis.ZRangeArgs(ctx, redis.ZRangeArgs{Key: key.index(), Start: 0, Stop: -1, Rev: true}).Result()
	if err != nil {
		return nil, c.failed(err)
	}
	live := []Progress{}
	if len(ids) == 0 {
		return live, nil
	}
	hashes := make([]*redis.MapStringStringCmd, len(ids))
	_, err = c.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, id := range ids {
			hashes[i] = p.HGetAll(ctx, key.hash(id))
		}
		return nil
	})
	if err != nil {
		return nil, c.failed(err)
	}
	for i, id := range ids {
		if len(hashes[i].Val()) == 0 {
			continue // it has expired
		}
		p, err := parseProgress(id, hashes[i].Val())
		if err != nil {
			return nil, err
		}
		if !p.Status.Terminal() || !p.Ended.Before(since) {
			live = append(live, p)
		}
	}
	return live, nil
}

// Progress is how a batch stood when it was last written. Its error is ErrNoBatch
// if nothing is kept of it.
func (c *Collector) Progress(ctx context.Context, id string) (Progress, error) {
	hash, err := c.redis.HGetAll(ctx, progressKeys{c.o.BatchPrefix}.hash(id)).Result()
	if err != nil {
		return Progress{}, c.failed(err)
	}
	if len(hash) == 0 {
		return Progress{}, fmt.Errorf("%w %q", ErrNoBatch, id)
	}
	return parseProgress(id, hash)
}

func parseProgress(id string, hash map[string]string) (Progress, error) {
	bad := false
	num := func(field string) int64 {
		if hash[field] == "" {
			return 0
		}
		n, err := strconv.ParseInt(hash[field], 10, 64)
		bad = bad || err != nil
		return n
	}
	at := func(field string) time.Time {
		if ms := num(field); ms != 0 {
			return time.UnixMilli(ms).UTC()
		}
		return time.Time{}
	}
	p := Progress{
		Batch: id, Project: hash["project"], Priority: batch.Priority(num("priority")), Status: batch.Status(hash["status"]),
		Counts: batch.Counts{
			Total: int(num("total")), Pending: int(num("pending")), Completed: int(num("completed")),
			Skipped: int(num("skipped")), Failed: int(num("failed")), Cancelled: int(num("cancelled")),
		},
		Started: at("started"), Ended: at("ended"), Updated: time.UnixMicro(num("version")).UTC(),
	}
	if bad {
		return p, fmt.Errorf("progress of batch %s: damaged", id)
	}
	return p, nil
}
