package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"
)

// Throttle is how a service is left alone that asked for fewer requests.
type Throttle struct {
	Service string
	Until   time.Time // when it may be asked again; zero if it never asked
	Strikes int       // how often it has asked since it last answered
}

type throttleModel struct {
	bun.BaseModel `bun:"table:throttles"`

	Service string `bun:"service,pk"`
	Until   int64  `bun:"until"`
	Strikes int    `bun:"strikes"`
}

func (m throttleModel) throttle() Throttle {
	return Throttle{Service: m.Service, Until: fromMicros(m.Until), Strikes: m.Strikes}
}

// Throttle is how the service is left alone. Its Strikes are 0 if it is not.
func (s *Store) Throttle(ctx context.Context, service string) (Throttle, error) {
	m, err := selectThrottle(ctx, s.read, service)
	return m.throttle(), s.failed(ctx, "read throttle", err)
}

// maxThrottled bounds the services whose rows are left out: those of others are
// put off one by one.
const maxThrottled = 100

// Throttled lists the services that are left alone at a time, those first that
// may be asked again first.
func (s *Store) Throttled(ctx context.Context, at time.Time) ([]Throttle, error) {
	var ms []throttleModel
	err := s.read.NewSelect().Model(&ms).Where("until > ?", toMicros(at)).Order("until", "service").Limit(maxThrottled).Scan(ctx)
	ts := make([]Throttle, len(ms))
	for i, m := range ms {
		ts[i] = m.throttle()
	}
	return ts, s.failed(ctx, "list throttles", err)
}

// Strike notes that the service asked for fewer requests at now. It is left alone
// for what delay answers for the number of strikes, from 1. Requests that were
// under way when it asked first strike no second time; they may prolong it.
func (s *Store) Strike(ctx context.Context, service string, now time.Time, delay func(strikes int) time.Duration) (Throttle, error) {
	var m throttleModel
	err := s.update(ctx, "throttle service", func(ctx context.Context, tx bun.Tx) error {
		err := take(ctx, tx, turnThrottle, service)
		if err != nil {
			return err
		}
		if m, err = selectThrottle(ctx, tx, service); err != nil {
			return err
		}
		if m.Strikes == 0 || toMicros(now) >= m.Until {
			m.Strikes++
		}
		m.Until = max(m.Until, toMicros(now.Add(delay(m.Strikes))))
		_, err = tx.NewInsert().Model(&m).On("CONFLICT (service) DO UPDATE").
			Set("until = EXCLUDED.until").Set("strikes = EXCLUDED.strikes").Exec(ctx)
		return err
	})
	return m.throttle(), err
}

// Unthrottle notes that the service answered.
func (s *Store) Unthrottle(ctx context.Context, service string) error {
	return s.update(ctx, "unthrottle service", func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewDelete().Model((*throttleModel)(nil)).Where("service = ?", service).Exec(ctx)
		return err
	})
}

func selectThrottle(ctx context.Context, db bun.IDB, service string) (throttleModel, error) {
	m := throttleModel{Service: service}
	err := db.NewSelect().Model(&m).WherePK().Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return m, err
}
