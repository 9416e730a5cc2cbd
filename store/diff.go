package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
)

// DiffKind is a way in which a document differs between two batches.
type DiffKind string

// The ways a document differs. The last four may come together.
const (
	DiffOnlyFirst  DiffKind = "only_first"
	DiffOnlySecond DiffKind = "only_second"
	DiffOutcome    DiffKind = "outcome" // completed, and skipped as unchanged with the same content, are one
	DiffContent    DiffKind = "content" // other bytes; told if both rows have a hash
	DiffFailure    DiffKind = "failure" // both failed, with other fingerprints
	DiffResults    DiffKind = "results" // both completed, with other counts of what was read
)

// DiffKinds lists the ways a document differs, in the order they are shown.
func DiffKinds() []DiffKind {
	return []DiffKind{DiffOnlyFirst, DiffOnlySecond, DiffOutcome, DiffContent, DiffFailure, DiffResults}
}

// Diff is how two batches differ.
type Diff struct {
	First, Second Batch
	Matched       int // documents in both
	Differ        int // documents that differ, those only in one included
	Unchanged     int // documents that one batch completed and the other skipped as unchanged, with the same content: they do not differ
	Kinds         map[DiffKind]int
	Outcomes      []OutcomeChange // most frequent first
	Documents     []Difference    // by row of the first batch, then those only in the second
}

// OutcomeChange is how many documents ended one way in the first batch and
// another in the second. "" is pending.
type OutcomeChange struct {
	From, To batch.Outcome
	Count    int
}

// Difference is a document that differs.
type Difference struct {
	MatchedBy     string // id, name or uri
	Kinds         []DiffKind
	First, Second *DiffRow // nil where the batch does not have it
}

// DiffRow is a document in one of two batches.
type DiffRow struct {
	Row                                              int
	DocumentID, Name, URI                            string // DocumentID is the caller's
	Outcome                                          batch.Outcome
	Reason                                           string
	Category                                         batch.Category
	Fingerprint, SHA256                              string
	Pages, Chunks, Mentions, Entities, Relationships int
}

// pairs matches the rows of batches ?0 and ?1: by the ID that the caller gave, by
// name if no batch has it twice, else by URI. Rows with the same of these are
// matched in order.
const pairs = `WITH mine AS (
		SELECT batch, row_no, document_id, name, uri FROM batch_rows WHERE batch IN (?0, ?1)),
	twice AS (
		SELECT name FROM mine WHERE document_id = '' GROUP BY batch, name HAVING count(*) > 1),
	told AS (
		SELECT *, CASE WHEN document_id <> '' THEN 'id' WHEN name <> '' AND name NOT IN (SELECT name FROM twice) THEN 'name' ELSE 'uri' END AS matched_by
		FROM mine),
	keyed AS (
		SELECT batch, row_no, matched_by, CASE matched_by WHEN 'id' THEN document_id WHEN 'name' THEN name ELSE uri END AS same FROM told),
	placed AS (
		SELECT *, row_number() OVER (PARTITION BY batch, matched_by, same ORDER BY row_no) AS place FROM keyed),
	pairs AS (
		SELECT matched_by, max(CASE WHEN batch = ?0 THEN row_no END) AS first_row, max(CASE WHEN batch = ?1 THEN row_no END) AS second_row
		FROM placed GROUP BY matched_by, same, place)`

// differing are the pairs that differ, or lack one side, and those of which one is
// skipped as unchanged.
const differing = pairs + `
	SELECT p.matched_by,
		f.row_no, f.document_id, f.name, f.uri, f.outcome, f.reason, f.category, f.fingerprint, f.sha256, f.pages, f.chunks, f.mentions, f.entities, f.relationships,
		s.row_no, s.document_id, s.name, s.uri, s.outcome, s.reason, s.category, s.fingerprint, s.sha256, s.pages, s.chunks, s.mentions, s.entities, s.relationships
	FROM pairs AS p
	LEFT JOIN batch_rows AS f ON f.batch = ?0 AND f.row_no = p.first_row
	LEFT JOIN batch_rows AS s ON s.batch = ?1 AND s.row_no = p.second_row
	WHERE f.row_no IS NULL OR s.row_no IS NULL OR f.outcome <> s.outcome
		OR f.sha256 <> s.sha256 AND f.sha256 <> '' AND s.sha256 <> ''
		OR f.outcome = 'failed' AND f.fingerprint <> s.fingerprint
		OR f.outcome = 'completed' AND (f.pages <> s.pages OR f.chunks <> s.chunks OR f.mentions <> s.mentions
			OR f.entities <> s.entities OR f.relationships <> s.relationships)
	ORDER BY p.first_row IS NULL, p.first_row, p.second_row`

// Diff compares two batches, which may be of two projects, as they stand. A
// document is matched by the ID that the caller gave it, else by its name, or by
// its URI where a batch has several rows of that name. At most limit differences
// are listed, all if it is 0; all are counted. A batch that does not exist is
// ErrNotFound.
func (s *Store) Diff(ctx context.Context, first, second string, limit int) (Diff, error) {
	d := Diff{Kinds: map[DiffKind]int{}, Outcomes: []OutcomeChange{}, Documents: []Difference{}}
	err := s.view(ctx, "compare batches", func(ctx context.Context, tx bun.Tx) (err error) {
		if d.First, err = selectBatch(ctx, tx, first); err != nil {
			return err
		}
		if d.Second, err = selectBatch(ctx, tx, second); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, differing, first, second)
		if err != nil {
			return err
		}
		defer rows.Close()
		return d.count(rows, limit)
	})
	d.Matched = d.First.Rows - d.Kinds[DiffOnlyFirst]
	return d, err
}

func (d *Diff) count(rows *sql.Rows, limit int) error {
	changes := map[OutcomeChange]int{}
	for rows.Next() {
		e, err := scanDifference(rows)
		if err != nil {
			return err
		}
		if len(e.Kinds) == 0 {
			d.Unchanged++
			continue
		}
		d.Differ++
		for _, k := range e.Kinds {
			d.Kinds[k]++
			if k == DiffOutcome {
				changes[OutcomeChange{From: e.First.Outcome, To: e.Second.Outcome}]++
			}
		}
		if limit == 0 || len(d.Documents) < limit {
			d.Documents = append(d.Documents, e)
		}
	}
	for c, n := range changes {
		c.Count = n
		d.Outcomes = append(d.Outcomes, c)
	}
	slices.SortFunc(d.Outcomes, func(a, b OutcomeChange) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return rows.Err()
}

func scanDifference(rows *sql.Rows) (Difference, error) {
	var (
		e             Difference
		first, second nullableRow
	)
	fields := append([]any{&e.MatchedBy}, first.fields()...)
	if err := rows.Scan(append(fields, second.fields()...)...); err != nil {
		return e, err
	}
	e.First, e.Second = first.row(), second.row()
	e.Kinds = diffKinds(e.First, e.Second)
	return e, nil
}

// diffKinds says in which ways two rows of a document differ; nil is no row.
func diffKinds(f, s *DiffRow) []DiffKind {
	switch {
	case s == nil:
		return []DiffKind{DiffOnlyFirst}
	case f == nil:
		return []DiffKind{DiffOnlySecond}
	}
	var kinds []DiffKind
	sameHeld := f.SHA256 == s.SHA256 && f.SHA256 != "" && f.held() && s.held()
	if f.Outcome != s.Outcome && !sameHeld {
		kinds = append(kinds, DiffOutcome)
	}
	if f.SHA256 != s.SHA256 && f.SHA256 != "" && s.SHA256 != "" {
		kinds = append(kinds, DiffContent)
	}
	both := func(o batch.Outcome) bool { return f.Outcome == o && s.Outcome == o }
	if both(batch.OutcomeFailed) && f.Fingerprint != s.Fingerprint {
		kinds = append(kinds, DiffFailure)
	}
	if both(batch.OutcomeCompleted) && f.counts() != s.counts() {
		kinds = append(kinds, DiffResults)
	}
	return kinds
}

// held says whether the project holds what was read of the document.
func (r DiffRow) held() bool {
	return r.Outcome == batch.OutcomeCompleted || r.Outcome == batch.OutcomeSkipped && r.Reason == batch.ReasonUnchanged
}

func (r DiffRow) counts() [5]int {
	return [5]int{r.Pages, r.Chunks, r.Mentions, r.Entities, r.Relationships}
}

// nullableRow is a DiffRow that may not be there.
type nullableRow struct {
	no      sql.NullInt64
	strings [8]sql.NullString
	counts  [5]sql.NullInt64
}

// fields are where to scan the columns to, in their order.
func (n *nullableRow) fields() []any {
	all := []any{&n.no}
	for i := range n.strings {
		all = append(all, &n.strings[i])
	}
	for i := range n.counts {
		all = append(all, &n.counts[i])
	}
	return all
}

func (n *nullableRow) row() *DiffRow {
	if !n.no.Valid {
		return nil
	}
	text := func(i int) string { return n.strings[i].String }
	count := func(i int) int { return int(n.counts[i].Int64) }
	return &DiffRow{
		Row: int(n.no.Int64), DocumentID: text(0), Name: text(1), URI: text(2), Outcome: batch.Outcome(text(3)), Reason: text(4),
		Category: batch.Category(text(5)), Fingerprint: text(6), SHA256: text(7),
		Pages: count(0), Chunks: count(1), Mentions: count(2), Entities: count(3), Relationships: count(4),
	}
}
