package metrics

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// gamma is by how much the buckets of a histogram grow. Bucket i holds the
// durations over gamma^(i-1) and up to gamma^i microseconds; see DDSketch, Masson
// et al., 2019, https://arxiv.org/abs/1908.10693.
const gamma = 1.1

// PercentileError is how far a percentile may be off, relative to the duration
// that has that rank: a bucket's durations are all taken for the one that is as
// far from its lower end as from its upper.
const PercentileError = (gamma - 1) / (gamma + 1)

// dist is a histogram of durations, in microseconds.
type dist struct {
	buckets     []int64
	n, sum, max int64
}

// maxBucket is that of the longest duration there is.
var maxBucket = bucketOf(math.MaxInt64)

var logGamma = math.Log(gamma)

// bucketOf is the bucket of a duration of us microseconds. Those of up to one
// share bucket 0.
func bucketOf(us int64) int {
	if us <= 1 {
		return 0
	}
	return int(math.Ceil(math.Log(float64(us))/logGamma - 1e-9))
}

// standsFor is what the durations of bucket i are taken for, in microseconds.
func standsFor(i int) float64 {
	if i == 0 {
		return 1
	}
	return 2 * math.Pow(gamma, float64(i)) / (gamma + 1)
}

func (d *dist) add(bucket int, n int64) {
	if bucket >= len(d.buckets) {
		d.buckets = slices.Grow(d.buckets, bucket+32)[:bucket+1]
	}
	d.buckets[bucket] += n
	d.n += n
}

func (d *dist) observe(us int64) {
	d.add(bucketOf(us), 1)
	d.sum += us
	d.max = max(d.max, us)
}

// read adds the durations of a histogram as emit.lua writes it.
func (d *dist) read(s string) error {
	head, rest, _ := strings.Cut(s, bar)
	sum, err := strconv.ParseInt(head, 10, 64)
	if err != nil {
		return err
	}
	head, rest, _ = strings.Cut(rest, bar)
	longest, err := strconv.ParseInt(head, 10, 64)
	if err != nil {
		return err
	}
	for rest != "" {
		var one string
		one, rest, _ = strings.Cut(rest, ",")
		bucket, count, _ := strings.Cut(one, ":")
		i, err := strconv.Atoi(bucket)
		if err != nil || i < 0 || i > maxBucket {
			return fmt.Errorf("bucket %q", bucket)
		}
		n, err := strconv.ParseInt(count, 10, 64)
		if err != nil {
			return err
		}
		d.add(i, n)
	}
	d.sum += sum
	d.max = max(d.max, longest)
	return nil
}

// merge adds the durations of o, which may be nil.
func (d *dist) merge(o *dist) {
	if o == nil {
		return
	}
	for i, n := range o.buckets {
		if n != 0 {
			d.add(i, n)
		}
	}
	d.sum += o.sum
	d.max = max(d.max, o.max)
}

func (d *dist) count() int64 {
	if d == nil {
		return 0
	}
	return d.n
}

func (d *dist) mean() time.Duration {
	if d.count() == 0 {
		return 0
	}
	return time.Duration(float64(d.sum) / float64(d.n) * float64(time.Microsecond))
}

// distribution sums d up; nil is no durations.
func (d *dist) distribution() Distribution {
	n := d.count()
	if n == 0 {
		return Distribution{}
	}
	out := Distribution{Count: n, Mean: d.mean(), Max: micros(d.max)}
	ranks := []struct {
		share float64
		to    *time.Duration
	}{{0.50, &out.P50}, {0.95, &out.P95}, {0.99, &out.P99}}
	var below int64
	for i, here := range d.buckets {
		below += here
		for here > 0 && len(ranks) > 0 && float64(below) >= ranks[0].share*float64(n) {
			*ranks[0].to = min(time.Duration(standsFor(i)*float64(time.Microsecond)), out.Max)
			ranks = ranks[1:]
		}
	}
	return out
}

func micros(us int64) time.Duration { return time.Duration(us) * time.Microsecond }
