package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
)

// FailureFilter selects failed rows. Zero fields select all.
type FailureFilter struct {
	Batch   string
	Project string
	Since   time.Time // rows that finished then or later
}

// Failures are failed rows counted in several ways, all of one moment. Failures
// of attachments are not among them: they are no rows.
type Failures struct {
	Failed   int
	Counts   batch.Counts   // of the batch; zero unless one was selected
	Causes   []Cause        // most frequent first
	Formats  []FormatCount  // most frequent first
	Projects []ProjectCount // most frequent first
	Hours    []HourCount    // in order of time
}

// Cause is failures that have category, stage, type and fingerprint in common.
type Cause struct {
	Category    batch.Category
	Stage       batch.Stage
	Type        string
	Fingerprint string
	Message     string   // of the first failure in the first of Batches
	Rules       []string // what gave them their category, that of most first; those that were not kept are left out
	Count       int
	Batches     []CauseBatch // the batch with the most of them first
}

// CauseBatch is a cause's failures in one batch.
type CauseBatch struct {
	Batch, Project string
	Count          int
	Row            int             // the first of them
	Recoveries     []CauseRecovery // that have, or had, some of them; a row is in one of them at most
}

// Open is how many of the failures no recovery has completed or has in work.
func (b CauseBatch) Open() int {
	n := b.Count
	for _, r := range b.Recoveries {
		n -= r.Recovered + r.Recovering
	}
	return n
}

// CauseRecovery is how many failures a batch has recovered, and how many of them it
// has still to read.
type CauseRecovery struct {
	Batch                 string
	Recovered, Recovering int
}

// FormatCount is how many failed rows agree in what tells their file's format.
type FormatCount struct {
	Stored    string // format of the project's document with the same content; "" if there is none
	ErrorType string
	Extension string // of the row's name, or of its URI if it has none: lower case, without the dot; "" if there is none
	Count     int
}

// ProjectCount is how many failed rows a project has.
type ProjectCount struct {
	Project string
	Count   int
}

// HourCount is how many failed rows finished within an hour, which begins at
// Hour, in UTC. Hour is zero for those whose finish was not recorded.
type HourCount struct {
	Hour  time.Time
	Count int
}

// Failures counts failed rows by cause, format, project and hour. If f names a
// batch that does not exist it is ErrNotFound.
func (s *Store) Failures(ctx context.Context, f FailureFilter) (Failures, error) {
	var out Failures
	err := s.view(ctx, "count failures", func(ctx context.Context, tx bun.Tx) (err error) {
		if f.Batch != "" {
			t, err := selectTally(ctx, tx, f.Batch)
			if err != nil {
				return err
			}
			out.Counts = t.Counts
		}
		if out.Causes, err = selectCauses(ctx, tx, f); err != nil {
			return err
		}
		if out.Formats, err = selectFormats(ctx, tx, f); err != nil {
			return err
		}
		if out.Projects, err = selectProjects(ctx, tx, f); err != nil {
			return err
		}
		out.Hours, err = selectHours(ctx, tx, f)
		return err
	})
	for _, c := range out.Causes {
		out.Failed += c.Count
	}
	return out, err
}

// from selects the failed rows r with their batches b. The join is CROSS, which
// has SQLite go from the batches to their failed rows, by the index of outcomes.
func (f FailureFilter) from(tx bun.Tx) *bun.SelectQuery {
	q := tx.NewSelect().TableExpr("batches AS b").Join("CROSS JOIN batch_rows AS r").
		Where("r.batch = b.id").Where("r.outcome = ?", string(batch.OutcomeFailed))
	if f.Batch != "" {
		q.Where("b.id = ?", f.Batch)
	}
	if f.Project != "" {
		q.Where("b.project = ?", f.Project)
	}
	if !f.Since.IsZero() {
		q.Where("r.finished_at >= ?", toMicros(f.Since))
	}
	return q
}

func selectCauses(ctx context.Context, tx bun.Tx, f FailureFilter) ([]Cause, error) {
	var groups []struct {
		Batch, Project                                   string
		Category, Stage, ErrorType, Fingerprint, Message string
		Failures, FirstRow                               int
	}
	grouped := f.from(tx).
		ColumnExpr("r.batch, b.project, r.category, r.stage, r.error_type, r.fingerprint").
		ColumnExpr("count(*) AS failures, min(r.row_no) AS first_row").
		GroupExpr("r.batch, b.project, r.category, r.stage, r.error_type, r.fingerprint")
	err := tx.NewSelect().TableExpr("(?) AS g", grouped).
		Join("JOIN batch_rows AS r ON r.batch = g.batch AND r.row_no = g.first_row").
		ColumnExpr("g.*, r.message").
		OrderExpr("g.failures DESC, g.batch, g.first_row").Scan(ctx, &groups)
	if err != nil {
		return nil, err
	}
	type key struct{ category, stage, errorType, fingerprint string }
	places := map[key]int{}
	causes := []Cause{}
	for _, g := range groups {
		k := key{g.Category, g.Stage, g.ErrorType, g.Fingerprint}
		at, known := places[k]
		if !known {
			at = len(causes)
			places[k] = at
			causes = append(causes, Cause{
				Category: batch.Category(g.Category), Stage: batch.Stage(g.Stage), Type: g.ErrorType,
				Fingerprint: g.Fingerprint, Message: g.Message,
			})
		}
		causes[at].Count += g.Failures
		causes[at].Batches = append(causes[at].Batches, CauseBatch{Batch: g.Batch, Project: g.Project, Count: g.Failures, Row: g.FirstRow})
	}
	if err := selectRules(ctx, tx, f, func(category, stage, errorType, fingerprint, rule string) {
		if at, known := places[key{category, stage, errorType, fingerprint}]; known {
			causes[at].Rules = append(causes[at].Rules, rule)
		}
	}); err != nil {
		return nil, err
	}
	if err := selectRecovered(ctx, tx, f, func(category, stage, errorType, fingerprint, batchID string, r CauseRecovery) {
		at, known := places[key{category, stage, errorType, fingerprint}]
		if !known {
			return
		}
		in := causes[at].Batches
		if i := slices.IndexFunc(in, func(b CauseBatch) bool { return b.Batch == batchID }); i >= 0 {
			in[i].Recoveries = append(in[i].Recoveries, r)
		}
	}); err != nil {
		return nil, err
	}
	slices.SortStableFunc(causes, func(a, b Cause) int { return cmp.Compare(b.Count, a.Count) })
	return causes, nil
}

// selectRules tells add the rules that decided on each cause, that of most of its
// failures first.
func selectRules(ctx context.Context, tx bun.Tx, f FailureFilter, add func(category, stage, errorType, fingerprint, rule string)) error {
	var rules []struct {
		Category, Stage, ErrorType, Fingerprint, Rule string
	}
	err := f.from(tx).Where("r.rule <> ''").Column("r.category", "r.stage", "r.error_type", "r.fingerprint", "r.rule").
		GroupExpr("1, 2, 3, 4, 5").OrderExpr("count(*) DESC, 5").Scan(ctx, &rules)
	for _, r := range rules {
		add(r.Category, r.Stage, r.ErrorType, r.Fingerprint, r.Rule)
	}
	return err
}

// What follows the last slash of a path, and the last dot of that: rtrim takes
// from the end all characters that the text holds besides.
const (
	base      = `substr(p.path, length(rtrim(p.path, replace(p.path, '/', ''))) + 1)`
	extension = `CASE WHEN n.base LIKE '%.%' THEN lower(substr(n.base, length(rtrim(n.base, replace(n.base, '.', ''))) + 1)) ELSE '' END`
)

func selectFormats(ctx context.Context, tx bun.Tx, f FailureFilter) ([]FormatCount, error) {
	formats := []FormatCount{}
	named := f.from(tx).ColumnExpr("r.error_type").
		ColumnExpr("CASE WHEN r.name <> '' THEN r.name ELSE r.uri END AS path").
		ColumnExpr(`coalesce((SELECT min(d.format) FROM documents AS d
			WHERE d.project = b.project AND d.sha256 = r.sha256 AND r.sha256 <> ''), '') AS stored`)
	based := tx.NewSelect().TableExpr("(?) AS p", named).ColumnExpr("p.error_type, p.stored, " + base + " AS base")
	err := tx.NewSelect().TableExpr("(?) AS n", based).
		ColumnExpr("n.stored, n.error_type, "+extension+" AS extension, count(*) AS count").
		GroupExpr("1, 2, 3").OrderExpr("count DESC, 1, 3, 2").Scan(ctx, &formats)
	return formats, err
}

func selectProjects(ctx context.Context, tx bun.Tx, f FailureFilter) ([]ProjectCount, error) {
	projects := []ProjectCount{}
	err := f.from(tx).ColumnExpr("b.project, count(*) AS count").
		GroupExpr("b.project").OrderExpr("count DESC, b.project").Scan(ctx, &projects)
	return projects, err
}

func selectHours(ctx context.Context, tx bun.Tx, f FailureFilter) ([]HourCount, error) {
	var counts []struct {
		Hour  int64 // since 1970
		Count int
	}
	err := f.from(tx).ColumnExpr("r.finished_at / ? AS hour, count(*) AS count", time.Hour.Microseconds()).
		GroupExpr("1").OrderExpr("1").Scan(ctx, &counts)
	hours := make([]HourCount, len(counts))
	for i, c := range counts {
		hours[i] = HourCount{Hour: fromMicros(c.Hour * time.Hour.Microseconds()), Count: c.Count}
	}
	return hours, err
}
