package store

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

// Warnings counts the documents of a batch, attachments among them, by the codes of
// their warnings: the most frequent first.
func (s *Store) Warnings(ctx context.Context, batchID string) ([]batch.WarningCount, error) {
	const what = "count warnings"
	rows, err := s.read.QueryContext(ctx, `SELECT d.warnings FROM batch_rows AS r JOIN batches AS b ON b.id = r.batch
			JOIN documents AS d ON d.project = b.project AND d.id = r.document WHERE r.batch = ? AND r.document <> '' AND d.warnings <> ''
		UNION ALL SELECT d.warnings FROM batch_rows AS r JOIN batches AS b ON b.id = r.batch
			JOIN document_links AS l ON l.project = b.project AND l.parent = r.document
			JOIN documents AS d ON d.project = l.project AND d.id = l.child WHERE r.batch = ? AND r.attachments > 0 AND d.warnings <> ''`, batchID, batchID)
	if err != nil {
		return nil, s.failed(ctx, what, err)
	}
	defer rows.Close()
	counts := map[string]int{}
	for rows.Next() {
		var encoded string
		var warnings []document.Warning
		if err := rows.Scan(&encoded); err != nil {
			return nil, s.failed(ctx, what, err)
		}
		if err := decode(encoded, &warnings); err != nil {
			return nil, s.failed(ctx, what, err)
		}
		seen := map[string]bool{}
		for _, w := range warnings {
			if !seen[w.Code] {
				seen[w.Code] = true
				counts[w.Code]++
			}
		}
	}
	if err := rows.Err(); err != nil {
		return nil, s.failed(ctx, what, err)
	}
	var all []batch.WarningCount
	for code, n := range counts {
		all = append(all, batch.WarningCount{Code: code, Documents: n})
	}
	slices.SortFunc(all, func(a, b batch.WarningCount) int {
		return cmp.Or(cmp.Compare(b.Documents, a.Documents), cmp.Compare(a.Code, b.Code))
	})
	return all, nil
}

// likeCode finds a code in encoded warnings. A code is of lower-case letters and
// hyphens.
func likeCode(code string) string {
	return `%"code":"` + strings.NewReplacer("%", "", "_", "", `\`, "").Replace(code) + `"%`
}

// whereDocument keeps the rows whose document, or an attachment of it, meets a
// condition on d.
func whereDocument(q *bun.SelectQuery, condition, value string) *bun.SelectQuery {
	return q.Where(`EXISTS (SELECT 1 FROM batches AS b JOIN documents AS d ON d.project = b.project WHERE b.id = r.batch
		AND (d.id = r.document OR d.id IN (SELECT child FROM document_links AS l WHERE l.project = b.project AND l.parent = r.document))
		AND `+condition+")", value)
}
