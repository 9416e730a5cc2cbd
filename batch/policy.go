package batch

import "time"

// Growth says how the delay between retries grows.
type Growth string

// The ways a delay grows: d, 2d, 3d … or d, 2d, 4d ….
const (
	Linear      Growth = "linear"
	Exponential Growth = "exponential"
)

// RetryPolicy says how often, and after what delays, an error of one category
// is retried.
type RetryPolicy struct {
	Immediate int           // retries without delay, before the others
	Delayed   int           // retries after a delay
	Base      time.Duration // the first delay
	Growth    Growth
	Cap       time.Duration // no delay is longer
}

// Retries is how many retries the policy allows.
func (p RetryPolicy) Retries() int { return p.Immediate + p.Delayed }

// Delay is how long to wait before retry n (from 1), and whether there is one.
// retryAfter is what the service asked for; it wins over a shorter delay and is
// capped like it.
func (p RetryPolicy) Delay(n int, retryAfter time.Duration) (time.Duration, bool) {
	if n < 1 || n > p.Retries() {
		return 0, false
	}
	var d time.Duration
	if k := n - p.Immediate; k > 0 {
		d = p.grow(k)
	}
	return min(max(d, retryAfter), max(p.Cap, 0)), true
}

// grow is the k-th delay, stopping at the cap before it can overflow.
func (p RetryPolicy) grow(k int) time.Duration {
	d := p.Base
	for i := 1; i < k && d < p.Cap; i++ {
		if p.Growth == Linear {
			d += p.Base
		} else {
			d *= 2
		}
	}
	return min(d, p.Cap)
}

// Policies holds a retry policy for each category.
type Policies map[Category]RetryPolicy

// DefaultPolicies are the policies in force unless configured otherwise.
func DefaultPolicies() Policies {
	return Policies{
		Transient: {Immediate: 3, Delayed: 3, Base: 2 * time.Second, Growth: Exponential, Cap: time.Minute},
		Resource:  {Delayed: 5, Base: time.Minute, Growth: Linear, Cap: 10 * time.Minute},
		RateLimit: {Delayed: 10, Base: time.Minute, Growth: Exponential, Cap: time.Hour},
	}
}
