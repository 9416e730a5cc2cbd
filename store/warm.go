package store

import (
	"context"

	"github.com/uptrace/bun"
)

// Holdings is how much a project holds of what a cache keeps.
type Holdings struct {
	Documents int // read by the version of the pipeline that was asked for
	Entities  int
	Aliases   int
}

// Holdings counts what the project holds.
func (s *Store) Holdings(ctx context.Context, project, pipeline string) (h Holdings, err error) {
	err = s.read.NewRaw(`SELECT (SELECT count(*) FROM documents WHERE project = ?0 AND pipeline = ?1) AS documents,
		(SELECT count(*) FROM entities WHERE project = ?0) AS entities,
		(SELECT count(*) FROM entity_aliases WHERE project = ?0 AND seen = 1) AS aliases`, project, pipeline).Scan(ctx, &h)
	return h, s.failed(ctx, "count what the project holds", err)
}

// Contents lists documents of the project that this version of the pipeline read,
// at most limit: those first whose URI a row without outcome of the batch names,
// which soon counts, and then the latest. Of each only IDs, hash and counts are
// filled in.
func (s *Store) Contents(ctx context.Context, project, batchID, pipeline string, limit int) (docs []Document, soon int, err error) {
	const what = "list contents"
	var ms []struct {
		documentModel `bun:",extend"`

		Soon bool `bun:"soon"`
	}
	err = s.read.NewRaw(`SELECT d.n, d.project, d.id, d.sha256, d.pipeline, d.format, d.bytes, d.pages, d.characters, d.chunks, d.mentions,
			d.entities, d.relationships, d.uri <> '' AND d.uri IN (SELECT uri FROM batch_rows WHERE batch = ? AND outcome = '') AS soon
		FROM documents AS d WHERE d.project = ? AND d.pipeline = ? ORDER BY soon DESC, d.n DESC LIMIT ?`,
		batchID, project, pipeline, limit).Scan(ctx, &ms)
	docs = make([]Document, len(ms))
	for i := range ms {
		if err == nil {
			docs[i], err = ms[i].document()
		}
		if ms[i].Soon {
			soon++
		}
	}
	return docs, soon, s.failed(ctx, what, err)
}

// ListedEntities are entities of a project, as of a version.
type ListedEntities struct {
	Version  int64
	Entities []KnownEntity
	Soon     int  // the first so many are expected to be looked up
	All      bool // they are all the project has
}

// EntitiesByUse lists entities of the project, at most limit. If it has more,
// those come first that are preferred, by their numbers, or named in documents
// whose URI a row without outcome of the batch names; and then those named most
// often.
func (s *Store) EntitiesByUse(ctx context.Context, project, batchID string, preferred []int64, limit int) (l ListedEntities, err error) {
	err = s.view(ctx, "list entities by use", func(ctx context.Context, tx bun.Tx) error {
		var err error
		if l.Version, err = entityVersion(ctx, tx, project); err != nil {
			return err
		}
		if l.Entities, _, err = changedSince(ctx, tx, project, -1, limit+1); err != nil {
			return err
		}
		if l.All = len(l.Entities) <= limit; l.All {
			l.Soon = len(l.Entities)
			return nil
		}
		preferred = append(preferred, 0) // a list must not be empty
		var rows []struct {
			changedRow `bun:",extend"`

			Soon bool `bun:"soon"`
		}
		err = tx.NewRaw(`WITH used AS (
				SELECT m.entity, count(*) AS uses, sum(CASE WHEN d.uri <> '' AND d.uri IN (SELECT uri FROM batch_rows WHERE batch = ?1 AND outcome = '')
					THEN 1 ELSE 0 END) AS planned
				FROM documents AS d JOIN mentions AS m ON m.document = d.n WHERE d.project = ?0 GROUP BY m.entity),
			e AS (SELECT e.*, coalesce(u.planned, 0) > 0 OR e.n IN (?2) AS soon, coalesce(u.uses, 0) AS uses
				FROM entities AS e LEFT JOIN used AS u ON u.entity = e.n WHERE e.project = ?0 ORDER BY soon DESC, uses DESC, e.n LIMIT ?3)
			SELECT e.n, e.id, e.type, e.key, e.name, e.soon, a.key AS alias
			FROM e LEFT JOIN entity_aliases AS a ON a.entity = e.n AND a.seen = 1 ORDER BY e.soon DESC, e.uses DESC, e.n, a.key`,
			project, batchID, bun.List(preferred), limit).Scan(ctx, &rows)
		plain := make([]changedRow, len(rows))
		var last int64
		for i, r := range rows {
			plain[i] = r.changedRow
			if r.Soon && r.N != last {
				l.Soon++
			}
			last = r.N
		}
		l.Entities = statesOf(plain)
		return err
	})
	return l, err
}

// ReadBefore is a row without outcome whose URI names a document that the project
// read before, by the version of the pipeline that was asked for.
type ReadBefore struct {
	Row      int    `bun:"row_no"`
	URI      string `bun:"uri"`
	Document string `bun:"id"`
	SHA256   string `bun:"sha256"` // of the document as it was read
	Pages    int    `bun:"pages"`
}

// ReadBefore lists such rows of a batch, ascending, at most limit.
func (s *Store) ReadBefore(ctx context.Context, batchID, pipeline string, limit int) (rows []ReadBefore, err error) {
	err = s.read.NewRaw(`SELECT r.row_no, r.uri, d.id, d.sha256, d.pages
		FROM batches AS b JOIN batch_rows AS r ON r.batch = b.id
		JOIN documents AS d ON d.project = b.project AND d.uri = r.uri AND d.pipeline = ?
		WHERE b.id = ? AND r.outcome = '' AND r.uri <> '' ORDER BY r.row_no LIMIT ?`, pipeline, batchID, limit).Scan(ctx, &rows)
	return rows, s.failed(ctx, "list rows read before", err)
}
