package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// AuditPhase is how far a command was when its line was written.
type AuditPhase string

// The phases. A command that is carried out by a batch's workflow has a line of
// each; what was asked and refused has the first alone.
const (
	AuditAsked   AuditPhase = "asked"
	AuditInForce AuditPhase = "in_force"
)

// AuditLine is a line of the audit log: who commanded what, when, on which batch. It
// names no documents.
type AuditLine struct {
	N      int64             `json:"n"` // from 1, without gaps
	At     time.Time         `json:"at"`
	Actor  string            `json:"actor"`
	Phase  AuditPhase        `json:"phase"`
	Action string            `json:"action"`
	Batch  string            `json:"batch,omitempty"`
	Detail map[string]string `json:"detail,omitempty"`
	// Hash is the SHA-256, in hex, of the Hash of the line before it (64 zeros for
	// the first) and of this line's other values.
	Hash string `json:"hash"`
}

// AuditFilter selects lines. Its zero value selects all.
type AuditFilter struct {
	Batch string // only those of this batch
	Limit int    // the latest so many; 0 for all
}

type auditModel struct {
	bun.BaseModel `bun:"table:audit"`

	N      int64  `bun:"n,pk"`
	Key    string `bun:"key"`
	At     int64  `bun:"at"`
	Actor  string `bun:"actor"`
	Phase  string `bun:"phase"`
	Action string `bun:"action"`
	Batch  string `bun:"batch"`
	Detail string `bun:"detail"`
	Hash   string `bun:"hash"`
}

// noLine is the hash before the first line.
var noLine = hex.EncodeToString(make([]byte, sha256.Size))

// chained is the hash of the line after one that has the hash before.
func (m auditModel) chained(before string) (string, error) {
	raw, err := json.Marshal([]any{before, m.N, m.Key, m.At, m.Actor, m.Phase, m.Action, m.Batch, m.Detail})
	if err != nil {
		return "", fmt.Errorf("hash line: %w", err)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}

func (m auditModel) line() (AuditLine, error) {
	l := AuditLine{
		N: m.N, At: fromMicros(m.At), Actor: m.Actor, Phase: AuditPhase(m.Phase), Action: m.Action, Batch: m.Batch, Hash: m.Hash,
	}
	return l, decode(m.Detail, &l.Detail)
}

// Audit adds a line to the audit log; N and Hash are the store's to give. Adding a
// second line with a key changes nothing; an empty key is one of its own.
func (s *Store) Audit(ctx context.Context, l AuditLine, key string) error {
	const what = "write audit log"
	if l.Actor == "" || l.Action == "" || l.At.IsZero() || l.Phase != AuditAsked && l.Phase != AuditInForce {
		return s.failed(ctx, what, invalid("a line has a time, an actor, a phase and an action"))
	}
	if key == "" {
		key = rand.Text()
	}
	m := auditModel{Key: key, At: toMicros(l.At), Actor: clean(l.Actor), Phase: string(l.Phase), Action: clean(l.Action), Batch: clean(l.Batch)}
	detail := map[string]string{}
	for k, v := range l.Detail {
		detail[clean(k)] = clean(v)
	}
	var err error
	if m.Detail, err = encode(detail, len(detail)); err != nil {
		return s.failed(ctx, what, err)
	}
	return s.update(ctx, what, func(ctx context.Context, tx bun.Tx) error {
		for { // until no other process has taken the number
			added, err := m.add(ctx, tx)
			if added || err != nil {
				return err
			}
		}
	})
}

// add adds the line after the last. It was not added if another process has just
// added one.
func (m auditModel) add(ctx context.Context, tx bun.Tx) (added bool, err error) {
	switch n, err := tx.NewSelect().Model((*auditModel)(nil)).Where("key = ?", m.Key).Count(ctx); {
	case err != nil:
		return false, err
	case n > 0:
		return true, nil
	}
	last := auditModel{Hash: noLine}
	err = tx.NewSelect().Model(&last).Order("n DESC").Limit(1).Scan(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	m.N = last.N + 1
	if m.Hash, err = m.chained(last.Hash); err != nil {
		return false, err
	}
	res, err := tx.NewInsert().Model(&m).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// AuditLog lists lines of the audit log, oldest first.
func (s *Store) AuditLog(ctx context.Context, f AuditFilter) ([]AuditLine, error) {
	const what = "read audit log"
	var ms []auditModel
	q := s.read.NewSelect().Model(&ms).Order("n DESC").Limit(int64(f.Limit))
	if f.Batch != "" {
		q = q.Where("batch = ?", f.Batch)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.failed(ctx, what, err)
	}
	lines := make([]AuditLine, len(ms))
	for i, m := range ms {
		l, err := m.line()
		if err != nil {
			return nil, s.failed(ctx, what, err)
		}
		lines[len(ms)-1-i] = l
	}
	return lines, nil
}

// AuditState is what checking the audit log came to.
type AuditState struct {
	Lines int64  `json:"lines"`
	Head  string `json:"head"` // hash of the last line
	// Broken is the first line that is not as it was written, or is missing; 0 if
	// all are. Missing says that the line with the hash asked for is not there.
	Broken  int64 `json:"broken,omitempty"`
	Missing bool  `json:"missing,omitempty"`
}

// Intact says whether nothing was changed.
func (a AuditState) Intact() bool { return a.Broken == 0 && !a.Missing }

// auditPage is how many lines are checked at once.
const auditPage = 1000

// CheckAudit computes the hashes anew. A line that was changed, or taken out from
// between others, shows; that lines were cut off at the end shows by known, the
// hash of a line that was there, or "" for none.
func (s *Store) CheckAudit(ctx context.Context, known string) (AuditState, error) {
	st := AuditState{Head: noLine, Missing: known != ""}
	err := s.view(ctx, "check audit log", func(ctx context.Context, tx bun.Tx) error {
		for {
			var ms []auditModel
			err := tx.NewSelect().Model(&ms).Where("n > ?", st.Lines).Order("n").Limit(auditPage).Scan(ctx)
			if err != nil || len(ms) == 0 {
				return err
			}
			for _, m := range ms {
				want, err := m.chained(st.Head)
				if err != nil {
					return err
				}
				if m.N != st.Lines+1 || m.Hash != want {
					st.Broken = st.Lines + 1
					return nil
				}
				st.Lines, st.Head = m.N, m.Hash
				st.Missing = st.Missing && m.Hash != known
			}
		}
	})
	return st, err
}
