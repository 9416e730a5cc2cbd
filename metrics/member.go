package metrics

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/caseload/caseload/batch"
)

// An event is kept as a member of a sorted set, its time in ms as the score. The
// member holds what tells the event from others, and what it is counted by, in
// fields between bars: numbers in base 36, stages and outcomes as single letters.
const bar = "|"

var letters = map[string]string{
	string(batch.StageFetch): "f", string(batch.StageExtract): "e", string(batch.StageOCR): "o", string(batch.StageChunk): "c",
	string(batch.StageEntities): "n", string(batch.StageResolve): "r", string(batch.StageRelate): "l", string(batch.StageStore): "s",
}

var outcomeLetters = map[string]string{
	string(batch.OutcomeCompleted): "c", string(batch.OutcomeFailed): "f",
	string(batch.OutcomeSkipped): "s", string(batch.OutcomeCancelled): "x",
}

var (
	stageWords   = turned(letters)
	outcomeWords = turned(outcomeLetters)
)

func turned(m map[string]string) map[string]string {
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[v] = k
	}
	return out
}

// short is what m has for s, or s itself.
func short(m map[string]string, s string) string {
	if v, ok := m[s]; ok {
		return v
	}
	return s
}

// clean is s without what a member, or a list in it, is taken apart by.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || strings.ContainsRune("|,=", r) {
			return '_'
		}
		return r
	}, s)
}

// normal is e as it is kept: its time to the millisecond, durations to the
// microsecond.
func normal(e Event) Event {
	e.At = time.UnixMilli(e.At.UnixMilli()).UTC()
	e.Duration = e.Duration.Truncate(time.Microsecond)
	return e
}

// member is e's member of its sorted set.
func member(e Event) string {
	f := []string{clean(e.ID), e.Batch}
	switch e.Kind {
	case BatchStarted:
		f = append(f, num(int(e.Priority)), e.Project, num(e.Counts.Total))
	case BatchCompleted:
		c := e.Counts
		f = append(f, num(int(e.Priority)), e.Project, string(e.Status), num(e.Duration.Microseconds()),
			num(c.Total), num(c.Completed), num(c.Skipped), num(c.Failed), num(c.Cancelled))
	case DocumentDone:
		f = append(f, num(e.Row), num(int(e.Priority)), short(outcomeLetters, string(e.Outcome)), num(e.Duration.Microseconds()), num(e.Rows))
	case StageDone:
		f = append(f, num(e.Row), short(letters, string(e.Stage)), short(outcomeLetters, string(e.Outcome)), num(e.Duration.Microseconds()))
	case ErrorSeen:
		f = append(f, num(e.Row), string(e.Category), short(letters, string(e.Stage)), clean(e.Type), clean(e.Fingerprint))
	case Resources:
		f = append(f, num(e.At.UnixMilli()), sample(*e.Usage))
	case CacheUsed:
		c := *e.Cache
		f = append(f, clean(c.Kind), num(c.Hits), num(c.Misses), num(c.Queries),
			num(c.Times.Hits), num(c.Times.HitTime.Nanoseconds()), num(c.Times.Stores), num(c.Times.StoreTime.Nanoseconds()))
	}
	return strings.Join(f, bar)
}

// parseMember is the event that was kept as a member with that time.
func parseMember(kind Kind, at time.Time, m string) (Event, error) {
	r := &reader{rest: m}
	e := Event{Kind: kind, At: at, ID: r.text(), Batch: r.text()}
	switch kind {
	case BatchStarted:
		e.Priority, e.Project, e.Counts.Total = batch.Priority(r.num()), r.text(), int(r.num())
	case BatchCompleted:
		e.Priority, e.Project, e.Status, e.Duration = batch.Priority(r.num()), r.text(), batch.Status(r.text()), micros(r.num())
		e.Counts = batch.Counts{Total: int(r.num()), Completed: int(r.num()), Skipped: int(r.num()), Failed: int(r.num()), Cancelled: int(r.num())}
	case DocumentDone:
		e.Row, e.Priority = int(r.num()), batch.Priority(r.num())
		e.Outcome, e.Duration, e.Rows = batch.Outcome(short(outcomeWords, r.text())), micros(r.num()), int(r.num())
	case StageDone:
		e.Row, e.Stage = int(r.num()), batch.Stage(short(stageWords, r.text()))
		e.Outcome, e.Duration = batch.Outcome(short(outcomeWords, r.text())), micros(r.num())
	case ErrorSeen:
		e.Row, e.Category, e.Stage = int(r.num()), batch.Category(r.text()), batch.Stage(short(stageWords, r.text()))
		e.Type, e.Fingerprint = r.text(), r.text()
	case Resources:
		r.num() // the time, which the score is too
		u, err := parseSample(r.rest)
		if err != nil {
			return e, err
		}
		e.Usage = &u
	case CacheUsed:
		e.Cache = &CacheCount{Kind: r.text(), Hits: r.num(), Misses: r.num(), Queries: r.num()}
		e.Cache.Times = CacheTimes{Hits: r.num(), HitTime: time.Duration(r.num()), Stores: r.num(), StoreTime: time.Duration(r.num())}
	}
	if r.bad {
		return e, fmt.Errorf("%s event: damaged", kind)
	}
	return e, nil
}

// readersMark is before the bytes that a worker's readers hold, after its slots.
const readersMark = "readers="

// sample is a worker's usage, in fields between bars.
func sample(u Usage) string {
	slots := make([]string, 0, len(u.Slots)+1)
	for q, s := range u.Slots {
		slots = append(slots, fmt.Sprintf("%s=%s=%s", clean(q), num(s.Used), num(s.Total)))
	}
	slices.Sort(slots)
	slots = append(slots, readersMark+num(u.Readers)) // which programs that do not know it pass over
	return strings.Join([]string{clean(u.Worker), num(milli(u.CPU)), num(u.Resident), num(u.Goroutines), num(u.Cores), num(u.Dropped), strings.Join(slots, ",")}, bar)
}

func parseSample(s string) (Usage, error) {
	r := &reader{rest: s}
	u := Usage{
		Worker: r.text(), CPU: float64(r.num()) / 1000, Resident: r.num(), Goroutines: int(r.num()), Cores: int(r.num()), Dropped: r.num(),
		Slots: map[string]Slots{},
	}
	for one := range strings.SplitSeq(r.rest, ",") {
		if held, ok := strings.CutPrefix(one, readersMark); ok {
			n := &reader{rest: held}
			u.Readers = n.num()
			r.bad = r.bad || n.bad
			continue
		}
		part := strings.Split(one, "=")
		if len(part) != 3 {
			continue // of a worker without slots
		}
		used, total := &reader{rest: part[1]}, &reader{rest: part[2]}
		u.Slots[part[0]] = Slots{Used: int(used.num()), Total: int(total.num())}
		r.bad = r.bad || used.bad || total.bad
	}
	if r.bad {
		return u, fmt.Errorf("%s event: damaged", Resources)
	}
	return u, nil
}

// milli is thousandths of f.
func milli(f float64) int64 { return int64(f*1000 + 0.5) }

func num[T int | int64](n T) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(int64(n), 36)
}

// reader takes the fields of a member one by one.
type reader struct {
	rest string
	bad  bool
}

func (r *reader) text() string {
	f, rest, _ := strings.Cut(r.rest, bar)
	r.rest = rest
	return f
}

func (r *reader) num() int64 {
	f := r.text()
	if f == "" {
		return 0
	}
	n, err := strconv.ParseInt(f, 36, 64)
	r.bad = r.bad || err != nil
	return n
}
