package metrics

import (
	"strconv"
	"time"
)

// fine is the length of the smallest interval that is counted beside its events.
const fine = 5 * time.Minute

// The forms of the times in keys, in UTC.
const (
	hourForm = "2006010215"
	fineForm = "200601021504"
)

// concern is what is counted together: a summary reads one.
type concern string

const (
	ofBatches concern = "batches"
	ofStages  concern = "stages"
	ofErrors  concern = "errors"
	ofWorkers concern = "workers"
	ofCache   concern = "cache"
)

// kindsOf are the events that a concern counts.
var kindsOf = map[concern][]Kind{
	ofBatches: {BatchStarted, BatchCompleted, DocumentDone},
	ofStages:  {StageDone},
	ofErrors:  {ErrorSeen},
	ofWorkers: {Resources},
	ofCache:   {CacheUsed},
}

var concernOf = func() map[Kind]concern {
	m := map[Kind]concern{}
	for c, kinds := range kindsOf {
		for _, k := range kinds {
			m[k] = c
		}
	}
	return m
}()

// keys names the keys of metrics. Batch and project IDs hold no colon.
type keys struct{ prefix string }

// events is the sorted set of the events of a kind in one hour.
func (k keys) events(kind Kind, at time.Time) string {
	return k.prefix + "events:" + string(kind) + ":" + at.UTC().Format(hourForm)
}

// hour and fine are the hashes of what an hour, and five minutes, come to.
func (k keys) hour(c concern, at time.Time) string {
	return k.prefix + "hour:" + string(c) + ":" + at.UTC().Format(hourForm)
}

func (k keys) fine(c concern, at time.Time) string {
	return k.prefix + "5min:" + string(c) + ":" + at.UTC().Truncate(fine).Format(fineForm)
}

// batch is the hash of what a batch comes to.
func (k keys) batch(id string) string { return k.prefix + "batch:" + id }

// slots is the hash of the documents of a batch that ended, by slot of time.
func (k keys) slots(id string) string { return k.prefix + "batch:" + id + ":throughput" }

// slowest is the sorted set of the rows of a batch that took longest.
func (k keys) slowest(id string) string { return k.prefix + "batch:" + id + ":slowest" }

// worker is the hash of a worker's latest sample.
func (k keys) worker(identity string) string { return k.prefix + "worker:" + identity }

// slot is the length of the slots of a batch's throughput.
const slot = 10 * time.Second

func slotOf(at time.Time) string { return strconv.FormatInt(at.Truncate(slot).Unix(), 10) }
