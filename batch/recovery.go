package batch

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// DefaultMaxRetries is how many recoveries a row may fail in unless told
// otherwise. MaxMaxRetries bounds what may be told.
const (
	DefaultMaxRetries = 3
	MaxMaxRetries     = 100
)

// LeftOut says why a recovery leaves a failed row out.
type LeftOut string

// The reasons, in the order they are looked for.
const (
	LeftOutRefused     LeftOut = "refused"      // it was refused at submission: to be put right and submitted again
	LeftOutRecovered   LeftOut = "recovered"    // an earlier recovery completed it
	LeftOutRecovering  LeftOut = "recovering"   // it is in a recovery that has not ended
	LeftOutNotSelected LeftOut = "not_selected" // by category, fingerprint or stage
	LeftOutIncurable   LeftOut = "incurable"    // its category does not pass by itself, and it was not named
	LeftOutRetriesUsed LeftOut = "retries_used" // it has failed in as many recoveries as it may
)

// Curable says whether failures of category c are recovered without being asked
// for by name: what caused them passes, or a person has put it right.
func (c Category) Curable() bool {
	switch c {
	case Transient, Resource, RateLimit, Configuration:
		return true
	}
	return false
}

// Selection says which failed rows of a batch a recovery takes. A row must match
// every list that is not empty. Rows of a category that is not Curable are taken
// if their category or fingerprint is named, or with RetryAll.
type Selection struct {
	Categories   []Category
	Fingerprints []string
	Stages       []Stage
	RetryAll     bool
	// MaxRetries is how many recoveries a row may have failed in: 1 to
	// MaxMaxRetries, default DefaultMaxRetries.
	MaxRetries int
}

// WithDefaults fills in what is not set.
func (s Selection) WithDefaults() Selection {
	if s.MaxRetries == 0 {
		s.MaxRetries = DefaultMaxRetries
	}
	return s
}

// Validate reports what is wrong with the selection.
func (s Selection) Validate() error {
	var errs []error
	for _, c := range s.Categories {
		if !c.Valid() {
			errs = append(errs, fmt.Errorf("category %q: want one of %v", string(c), Categories()))
		}
	}
	for _, st := range s.Stages {
		if !slices.Contains(Stages(), st) {
			errs = append(errs, fmt.Errorf("stage %q: want one of %v", string(st), Stages()))
		}
	}
	if s.MaxRetries < 1 || s.MaxRetries > MaxMaxRetries {
		errs = append(errs, fmt.Errorf("%d retries: want 1 to %d", s.MaxRetries, MaxMaxRetries))
	}
	return errors.Join(errs...)
}

// RecoveryGroup is failed rows of one cause that a recovery takes, or leaves out
// for one reason. The cause is that of each row's latest failure, in the batch or
// in a recovery.
type RecoveryGroup struct {
	Category    Category  `json:"category"`
	Stage       Stage     `json:"stage"`
	Type        string    `json:"type"`
	Fingerprint string    `json:"fingerprint"`
	Message     string    `json:"message"` // of one of them
	Count       int       `json:"count"`
	FailedAt    time.Time `json:"failed_at"`       // the latest of them
	Why         LeftOut   `json:"why,omitempty"`   // "" if they are taken
	Batch       string    `json:"batch,omitempty"` // of LeftOutRecovering: the recovery that holds them
}

// Recovery is a batch that recovers what failed in another.
type Recovery struct {
	Batch    string `json:"batch"`
	Recovers string `json:"recovers"`
	Status   Status `json:"status"`
	Rows     int    `json:"rows"`
}
