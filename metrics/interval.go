package metrics

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

// interval is how the time from start to end is read: whole hours and whole five
// minutes from what they come to, the rest from its events.
type interval struct {
	hours, fines []time.Time
	edges        []edge
}

// edge is a part of an interval, the end excluded.
type edge struct{ start, end time.Time }

// cover makes an interval of the time from start up to end. finely leaves whole
// hours to their parts, for a series by five minutes.
func cover(start, end time.Time, finely bool) interval {
	var v interval
	first, last := ceil(start, fine), end.Truncate(fine)
	if !first.Before(last) {
		v.edge(start, end)
		return v
	}
	v.edge(start, first)
	v.edge(last, end)
	firstHour, lastHour := ceil(first, time.Hour), last.Truncate(time.Hour)
	if finely || !firstHour.Before(lastHour) {
		firstHour, lastHour = last, last
	}
	for t := first; t.Before(firstHour); t = t.Add(fine) {
		v.fines = append(v.fines, t)
	}
	for t := firstHour; t.Before(lastHour); t = t.Add(time.Hour) {
		v.hours = append(v.hours, t)
	}
	for t := lastHour; t.Before(last); t = t.Add(fine) {
		v.fines = append(v.fines, t)
	}
	return v
}

func (v *interval) edge(start, end time.Time) {
	for start.Before(end) { // events are kept by hours
		next := start.Truncate(time.Hour).Add(time.Hour)
		if next.After(end) {
			next = end
		}
		v.edges = append(v.edges, edge{start, next})
		start = next
	}
}

func ceil(t time.Time, d time.Duration) time.Time {
	if c := t.Truncate(d); c.Before(t) {
		return c.Add(d)
	}
	return t
}

// part is what one hour, five minutes, or edge comes to.
type part struct {
	at time.Time
	*tally
}

// read reads what a concern comes to from start up to end, in parts, in one
// request. Of the present hour it takes all there is.
func (c *Collector) read(ctx context.Context, of concern, start, end time.Time, finely bool) ([]part, error) {
	start, end = time.UnixMilli(start.UnixMilli()).UTC(), time.UnixMilli(end.UnixMilli()).UTC()
	if !end.Before(time.Now().Add(-time.Second)) {
		end = ceil(end, time.Hour)
	}
	v := cover(start, end, finely)
	type hash struct {
		at  time.Time
		cmd *redis.MapStringStringCmd
	}
	type set struct {
		edge
		kind Kind
		cmd  *redis.ZSliceCmd
	}
	var hashes []hash
	var sets []set
	_, err := c.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		for _, at := range v.hours {
			hashes = append(hashes, hash{at, p.HGetAll(ctx, c.keys.hour(of, at))})
		}
		for _, at := range v.fines {
			hashes = append(hashes, hash{at, p.HGetAll(ctx, c.keys.fine(of, at))})
		}
		for _, e := range v.edges {
			for _, kind := range kindsOf[of] {
				sets = append(sets, set{e, kind, p.ZRangeByScoreWithScores(ctx, c.keys.events(kind, e.start), e.scores())})
			}
		}
		return nil
	})
	if err != nil {
		return nil, c.failed(err)
	}
	var parts []part
	for _, h := range hashes {
		t := newTally()
		if err := t.read(h.cmd.Val()); err != nil {
			return nil, err
		}
		parts = append(parts, part{h.at, t})
	}
	for _, s := range sets {
		t := newTally()
		for _, z := range s.cmd.Val() {
			name, _ := z.Member.(string)
			e, err := parseMember(s.kind, time.UnixMilli(int64(z.Score)).UTC(), name)
			if err != nil {
				return nil, err
			}
			t.event(e)
		}
		parts = append(parts, part{s.start, t})
	}
	return parts, nil
}

func (e edge) scores() *redis.ZRangeBy {
	return &redis.ZRangeBy{Min: num10(e.start.UnixMilli()), Max: "(" + num10(e.end.UnixMilli())}
}

// together adds parts up.
func together(parts []part) *tally {
	t := newTally()
	for _, p := range parts {
		t.merge(p.tally)
	}
	return t
}

// series is a histogram's counts and means by steps, the earliest first. Steps
// that had none are left out.
func series(parts []part, step time.Duration, hists func(*tally) []*dist) []Point {
	by := map[time.Time]*dist{} // without buckets
	for _, p := range parts {
		for _, d := range hists(p.tally) {
			if d.count() == 0 {
				continue
			}
			at := p.at.Truncate(step)
			if by[at] == nil {
				by[at] = &dist{}
			}
			by[at].n += d.n
			by[at].sum += d.sum
		}
	}
	points := make([]Point, 0, len(by))
	for at, d := range by {
		points = append(points, Point{At: at, Count: d.count(), Mean: d.mean()})
	}
	sortPoints(points)
	return points
}
