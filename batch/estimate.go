package batch

import (
	"math"
	"slices"
	"time"
)

// Estimate is how long a batch will still take. In 8 of 10 cases it ends between
// Low and High.
type Estimate struct {
	Remaining time.Duration `json:"remaining_ns"` // the most likely
	Low       time.Duration `json:"low_ns"`
	High      time.Duration `json:"high_ns"`
}

// Bounds of an Estimator: blocks of equally many completions whose durations
// are compared with each other.
const (
	minBlocks = 5  // no estimate is given from fewer
	maxBlocks = 40 // more are merged pairwise
)

// What an estimate takes for granted, since completions do not tell.
const (
	// atOnce is how many documents may be in work at once, for High: towards the
	// end they become fewer, until the longest ends.
	atOnce = 8
	// alike is how many documents of exponential durations the variance is
	// reckoned with besides the real ones: the first few may be alike by chance.
	alike = 5
	// changed is the t statistic of a changed pace, high as the greatest of many.
	changed = 5
	// stalled is how many mean times between reports may pass without one.
	stalled = 4
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
	First     time.Duration   `json:"first_ns,omitempty"` // until the first report
	Reports   int             `json:"reports,omitempty"`  // calls of Done and DoneN
	PausedAt  time.Time       `json:"paused_at,omitzero"` // zero unless paused
	// BeganAt is when it began, later by the pauses since. Zero in those of earlier
	// versions.
	BeganAt time.Time `json:"began_at,omitzero"`
}

// NewEstimator starts an estimate at now.
func NewEstimator(now time.Time) *Estimator {
	return &Estimator{BlockSize: 1, OpenedAt: now, LastAt: now, BeganAt: now}
}

// Done records that a document ended at now. Calls are in order of time.
func (e *Estimator) Done(now time.Time) { e.DoneN(now, 1) }

// DoneN records that n documents, at least 1, ended since the last call, spread
// evenly over that time. Those that end in a pause count as if they had ended
// when it began.
func (e *Estimator) DoneN(now time.Time, n int) {
	if !e.PausedAt.IsZero() {
		now = e.PausedAt
	}
	from, took := e.LastAt, max(now.Sub(e.LastAt), 0)
	if e.Reports++; e.Reports == 1 {
		e.First = took
	}
	for i := range n {
		e.done(from.Add(time.Duration(float64(took) * float64(i+1) / float64(n))))
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
	e.OpenedAt, e.LastAt, e.PausedAt = e.OpenedAt.Add(paused), e.LastAt.Add(paused), time.Time{}
	if !e.BeganAt.IsZero() {
		e.BeganAt = e.BeganAt.Add(paused)
	}
}

// active is the time since the beginning without pauses, or since start if the
// beginning is not known.
func (e *Estimator) active(start, now time.Time) time.Duration {
	if !e.BeganAt.IsZero() {
		start = e.BeganAt
	}
	if !e.PausedAt.IsZero() {
		now = e.PausedAt
	}
	return now.Sub(start)
}

// elapsed is the time since the beginning without pauses; 0 while paused, or if it
// is not known.
func (e *Estimator) elapsed(now time.Time) time.Duration {
	if e.BeganAt.IsZero() || !e.PausedAt.IsZero() {
		return 0
	}
	return now.Sub(e.BeganAt)
}

func (e *Estimator) done(now time.Time) {
	e.Filled++
	e.LastAt = now
	if e.Filled < e.BlockSize {
		return
	}
	e.Blocks = append(e.Blocks, now.Sub(e.OpenedAt))
	e.Filled, e.OpenedAt = 0, now
	if len(e.Blocks) == maxBlocks {
		e.Blocks = paired(e.Blocks)
		e.BlockSize *= 2
	}
}

// Estimate is the time that remaining documents will take, or nil while fewer
// than minBlocks blocks are known, or the batch is paused.
//
// With a mean time g between completions, r documents take r·g ± t·g·sqrt(v·(r +
// r²/n)): the prediction interval for a sum of r values given n, where t is
// Student's for 80 % and v·g² their variance. Low is on a logarithmic scale. High
// allows for documents longer than any before, and for the end: of w documents in
// work, with exponential durations, the longest outlasts the mean pace by
// w·(1 + 1/2 + ... + 1/w) - w times g.
func (e *Estimator) Estimate(remaining int, now time.Time) *Estimate {
	return e.estimate(remaining, now, drain{})
}

// estimate is Estimate for a batch that ends as d says, if d knows: the mean and the
// variance of the time that the last documents take are then drain.left's, High has
// those of the spread that it allows for, and Remaining is half-way between both means.
func (e *Estimator) estimate(remaining int, now time.Time, d drain) *Estimate {
	if len(e.Blocks) < minBlocks || remaining <= 0 || !e.PausedAt.IsZero() {
		return nil
	}
	blocks, size := e.evidence(now)
	mean, _ := moments(blocks)
	if mean == 0 {
		return &Estimate{}
	}
	g, n, r := mean/size, float64(len(blocks))*size, float64(remaining)
	v, t := e.spread(blocks, size)
	v = (v*n + alike) / (n + alike)
	longest := slices.Max(blocks)/mean - 1
	high := v + longest*longest*size/float64(len(blocks)) // one more block as long as that
	idle := now.Sub(e.LastAt).Seconds()
	// What has stalled takes as long again, from a ninth to five times that: the
	// median, 10 % and 83 % of a Pareto time with exponent 1.
	stall := max(idle-stalled*g*e.perReport(), 0)
	low := max(g*r-idle, g*r/2)
	below := t * g * math.Sqrt(v*(r+r*r/n))
	at := low + g*min(v, r) + stall
	above := math.Hypot(t*g*math.Sqrt(high*(r+r*r/n)), g*high*stragglers(r)+4*stall)
	if d.atOnce > 0 {
		b := min(r, d.atOnce)
		spread := func(v float64, d drain) (mean, s float64) {
			mean, variance := d.left(r)
			return mean, t * g * math.Sqrt(v*(r-b)+v*mean*mean/n+variance-(r-b)*d.cv2)
		}
		var mean, longer float64
		mean, below = spread(v, d)
		longer, above = spread(high, d.widened())
		low = max(g*mean-idle, g*mean/2)
		end := max(g*longer-idle, g*longer/2)
		at = (low+end)/2 + stall
		above = math.Hypot(above, 4*stall) + (end-low)/2
	}
	return &Estimate{
		Remaining: seconds(at),
		Low:       seconds(low*math.Exp(-below/low) + stall/9),
		High:      seconds(at + above),
	}
}

// stragglers is how much longer than r times the mean time between completions
// the last r documents take, in such times.
func stragglers(r float64) float64 {
	var sum float64
	w := min(r, atOnce)
	for i := 1.0; i <= w; i++ {
		sum += 1 / i
	}
	return atOnce*sum - w
}

// evidence is the durations, in seconds, of blocks of size documents at the
// present pace. The open block is with them where it is slower already.
func (e *Estimator) evidence(now time.Time) (blocks []float64, size float64) {
	var sum float64
	for _, d := range e.Blocks {
		blocks = append(blocks, d.Seconds())
		sum += d.Seconds()
	}
	size = float64(e.BlockSize)
	if open := now.Sub(e.OpenedAt).Seconds() * size / (float64(e.Filled) + e.perReport()); open > sum/float64(len(blocks)) {
		blocks = append(blocks, open)
		sum += open
	}
	// The first document may have waited for a worker to start.
	later, since := blocks[1:], sum-blocks[0]
	if first := e.First.Seconds(); first > 2*slices.Max(later) && first < since {
		blocks[0] = since / float64(len(later))
	}
	for size < e.perReport() && len(blocks) >= 2*minBlocks {
		blocks, size = paired(blocks), 2*size
	}
	return blocks[lastChange(blocks):], size
}

// perReport is the mean number of documents that were reported at once.
func (e *Estimator) perReport() float64 {
	return float64(len(e.Blocks)*e.BlockSize+e.Filled) / float64(max(e.Reports, 1))
}

// lastChange is the block at which the pace changed, or 0: the split with the
// greatest two-sample t statistic (Hawkins, "Testing a sequence of observations
// for a shift in location", 1977).
func lastChange(blocks []float64) (at int) {
	greatest := float64(changed)
	for i := minBlocks; i <= len(blocks)-minBlocks; i++ {
		m1, v1 := moments(blocks[:i])
		m2, v2 := moments(blocks[i:])
		n1, n2 := float64(i), float64(len(blocks)-i)
		pooled := (v1*(n1-1) + v2*(n2-1)) / (n1 + n2 - 2)
		if t := math.Abs(m1-m2) / math.Sqrt(pooled*(1/n1+1/n2)); t > greatest {
			greatest, at = t, i
		}
	}
	return at
}

// spread is the variance of the time between completions over the square of its
// mean, and the quantile of Student's t that goes with it. It is taken from the
// sums of blocks (batch means: Law, "Simulation modeling and analysis", ch. 9),
// which contain how neighbours depend on each other; of several lengths, the one
// that gives the widest interval counts. Within a report completions are spread
// evenly, which takes a third of its documents' variance off a block.
func (e *Estimator) spread(blocks []float64, size float64) (v, t float64) {
	for ; len(blocks) >= minBlocks; blocks, size = paired(blocks), 2*size {
		mean, variance := moments(blocks)
		v2 := variance / (mean * mean) * size / (1 - min(e.perReport()-1, size)/(3*size))
		t2 := student(float64(len(blocks) - 1))
		if t2*math.Sqrt(v2) >= t*math.Sqrt(v) {
			v, t = v2, t2
		}
	}
	return v, t
}

// student is the quantile of Student's t that an interval for 80 % takes
// (Abramowitz and Stegun, 26.7.5).
func student(df float64) float64 {
	const z = normal80
	return z + (z*z*z+z)/(4*df) + (5*math.Pow(z, 5)+16*z*z*z+3*z)/(96*df*df)
}

// paired is the sums of two blocks each, without the oldest if they are odd.
func paired[D time.Duration | float64](blocks []D) []D {
	blocks = blocks[len(blocks)%2:]
	sums := make([]D, len(blocks)/2)
	for i := range sums {
		sums[i] = blocks[2*i] + blocks[2*i+1]
	}
	return sums
}

func moments(x []float64) (mean, variance float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		variance += (v - mean) * (v - mean) / float64(len(x)-1)
	}
	return mean, variance
}

func seconds(s float64) time.Duration {
	return time.Duration(s * float64(time.Second)).Round(time.Millisecond)
}
