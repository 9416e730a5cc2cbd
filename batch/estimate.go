package batch

import (
	"math"
	"time"
)

// Estimate is how long a batch will still take.
type Estimate struct {
	Remaining time.Duration `json:"remaining_ns"` // the most likely
	Low       time.Duration `json:"low_ns"`       // 80 % interval around it
	High      time.Duration `json:"high_ns"`
}

// Bounds of an Estimator: blocks of equally many completions whose durations
// are compared with each other.
const (
	minBlocks = 5  // no estimate is given from fewer
	maxBlocks = 40 // more are merged pairwise
)

// Estimator estimates the remaining time of a batch from the times at which its
// documents were done. It keeps a bounded number of block durations, so it
// serves batches of any size, and is serialisable.
type Estimator struct {
	BlockSize int             `json:"block_size"` // completions in a block
	Blocks    []time.Duration `json:"blocks"`
	Filled    int             `json:"filled"` // completions in the open block
	OpenedAt  time.Time       `json:"opened_at"`
	LastAt    time.Time       `json:"last_at"`
	PausedAt  time.Time       `json:"paused_at,omitzero"` // zero unless paused
}

// NewEstimator starts an estimate at now.
func NewEstimator(now time.Time) *Estimator {
	return &Estimator{BlockSize: 1, OpenedAt: now, LastAt: now}
}

// Done records that a document ended at now. Calls are in order of time.
func (e *Estimator) Done(now time.Time) { e.DoneN(now, 1) }

// DoneN records that n documents ended since the last call, spread evenly over
// that time. Those that end during a pause count as if they had ended when it
// began.
func (e *Estimator) DoneN(now time.Time, n int) {
	now = e.clock(now)
	since := max(now.Sub(e.LastAt), 0)
	from := e.LastAt
	for i := range n {
		e.done(from.Add(since * time.Duration(i+1) / time.Duration(n)))
	}
}

// Pause stops the clock: until Resume, time is no evidence and no estimate is
// given.
func (e *Estimator) Pause(now time.Time) {
	if e.PausedAt.IsZero() {
		e.PausedAt = now
	}
}

// Resume lets the clock go on.
func (e *Estimator) Resume(now time.Time) {
	if e.PausedAt.IsZero() {
		return
	}
	paused := max(now.Sub(e.PausedAt), 0)
	e.OpenedAt, e.LastAt = e.OpenedAt.Add(paused), e.LastAt.Add(paused)
	e.PausedAt = time.Time{}
}

// clock is now, or when the pause began.
func (e *Estimator) clock(now time.Time) time.Time {
	if e.PausedAt.IsZero() {
		return now
	}
	return e.PausedAt
}

func (e *Estimator) done(now time.Time) {
	e.Filled++
	e.LastAt = now
	if e.Filled < e.BlockSize {
		return
	}
	e.Blocks = append(e.Blocks, now.Sub(e.OpenedAt))
	e.Filled, e.OpenedAt = 0, now
	if len(e.Blocks) < maxBlocks {
		return
	}
	for i := range maxBlocks / 2 {
		e.Blocks[i] = e.Blocks[2*i] + e.Blocks[2*i+1]
	}
	e.Blocks = e.Blocks[:maxBlocks/2]
	e.BlockSize *= 2
}

// Estimate is the time that remaining documents will take, or nil while fewer
// than minBlocks blocks are known.
//
// The bounds are the normal prediction interval for a sum of m future blocks
// given n past ones, mean·m ± z·s·sqrt(m + m²/n), with z for 80 %.
func (e *Estimator) Estimate(remaining int, now time.Time) *Estimate {
	if len(e.Blocks) < minBlocks || remaining <= 0 || !e.PausedAt.IsZero() {
		return nil
	}
	blocks := e.evidence(now)
	n := float64(len(blocks))
	var sum float64
	for _, d := range blocks {
		sum += d
	}
	mean := sum / n
	var sq float64
	for _, d := range blocks {
		sq += (d - mean) * (d - mean)
	}
	s := math.Sqrt(sq / (n - 1))
	m := float64(remaining) / float64(e.BlockSize)
	const z = 1.2816
	half := z * s * math.Sqrt(m+m*m/n)
	// Time since the last completion has been served already, up to the mean
	// time between two of them.
	served := min(now.Sub(e.LastAt).Seconds(), mean/float64(e.BlockSize))
	at := max(mean*m-served, 0)
	return &Estimate{Remaining: seconds(at), Low: seconds(max(at-half, 0)), High: seconds(at + half)}
}

// evidence is the block durations in seconds, with the open block where it is
// already slower than the others: a stalled batch must not look like a fast one.
func (e *Estimator) evidence(now time.Time) []float64 {
	blocks := make([]float64, 0, len(e.Blocks)+1)
	var sum float64
	for _, d := range e.Blocks {
		blocks = append(blocks, d.Seconds())
		sum += d.Seconds()
	}
	open := now.Sub(e.OpenedAt).Seconds() * float64(e.BlockSize) / float64(e.Filled+1)
	if open > sum/float64(len(e.Blocks)) {
		blocks = append(blocks, open)
	}
	return blocks
}

func seconds(s float64) time.Duration {
	return time.Duration(s * float64(time.Second)).Round(time.Millisecond)
}
