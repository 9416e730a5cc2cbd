package store

import (
	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
)

// lineage are the common table expressions of a recursive query that find, of
// rows of a batch (the query's next parameter) that meet a condition on r, all
// that stand for the same row of the first original: in it, its recoveries, and
// theirs. That is family: row_no (of the rows asked for), batch and at_row.
func lineage(condition string) string {
	return `up(row_no, batch, at_row) AS (
			SELECT r.row_no, r.batch, r.row_no FROM batch_rows AS r WHERE r.batch = ? AND ` + condition + `
		UNION ALL
			SELECT u.row_no, p.id, r.origin_row FROM up AS u
			JOIN batches AS b ON b.id = u.batch JOIN batches AS p ON p.id = b.recovers
			JOIN batch_rows AS r ON r.batch = u.batch AND r.row_no = u.at_row
		),
		family(row_no, batch, at_row) AS (
			SELECT u.row_no, u.batch, u.at_row FROM up AS u JOIN batches AS b ON b.id = u.batch
			WHERE NOT EXISTS (SELECT 1 FROM batches AS p WHERE p.id = b.recovers)
		UNION ALL
			SELECT f.row_no, r.batch, r.row_no FROM family AS f
			JOIN batches AS b ON b.recovers = f.batch
			JOIN batch_rows AS r ON r.batch = b.id AND r.origin_row = f.at_row AND r.origin_row > 0
		)`
}

// isRecovered is an SQL condition on a row r: recovered, above.
const isRecovered = "(r.outcome = 'completed' OR r.outcome = 'skipped' AND r.reason = '" + batch.ReasonUnchanged + "')"

// judged is, as common table expressions of a recursive query, the failed rows of
// a batch, each with the place, cause and time of its latest failure, and why a
// recovery with this selection leaves it out: ” if it takes it. holder is the
// recovery that has it pending.
func judged(id string, sel batch.Selection) (ctes string, args []any) {
	selected, selectedArgs := selects(sel)
	curable, curableArgs := cures(sel)
	ctes = lineage("r.outcome = 'failed'") + `,
		stands AS (
			SELECT f.row_no, f.batch AS from_batch, f.at_row AS from_row,
				r.category, r.stage, r.error_type, r.fingerprint, r.message, r.finished_at,
				max(CASE WHEN ` + isRecovered + ` THEN 1 ELSE 0 END) OVER (PARTITION BY f.row_no) AS recovered,
				max(CASE WHEN r.outcome = '' THEN f.batch ELSE '' END) OVER (PARTITION BY f.row_no) AS holder,
				sum(CASE WHEN r.outcome = 'failed' AND r.origin_row > 0 THEN 1 ELSE 0 END) OVER (PARTITION BY f.row_no) AS failures,
				row_number() OVER (PARTITION BY f.row_no
					ORDER BY CASE WHEN r.outcome = 'failed' THEN 0 ELSE 1 END, r.finished_at DESC, f.batch DESC) AS place
			FROM family AS f JOIN batch_rows AS r ON r.batch = f.batch AND r.row_no = f.at_row
		),
		judged AS (
			SELECT r.*, CASE WHEN o.refused = 1 THEN '` + string(batch.LeftOutRefused) + `'
					WHEN r.recovered = 1 THEN '` + string(batch.LeftOutRecovered) + `'
					WHEN r.holder <> '' THEN '` + string(batch.LeftOutRecovering) + `'
					WHEN NOT ` + selected + ` THEN '` + string(batch.LeftOutNotSelected) + `'
					WHEN NOT ` + curable + ` THEN '` + string(batch.LeftOutIncurable) + `'
					WHEN r.failures >= ? THEN '` + string(batch.LeftOutRetriesUsed) + `'
					ELSE '' END AS why
			FROM stands AS r JOIN batch_rows AS o ON o.batch = ? AND o.row_no = r.row_no
			WHERE r.place = 1
		)`
	args = append(append([]any{id}, selectedArgs...), curableArgs...)
	return ctes, append(args, sel.MaxRetries, id)
}

// selects is an SQL condition on r: it matches every list of sel.
func selects(sel batch.Selection) (condition string, args []any) {
	condition = "(1 = 1"
	if len(sel.Categories) > 0 {
		condition, args = condition+" AND r.category IN (?)", append(args, bun.List(sel.Categories))
	}
	if len(sel.Fingerprints) > 0 {
		condition, args = condition+" AND r.fingerprint IN (?)", append(args, bun.List(sel.Fingerprints))
	}
	if len(sel.Stages) > 0 {
		condition, args = condition+" AND r.stage IN (?)", append(args, bun.List(sel.Stages))
	}
	return condition + ")", args
}

// cures is an SQL condition on r, which sel selects: its failure is one that is
// recovered.
func cures(sel batch.Selection) (condition string, args []any) {
	if sel.RetryAll || len(sel.Categories)+len(sel.Fingerprints) > 0 {
		return "(1 = 1)", nil // named, or all
	}
	var curable []batch.Category
	for _, c := range batch.Categories() {
		if c.Curable() {
			curable = append(curable, c)
		}
	}
	return "(r.category IN (?))", []any{bun.List(curable)}
}
