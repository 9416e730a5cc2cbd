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
// is retried. As text it is the compact form that ParseRetryPolicy reads.
type RetryPolicy struct {
	Immediate int           // retries without delay, before the others
	Delayed   int           // retries after a delay; with Immediate, MaxRetries at most
	Base      time.Duration // the first delay: MinDelay to MaxDelay
	Growth    Growth
	Cap       time.Duration // no delay is longer, but for its jitter: Base to MaxDelay
	Jitter    float64       // by what share of itself a delay is stretched at most: 0 to 1
}

// Bounds of a RetryPolicy. What fails more often than that is for a recovery, and
// not for one more retry.
const (
	MaxRetries = 19
	MinDelay   = 100 * time.Millisecond
	MaxDelay   = 24 * time.Hour
)

// Retries is how many retries the policy allows.
func (p RetryPolicy) Retries() int { return p.Immediate + p.Delayed }

// Delay is how long to wait before retry n (from 1), jitter apart, and whether
// there is such a retry.
// retryAfter is what the service asked for, 0 if nothing; it wins over the
// policy's delay, and is capped like it.
func (p RetryPolicy) Delay(n int, retryAfter time.Duration) (time.Duration, bool) {
	if n < 1 || n > p.Retries() {
		return 0, false
	}
	d := retryAfter
	if k := n - p.Immediate; k > 0 && d <= 0 {
		d = p.grow(k)
	}
	return min(max(d, 0), max(p.Cap, 0)), true
}

// Jittered is the delay d stretched by r times its jitter, r being a random number
// in [0, 1). Retries without delay stay so.
func (p RetryPolicy) Jittered(d time.Duration, r float64) time.Duration {
	return d + time.Duration(r*min(max(p.Jitter, 0), 1)*float64(d))
}

// Delays are those before each retry in turn, jitter and a service's wishes
// apart.
func (p RetryPolicy) Delays() []time.Duration {
	delays := make([]time.Duration, 0, max(p.Retries(), 0))
	for n := 1; ; n++ {
		d, again := p.Delay(n, 0)
		if !again {
			return delays
		}
		delays = append(delays, d)
	}
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

// DefaultPolicies are the policies in force unless configured otherwise. Errors
// that need a person, or that will not change, are not retried; the rest of their
// policy is for who sets a number of retries.
func DefaultPolicies() Policies {
	const jitter = 0.1
	never := RetryPolicy{Base: time.Minute, Growth: Exponential, Cap: time.Hour, Jitter: jitter}
	return Policies{
		Transient:     {Immediate: 3, Delayed: 3, Base: 2 * time.Second, Growth: Exponential, Cap: time.Minute, Jitter: jitter},
		Resource:      {Delayed: 5, Base: time.Minute, Growth: Linear, Cap: 10 * time.Minute, Jitter: jitter},
		RateLimit:     {Delayed: 10, Base: time.Minute, Growth: Exponential, Cap: time.Hour, Jitter: jitter},
		Configuration: never,
		Data:          never,
		Permanent:     never,
	}
}
