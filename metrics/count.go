package metrics

import (
	"cmp"
	_ "embed"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/caseload/caseload/batch"
)

const (
	// maxCauses bounds the fingerprints that are told apart in an hour, or a batch.
	maxCauses = 1000
	// keptSlowest bounds the rows that are kept as the slowest of a batch.
	keptSlowest = 20
)

// emitScript stores events and counts them, each once.
//
//go:embed emit.lua
var emitLua string

var emitScript = redis.NewScript(emitLua)

// operation is one thing that an event comes to.
type operation struct {
	what string
	key  string // of set, first, slot and slow; the others count in all of the event's hashes
	name string // a field; of took: the histogram; of cause: the fingerprint; of slow: the row
	n    int64  // of took and slow: microseconds
	text string // of set, first and cause
}

// The operations.
const (
	opAdd   = "add"   // to a count
	opTook  = "took"  // to a histogram
	opCause = "cause" // to the count of a fingerprint, with what is known of it
	opSet   = "set"
	opFirst = "first" // set, unless it is
	opSlot  = "slot"
	opSlow  = "slow"
)

// The fields of the hashes. Histograms begin with a percent sign, what is not
// counted with an at sign.
const (
	fieldStarted, fieldEnded, fieldSucceeded = "s:", "e:", "k:" // and the priority
	fieldOutcome                             = "O:"             // priority, colon, outcome
	fieldRefused                             = "R:"             // and the priority
	histDocument, histBatch                  = "%D:", "%B:"     // and the priority
	histStage, fieldFailed                   = "%S:", "x:"      // and the stage
	fieldCategory, fieldErrorStage           = "c:", "t:"       // and the category, the stage
	fieldCause, fieldAbout                   = "F:", "L:"       // and the fingerprint
	fieldSamples, fieldCPU                   = "n:", "p:"       // and the worker; CPU in thousandths of a core
	fieldResident, fieldReaders              = "r:", "v:"       // and the worker; KiB
	fieldUsed                                = "u:"             // and the worker; slots
	fieldHits, fieldMisses                   = "h:", "m:"       // and the kind of cached value
	fieldQueries                             = "q:"             // and the kind
	fieldHitReads, fieldHitTime              = "i:", "j:"       // and the kind; nanoseconds
	fieldStoreReads, fieldStoreTime          = "y:", "z:"       // and the kind; nanoseconds

	attrProject, attrPriority, attrStart = "@project", "@priority", "@start"
	attrTotal, attrEnd, attrCounts       = "@total", "@end", "@counts"
	attrLatest                           = "@latest" // sample of a worker
)

// counted is what an event comes to, and in which hashes.
type counted struct {
	set, member string
	hashes      []string
	operations  []operation
}

// count says what e, a normal one, comes to.
func (k keys) count(e Event) counted {
	c := concernOf[e.Kind]
	out := counted{set: k.events(e.Kind, e.At), member: member(e), hashes: []string{k.hour(c, e.At), k.fine(c, e.At)}}
	if e.Batch != "" {
		out.hashes = append(out.hashes, k.batch(e.Batch))
	}
	out.operations = append(operations(e), k.particulars(e)...)
	return out
}

// operations are what e adds to any of its hashes.
func operations(e Event) []operation {
	switch priority := strconv.Itoa(int(e.Priority)); e.Kind {
	case BatchStarted:
		return []operation{{what: opAdd, name: fieldStarted + priority, n: 1}}
	case BatchCompleted:
		ops := []operation{{what: opAdd, name: fieldEnded + priority, n: 1}, {what: opTook, name: histBatch + priority, n: e.Duration.Microseconds()}}
		if e.Status == batch.StatusCompleted {
			ops = append(ops, operation{what: opAdd, name: fieldSucceeded + priority, n: 1})
		}
		return ops
	case DocumentDone:
		ops := []operation{{what: opAdd, name: fieldOutcome + priority + ":" + string(e.Outcome), n: int64(cmp.Or(e.Rows, 1))}}
		if e.Rows > 0 && e.Outcome == batch.OutcomeFailed { // what fails unread was refused
			ops = append(ops, operation{what: opAdd, name: fieldRefused + priority, n: int64(e.Rows)})
		}
		if wasRead(e) {
			ops = append(ops, operation{what: opTook, name: histDocument + priority, n: e.Duration.Microseconds()})
		}
		return ops
	case StageDone:
		ops := []operation{{what: opTook, name: histStage + string(e.Stage), n: e.Duration.Microseconds()}}
		if e.Outcome == batch.OutcomeFailed {
			ops = append(ops, operation{what: opAdd, name: fieldFailed + string(e.Stage), n: 1})
		}
		return ops
	case ErrorSeen:
		return []operation{
			{what: opAdd, name: fieldCategory + string(e.Category), n: 1},
			{what: opAdd, name: fieldErrorStage + string(e.Stage), n: 1},
			{what: opCause, name: clean(e.Fingerprint), text: about(e)},
		}
	case Resources:
		w, used := clean(e.Usage.Worker), 0
		for _, s := range e.Usage.Slots {
			used += s.Used
		}
		return []operation{
			{what: opAdd, name: fieldSamples + w, n: 1}, {what: opAdd, name: fieldCPU + w, n: milli(e.Usage.CPU)},
			{what: opAdd, name: fieldResident + w, n: e.Usage.Resident >> 10}, {what: opAdd, name: fieldReaders + w, n: e.Usage.Readers >> 10},
			{what: opAdd, name: fieldUsed + w, n: int64(used)},
		}
	case CacheUsed:
		kind, c := clean(e.Cache.Kind), e.Cache
		return []operation{
			{what: opAdd, name: fieldHits + kind, n: c.Hits}, {what: opAdd, name: fieldMisses + kind, n: c.Misses},
			{what: opAdd, name: fieldQueries + kind, n: c.Queries},
			{what: opAdd, name: fieldHitReads + kind, n: c.Times.Hits}, {what: opAdd, name: fieldHitTime + kind, n: c.Times.HitTime.Nanoseconds()},
			{what: opAdd, name: fieldStoreReads + kind, n: c.Times.Stores}, {what: opAdd, name: fieldStoreTime + kind, n: c.Times.StoreTime.Nanoseconds()},
		}
	}
	return nil
}

// particulars are what e says of its batch or worker alone.
func (k keys) particulars(e Event) []operation {
	at := strconv.FormatInt(e.At.UnixMilli(), 10)
	of := k.batch(e.Batch)
	switch e.Kind {
	case BatchStarted:
		return []operation{
			{what: opFirst, key: of, name: attrStart, text: at}, {what: opSet, key: of, name: attrEnd},
			{what: opSet, key: of, name: attrProject, text: e.Project}, {what: opSet, key: of, name: attrPriority, text: strconv.Itoa(int(e.Priority))},
			{what: opSet, key: of, name: attrTotal, text: strconv.Itoa(e.Counts.Total)},
		}
	case BatchCompleted:
		c := e.Counts
		counts := strings.Join([]string{num(c.Total), num(c.Completed), num(c.Skipped), num(c.Failed), num(c.Cancelled)}, bar)
		return []operation{
			{what: opFirst, key: of, name: attrStart, text: num10(e.At.Add(-e.Duration).UnixMilli())},
			{what: opSet, key: of, name: attrEnd, text: at}, {what: opSet, key: of, name: attrCounts, text: counts},
			{what: opSet, key: of, name: attrProject, text: e.Project}, {what: opSet, key: of, name: attrPriority, text: strconv.Itoa(int(e.Priority))},
			{what: opSet, key: of, name: attrTotal, text: strconv.Itoa(c.Total)},
		}
	case DocumentDone:
		if e.Rows < 0 && e.Batch != "" {
			return []operation{{what: opSlot, key: k.slots(e.Batch), name: slotOf(e.At), n: int64(e.Rows)}}
		}
		if wasRead(e) && e.Batch != "" {
			return []operation{
				{what: opSlot, key: k.slots(e.Batch), name: slotOf(e.At), n: 1},
				{what: opSlow, key: k.slowest(e.Batch), name: strconv.Itoa(e.Row), n: e.Duration.Microseconds()},
			}
		}
	case Resources:
		return []operation{{what: opSet, key: k.worker(clean(e.Usage.Worker)), name: attrLatest, text: at + bar + sample(*e.Usage)}}
	}
	return nil
}

// wasRead says whether a document that is done was looked at, so that its duration
// tells something.
func wasRead(e Event) bool { return e.Rows == 0 && e.Outcome != batch.OutcomeCancelled }

// about is what is kept of a cause beside its count.
func about(e Event) string {
	return strings.Join([]string{string(e.Category), string(e.Stage), clean(e.Type), e.Batch}, bar)
}

// request is the script's keys and arguments for events.
type request struct {
	keys  []string
	args  []any
	place map[string]int // in keys, from 1
}

func newRequest(ttlMS int64) *request {
	return &request{args: []any{ttlMS, maxCauses, keptSlowest}, place: map[string]int{}}
}

func (r *request) at(key string) int {
	n, ok := r.place[key]
	if !ok {
		r.keys = append(r.keys, key)
		n = len(r.keys)
		r.place[key] = n
	}
	return n
}

func (r *request) add(ms int64, c counted) {
	r.args = append(r.args, r.at(c.set), ms, c.member, len(c.hashes))
	for _, h := range c.hashes {
		r.args = append(r.args, r.at(h))
	}
	r.args = append(r.args, len(c.operations))
	for _, o := range c.operations {
		r.args = append(r.args, o.what)
		switch o.what {
		case opAdd:
			r.args = append(r.args, o.name, o.n, "")
		case opTook:
			r.args = append(r.args, o.name, bucketOf(o.n), o.n)
		case opCause:
			r.args = append(r.args, o.name, o.text, "")
		case opSet, opFirst:
			r.args = append(r.args, r.at(o.key), o.name, o.text)
		case opSlot, opSlow:
			r.args = append(r.args, r.at(o.key), o.name, o.n)
		}
	}
}
