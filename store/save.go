package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

// SaveRequest is a document that was read, with the row that asked for it.
type SaveRequest struct {
	Project, Batch string
	Row            int
	DocumentID     string // the caller's; "" derives it from the content
	Name, URI      string
	Result         *document.Result
	Attachments    []Attachment
	// Reread replaces what the project holds of the same content, which
	// otherwise stays and makes the row skipped.
	Reread bool
	// Lookup is what the entities of Result and Attachments follow from, if that is
	// known.
	Lookup *Lookup
	// Shorter answers keys that could be short for a key of a type, in whatever
	// document: see resolve.Shorter. Nil: none are known.
	Shorter func(t document.EntityType, key string) []string
	// Pinned are the names that were heeded as pinned, if that is known. If decisions
	// were made since, it is a *StaleError, and nothing is written.
	Pinned *PinnedNames

	Attempts              int
	Stages                []batch.StageTiming
	StartedAt, FinishedAt time.Time // a zero FinishedAt means now
}

// Saved is how a row ended.
type Saved struct {
	Document string // ID of the document with the row's content; empty if there is none
	Outcome  batch.Outcome
	Reason   string
	// Recorded says whether the row ended by this call. If not, it had ended
	// before, as Outcome says, and nothing was written.
	Recorded bool
	Entities *EntityUpdate // what changed in the project's; nil for nothing
}

// DocumentID is the ID of a document that its submitter gave none: "doc_" and the
// first 24 hex digits of the SHA-256 of its bytes.
func DocumentID(sha256 string) string { return "doc_" + sha256[:min(24, len(sha256))] }

// SaveResult writes what was read from a document and its attachments, ends its
// row as completed and drops its checkpoints, and those of the rows it recovers,
// in one transaction. For a row that has ended it changes nothing.
//
// A project holds each content once per pipeline version: if it holds the
// document's already, the row is skipped as unchanged, and an attachment is only
// linked. A document of the same ID with other content is replaced.
//
// Entities are those of the project: found by type and key, made if they are new,
// given the longer of two names, and joined by the aliases of all documents together,
// so that the order of documents does not matter (see joiner). If what they follow from
// is to be checked, and has changed, it is a *StaleError, and nothing is written.
func (s *Store) SaveResult(ctx context.Context, req SaveRequest) (Saved, error) {
	const what = "save result"
	if req.FinishedAt.IsZero() {
		req.FinishedAt = time.Now()
	}
	main, err := newRecord(req, req.DocumentID, req.Name, req.URI, req.Result, s.words)
	if err != nil {
		return Saved{}, s.failed(ctx, what, err)
	}
	parts := make([]*record, len(req.Attachments))
	for i, a := range req.Attachments {
		switch {
		case a.Result == nil && a.Failure == nil:
			err = invalid("attachment %d has neither a result nor a failure", i)
		case a.Result != nil && a.Result.SHA256 != a.SHA256:
			err = invalid("attachment %d and its result have different hashes", i)
		case a.Result != nil && a.Failure == nil:
			parts[i], err = newRecord(req, "", a.Name, "", a.Result, s.words)
		}
		if err != nil {
			return Saved{}, s.failed(ctx, what, err)
		}
	}
	var saved Saved
	err = s.write.save(ctx, req.Project, func(ctx context.Context, tx bun.Tx) error {
		saved, err = s.save(ctx, tx, req, main, parts)
		return err
	})
	if err != nil {
		return Saved{}, s.failed(ctx, what, err)
	}
	return saved, nil
}

func (s *Store) save(ctx context.Context, tx bun.Tx, req SaveRequest, main *record, parts []*record) (Saved, error) {
	now, err := selectStanding(ctx, tx, req, main)
	if err != nil {
		return Saved{}, err
	}
	if now.Outcome != "" {
		return Saved{Document: now.Document, Outcome: now.Outcome, Reason: now.Reason}, nil
	}
	if now.Project != req.Project {
		return Saved{}, invalid("the batch is of another project")
	}
	r := Row{
		Batch: req.Batch, Row: req.Row, SHA256: main.doc.SHA256, Bytes: main.doc.Bytes,
		Attempts: req.Attempts, Stages: req.Stages, StartedAt: req.StartedAt, FinishedAt: req.FinishedAt,
	}
	var update *EntityUpdate
	rest := new(script)
	known := now.Held != ""
	if known && !req.Reread {
		r.Outcome, r.Reason = batch.OutcomeSkipped, batch.ReasonUnchanged
		r.Document, r.Pages = now.Held, now.HeldPages
	} else {
		if known {
			main.doc.ID = now.Held
		}
		if req.Pinned != nil && req.Pinned.Decision != now.Decision {
			return Saved{}, &StaleError{Version: now.EntityVersion, Decision: now.Decision}
		}
		w := newEntityWriter(req.Project, now.EntityVersion)
		w.shorter = req.Shorter
		if l := req.Lookup; l != nil && l.Checked {
			held, err := l.asOf(ctx, tx, req.Project, now.EntityVersion, &s.latest)
			if err != nil {
				return Saved{}, err
			}
			w.trust(held)
		}
		if err := main.write(ctx, tx, w); err != nil {
			return Saved{}, err
		}
		if err := saveParts(ctx, tx, req, main, parts, w, rest); err != nil {
			return Saved{}, err
		}
		if err := w.connect(ctx, tx, now, rest); err != nil {
			return Saved{}, err
		}
		update = w.end(tx, rest)
		s.latest.add(req.Project, update)
		r.Outcome, r.Reason, r.Document = batch.OutcomeCompleted, partial(req), main.doc.ID
		r.Pages, r.Chunks, r.Mentions = main.doc.Pages, main.doc.Chunks, main.doc.Mentions
		r.Entities, r.Relationships, r.Attachments = main.doc.Entities, main.doc.Relationships, len(parts)
	}
	m, err := newRowModel(r)
	if err != nil {
		return Saved{}, err
	}
	rest.add(endingRow(tx, m))
	// PostgreSQL waits for the row, then counts as of before it waited.
	if concurrent(tx) || now.Checkpoints > 0 || now.OriginRow > 0 {
		rest.add(endingCheckpoints(tx, req.Batch, req.Row, r.Outcome, r.Reason))
	}
	err = rest.run(ctx, tx)
	return Saved{Document: r.Document, Outcome: r.Outcome, Reason: r.Reason, Recorded: true, Entities: update}, err
}

// standing is how a row stands when its document is saved.
type standing struct {
	Outcome     batch.Outcome
	Reason      string
	Document    string
	Project     string // of its batch
	Checkpoints int
	OriginRow   int
	Held        string // ID of the document that the project holds with the same content; "" if there is none
	HeldPages   int

	EntityVersion int64
	Decision      int64 // people's latest on the project's entities
	Merged        bool  // whether any of them is, or was, part of another
}

func selectStanding(ctx context.Context, tx bun.Tx, req SaveRequest, main *record) (now standing, err error) {
	err = tx.NewRaw(`SELECT r.outcome, r.reason, r.document, r.origin_row, b.project, coalesce(d.id, '') AS held, coalesce(d.pages, 0) AS held_pages,
			coalesce((SELECT max(version) FROM entity_versions AS v WHERE v.project = b.project), 0) AS entity_version,
			coalesce((SELECT max(n) FROM entity_decisions AS ed WHERE ed.project = b.project AND ed.automatic = 0), 0) AS decision,
			EXISTS (SELECT 1 FROM entity_decisions AS ed WHERE ed.project = b.project) AS merged,
			(SELECT count(*) FROM checkpoints AS c WHERE c.batch = r.batch AND c.row_no = r.row_no) AS checkpoints
		FROM batch_rows AS r JOIN batches AS b ON b.id = r.batch
		LEFT JOIN documents AS d ON d.project = b.project AND d.sha256 = ? AND d.pipeline = ?
		WHERE r.batch = ? AND r.row_no = ?`+kept(tx, "r"), main.doc.SHA256, main.doc.Pipeline, req.Batch, req.Row).Scan(ctx, &now)
	if errors.Is(err, sql.ErrNoRows) {
		err = noRow(req.Batch, req.Row)
	}
	return now, err
}

// saveParts writes the attachments that the project does not hold, and links
// them all to main. parts are nil where the attachment failed.
func saveParts(ctx context.Context, tx bun.Tx, req SaveRequest, main *record, parts []*record, w *entityWriter, rest *script) error {
	written := map[string]bool{main.doc.SHA256: true}
	links := make([]*linkModel, len(parts))
	for i, a := range req.Attachments {
		l := &linkModel{
			Project: req.Project, Parent: main.doc.ID, Ordinal: i, Name: clean(a.Name), MediaType: clean(a.MediaType),
			SHA256: a.SHA256, Bytes: a.Bytes, Outcome: string(batch.OutcomeCompleted),
		}
		links[i] = l
		part := parts[i]
		if part == nil {
			l.Outcome = string(batch.OutcomeFailed)
			var err error
			if l.Failure, err = encode(a.Failure, 1); err != nil {
				return err
			}
			continue
		}
		held, known, err := selectContent(ctx, tx, req.Project, part.doc.SHA256, part.doc.Pipeline)
		if err != nil {
			return err
		}
		if known {
			part.doc.ID = held.ID
		}
		l.Child = part.doc.ID
		if known && (!req.Reread || written[part.doc.SHA256]) {
			l.Outcome, l.Reason = string(batch.OutcomeSkipped), batch.ReasonUnchanged
			continue
		}
		written[part.doc.SHA256] = true
		if err := part.write(ctx, tx, w); err != nil {
			return err
		}
	}
	insertAll(tx, links, rest)
	return nil
}

// FindContent is the project's document with this content, read by this version
// of the pipeline, if there is one.
func (s *Store) FindContent(ctx context.Context, project, sha256, pipeline string) (d Document, ok bool, err error) {
	const what = "find content"
	m, ok, err := selectContent(ctx, s.read, project, sha256, pipeline)
	if err != nil || !ok {
		return Document{}, false, s.failed(ctx, what, err)
	}
	d, err = m.document()
	return d, err == nil, s.failed(ctx, what, err)
}

func selectContent(ctx context.Context, db bun.IDB, project, sha256, pipeline string) (m documentModel, ok bool, err error) {
	err = db.NewSelect().Model(&m).
		Where("project = ?", project).Where("sha256 = ?", sha256).Where("pipeline = ?", pipeline).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return m, false, nil
	}
	return m, err == nil, err
}

// partial is the reason of a row whose document lacks something that a limit left
// out, "" if it lacks nothing. Warnings hold no text of the document.
func partial(req SaveRequest) string {
	if why := leftOut(req.Result); why != "" {
		return batch.PartialReason(why)
	}
	for _, a := range req.Attachments {
		if why := leftOut(a.Result); why != "" {
			return batch.PartialReason("an attachment: " + why)
		}
	}
	return ""
}

// leftOut is what the first warning says that a limit left something out.
func leftOut(r *document.Result) string {
	if r == nil {
		return ""
	}
	for _, w := range r.Warnings {
		if w.Code == document.WarnPartial {
			return w.Message
		}
	}
	return ""
}
