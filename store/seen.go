package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/uptrace/bun"
)

// Seen is what scheduled intake saw at a URI when it last looked.
type Seen struct {
	URI     string
	Version string // tells this content from others without reading it; "" if nothing does
	SHA256  string // "" if it could not be read
	Failure string // the type of the error then
	// Batch and Row are the row that takes the file. A Batch of "" says that the
	// project held the content already.
	Batch string
	Row   int
}

// Undecided is the Batch of a file that neither a row has taken nor the project
// held: another file's row took the same content, or the run was interrupted.
const Undecided = "-"

type seenModel struct {
	bun.BaseModel `bun:"table:seen,alias:s"`

	Project string `bun:"project,pk"`
	URI     string `bun:"uri,pk"`
	Version string `bun:"version"`
	SHA256  string `bun:"sha256"`
	Failure string `bun:"failure"`
	Batch   string `bun:"batch"`
	RowNo   int    `bun:"row_no"`
	Settled bool   `bun:"settled,scanonly"`
}

// settled says of a file seen that it needs no row: the project held its
// content, or a row has taken it. A row counts once its batch is registered, and
// unless it was cancelled: then the file has not been read.
const settled = `(s.batch = '' OR EXISTS (SELECT 1 FROM batch_rows AS r
	WHERE r.batch = s.batch AND r.row_no = s.row_no AND r.uri = s.uri AND r.outcome <> 'cancelled'))`

// contentSettled says so of the content, wherever it is: a row that failed before
// it had the content does not count.
const contentSettled = `(s.batch = '' OR EXISTS (SELECT 1 FROM batch_rows AS r
	WHERE r.batch = s.batch AND r.row_no = s.row_no AND r.uri = s.uri AND r.outcome <> 'cancelled'
	AND NOT (r.outcome = 'failed' AND r.stage = 'fetch')))`

// SeenFile is what was seen of a file, and whether it is settled: whether the
// project held its content then, or a row of a registered batch has taken it that
// was not cancelled.
type SeenFile struct {
	Seen
	Settled bool
}

// SeenFiles is what was seen at uris of a project's sources, by URI. What was
// never seen is left out.
func (s *Store) SeenFiles(ctx context.Context, project string, uris []string) (map[string]SeenFile, error) {
	var ms []seenModel
	if len(uris) > 0 {
		err := s.read.NewSelect().Model(&ms).Column("s.*").ColumnExpr(settled+" AS settled").
			Where("s.project = ?", project).Where("s.uri IN (?)", bun.List(uris)).Scan(ctx)
		if err != nil {
			return nil, s.failed(ctx, "look up files seen", err)
		}
	}
	files := make(map[string]SeenFile, len(ms))
	for _, m := range ms {
		files[m.URI] = SeenFile{m.seen(), m.Settled}
	}
	return files, nil
}

// SeenContent says which of the contents with these hashes are settled, wherever
// they were seen among the project's sources. One is not if the row that took it
// failed to fetch it.
func (s *Store) SeenContent(ctx context.Context, project string, hashes []string) (map[string]bool, error) {
	var found []string
	if len(hashes) > 0 {
		err := s.read.NewSelect().Model((*seenModel)(nil)).ColumnExpr("DISTINCT s.sha256").
			Where("s.project = ?", project).Where("s.sha256 IN (?)", bun.List(hashes)).Where("s.sha256 <> ''").
			Where(contentSettled).Scan(ctx, &found)
		if err != nil {
			return nil, s.failed(ctx, "look up content seen", err)
		}
	}
	known := make(map[string]bool, len(found))
	for _, sum := range found {
		known[sum] = true
	}
	return known, nil
}

// SaveSeen keeps what was seen at a project's sources, in place of what was seen
// at the same URIs before. URIs are valid UTF-8 and differ.
func (s *Store) SaveSeen(ctx context.Context, project string, seen []Seen) error {
	if len(seen) == 0 {
		return nil
	}
	ms := make([]seenModel, len(seen))
	for i, f := range seen {
		ms[i] = seenModel{
			Project: project, URI: f.URI, Version: f.Version, SHA256: f.SHA256, Failure: f.Failure, Batch: f.Batch, RowNo: f.Row,
		}
	}
	slices.SortFunc(ms, func(a, b seenModel) int { return cmp.Compare(a.URI, b.URI) }) // so that two writers do not wait for each other
	return s.update(ctx, "record files seen", func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(&ms).On("CONFLICT (project, uri) DO UPDATE").
			Set("version = EXCLUDED.version").Set("sha256 = EXCLUDED.sha256").Set("failure = EXCLUDED.failure").
			Set("batch = EXCLUDED.batch").Set("row_no = EXCLUDED.row_no").Exec(ctx)
		return err
	})
}

func (m seenModel) seen() Seen {
	return Seen{URI: m.URI, Version: m.Version, SHA256: m.SHA256, Failure: m.Failure, Batch: m.Batch, Row: m.RowNo}
}
