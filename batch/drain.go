package batch

import "math"

// drain is how the last documents of a batch end: fewer and fewer are in work, until
// the longest of them ends. It takes what stages tell beyond the times at which
// documents end: how many are worked on at once, and how much their times differ.
type drain struct {
	atOnce float64 // documents worked on at once, at least 1; 0 if it is not known
	cv2    float64 // variance of the time that a document takes, over its mean's square
	// High allows for as many at once, and as great a spread, as may be.
	atMost, wide float64
}

const (
	// usual is the cv2 of log-normal times with sigma 1, which High allows for until
	// documents have told otherwise, and widest the greatest that they are taken to have.
	usual  = 1.72
	widest = 2.5
	// hidden is the share of the documents in work that are taken to be longer than all
	// that ended: long ones are in work for longer.
	hidden = 0.125
)

// newDrain tells how a batch drains by the work done in elapsed seconds: total seconds
// of n documents, of which the slowest took slowest, 0 if that is not known.
// inFlight have begun and not ended.
//
// What the w documents in work have taken so far is in no total. In equilibrium that
// is m·(1 + cv²)/2 each for a mean time m (the age of a renewal process: Cox, "Renewal
// theory", 1962, ch. 5), and as the batch began only elapsed ago, a truncated
// exponential time with that mean. With exponential times m is w·elapsed/n, as those in
// work count by the time they took (Epstein and Sobel, "Life testing", 1953), and else
// the mean of those done. w is what makes total and ages w·elapsed. If nothing does, it
// may be atOnce, or twice what the total shows, and is taken to be half-way to that, by
// ratio.
func newDrain(elapsed, total, n, slowest, inFlight float64) drain {
	if elapsed <= 0 || total <= 0 || n < 1 {
		return drain{}
	}
	least := total / elapsed // at once, on average
	d := drain{cv2: 1, wide: usual}
	if slowest > 0 {
		ratio := slowest * n / total
		d.cv2 = (n*spreadOf(ratio, n, 0) + alike) / (n + alike)
		d.wide = max(d.cv2, (n*spreadOf(ratio, n, hidden*least)+alike*usual)/(n+alike))
	}
	k := min(d.cv2, 1)
	missing := func(w float64) float64 { // of the work that w at once do
		mean := k*w*elapsed/n + (1-k)*total/n
		age := mean * (1 + k) / 2
		return w*(elapsed+age*math.Expm1(-elapsed/age)) - total
	}
	low, high := max(least, 1), max(min(max(atOnce, 2*least), inFlight), least, 1)
	d.atOnce, d.atMost = math.Sqrt(low*high), high
	if missing(high) > 0 {
		for range 30 {
			if mid := (low + high) / 2; missing(mid) > 0 {
				high = mid
			} else {
				low = mid
			}
		}
		d.atOnce, d.atMost = high, high
	}
	return d
}

// spreadOf is the squared coefficient of variation of log-normal times of which the
// longest of n is ratio times the mean, as is expected of it (Blom, "Statistical
// estimates and transformed beta-variables", 1958). longer documents besides are
// longer still.
func spreadOf(ratio, n, longer float64) float64 {
	z := math.Sqrt2 * math.Erfinv(2*(n-0.375)/(n+longer+0.25)-1)
	sigma := z - math.Sqrt(max(z*z-2*math.Log(max(ratio, 1)), 0))
	return min(math.Expm1(sigma*sigma), widest)
}

// widened is d as High takes it.
func (d drain) widened() drain {
	d.atOnce, d.cv2 = d.atMost, d.wide
	return d
}

// left is the mean and the variance of the time that r documents take, in mean times
// between the ends of documents while atOnce are in work, and their squares.
//
// Until no more than b = min(r, atOnce) are left one ends after the other; then it is
// the longest of b. With exponential times, that takes 1 + 1/2 + ... + 1/b of their
// mean, with variance 1 + 1/4 + ... + 1/b² (Rényi, "On the theory of order statistics",
// 1953); with constant times, the longest of b uniform ones, b/(b + 1). Times that
// differ less than exponential ones are taken in between. Of those that differ more, what
// is left of a document in work is as in equilibrium: its mean is (1 + cv²)/2, and its
// squared coefficient of variation grows by 2.25 a unit of cv², up to that of
// log-normal times with sigma 1 (from the moments, (1 + cv²)³/3 for the square: Cox).
func (d drain) left(r float64) (mean, variance float64) {
	w, b := d.atOnce, min(r, d.atOnce)
	h := math.Log(b+0.5) + 0.5772
	h2 := math.Pi*math.Pi/6 - 1/(b+0.5)
	k := min(d.cv2, 1)
	tail := (1-k)*b/(b+1) + k*h
	tailVar := (1-k)*b/((b+1)*(b+1)*(b+2)) + k*h2
	if d.cv2 > 1 {
		residue := (1 + d.cv2) / 2
		tail, tailVar = tail*residue, tailVar*residue*residue*(1+2.25*(d.cv2-1))
	}
	return r - b + w*tail, (r-b)*d.cv2 + w*w*tailVar
}
