package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

func roundTrip(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	r := result("It's a motion; “granted”.\tNaïve.", person("ann smith", "Ann Smith", "a smith", "smith"), person("bob lee", "Bob Lee"), docket("1:20-cv-3"))
	req := request("b1", 1, r)
	saved := save(t, s, req, batch.OutcomeCompleted)
	require.NotNil(t, saved.Entities)
	assert.Len(t, saved.Entities.Entities, len(r.Entities))
	saved.Entities = nil
	assert.Equal(t, store.Saved{Document: store.DocumentID(r.SHA256), Outcome: batch.OutcomeCompleted, Recorded: true}, saved)
	assert.Regexp(t, `^doc_[0-9a-f]{24}$`, saved.Document)

	got, err := s.Result(t.Context(), project, saved.Document)
	require.NoError(t, err)
	assert.Equal(t, r, got)

	d, err := s.Document(t.Context(), project, saved.Document)
	require.NoError(t, err)
	assert.Equal(t, store.Document{
		Project: project, ID: saved.Document, SHA256: r.SHA256, Pipeline: "1", Name: req.Name, URI: req.URI,
		Format: "eml", MediaType: "message/rfc822", Bytes: r.Bytes, Pages: 2, Characters: len([]rune(r.Text)), Chunks: 2,
		Mentions: 6, Entities: 3, Relationships: 2, Metadata: r.Metadata, Warnings: r.Warnings, Batch: "b1", Row: 1, CreatedAt: req.FinishedAt,
	}, d)
	found, ok, err := s.FindContent(t.Context(), project, r.SHA256, "1")
	require.NoError(t, err)
	assert.True(t, ok)
	assert.Equal(t, d, found)
	for _, scope := range []store.DocumentFilter{{Project: project}, {Batch: "b1"}, {Batch: "b1", Format: document.FormatEML}} {
		docs, err := s.Documents(t.Context(), scope)
		require.NoError(t, err)
		assert.Equal(t, []store.Document{d}, docs)
	}
	docs, err := s.Documents(t.Context(), store.DocumentFilter{Project: project, After: d.ID})
	require.NoError(t, err)
	assert.Empty(t, docs)

	row, err := s.Row(t.Context(), "b1", 1)
	require.NoError(t, err)
	assert.Equal(t, store.Row{
		Batch: "b1", Row: 1, Line: 2, URI: "file:///matters/1.pdf", Name: "1.pdf", Outcome: batch.OutcomeCompleted, Document: saved.Document,
		SHA256: r.SHA256, Bytes: r.Bytes, Pages: 2, Chunks: 2, Mentions: 6, Entities: 3, Relationships: 2,
		Attempts: 2, StartedAt: req.StartedAt, FinishedAt: req.FinishedAt, Stages: req.Stages,
	}, row)
	tally, err := s.Tally(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, store.Tally{
		Counts: batch.Counts{Total: 1, Completed: 1}, Bytes: r.Bytes, Pages: 2, Chunks: 2, Mentions: 6, Entities: 3, Relationships: 2,
	}, tally)
}

func partialResult(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 3)
	cut := result("cut")
	cut.Warnings = append(cut.Warnings, document.Warning{Code: document.WarnPartial, Message: "the text is cut off"})
	saved := save(t, s, request("b1", 1, cut), batch.OutcomeCompleted)
	assert.Equal(t, batch.PartialReason("the text is cut off"), saved.Reason)
	whole := request("b1", 2, result("whole"))
	part := result("part")
	part.Warnings = []document.Warning{{Code: document.WarnPartial, Message: "pages are left out"}}
	whole.Attachments = []store.Attachment{{Name: "a.pdf", SHA256: part.SHA256, Result: part}}
	save(t, s, whole, batch.OutcomeCompleted)
	save(t, s, request("b1", 3, result("all of it")), batch.OutcomeCompleted)

	rows, err := s.Rows(t.Context(), "b1", store.RowFilter{})
	require.NoError(t, err)
	var reasons []string
	for _, r := range rows {
		reasons = append(reasons, r.Reason)
	}
	assert.Equal(t, []string{"partial: the text is cut off", "partial: an attachment: pages are left out", ""}, reasons)
	tally, err := s.Tally(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, batch.Counts{Total: 3, Completed: 3, Partial: 2}, tally.Counts)
	counts, err := s.Counts(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, tally.Counts, counts)
}

func warningsAndKinds(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 4)
	leak := document.Warning{Code: document.WarnLeakingRedaction, Page: 2, Message: "a box"}
	cut := document.Warning{Code: document.WarnPartial, Message: "the text is cut off"}
	warned := func(seed string, w ...document.Warning) *document.Result {
		r := result(seed)
		r.Warnings = w
		return r
	}
	save(t, s, request("b1", 1, warned("one", leak, leak, cut)), batch.OutcomeCompleted)
	whole := request("b1", 2, warned("whole"))
	whole.Attachments = []store.Attachment{{Name: "a.pdf", SHA256: hash("part"), Result: warned("part", leak)}}
	save(t, s, whole, batch.OutcomeCompleted)
	motion := warned("three")
	motion.Kind, motion.Certainty = document.KindMotion, 0.75
	id := save(t, s, request("b1", 3, motion), batch.OutcomeCompleted).Document

	all, err := s.Warnings(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, []batch.WarningCount{{Code: document.WarnLeakingRedaction, Documents: 2}, {Code: document.WarnPartial, Documents: 1}}, all)
	for code, want := range map[string][]int{document.WarnLeakingRedaction: {1, 2}, document.WarnPartial: {1}, "leaking": nil, "%": nil} {
		rows, err := s.Rows(t.Context(), "b1", store.RowFilter{Warning: code})
		require.NoError(t, err)
		var got []int
		for _, r := range rows {
			got = append(got, r.Row)
		}
		assert.Equal(t, want, got, code)
	}
	rows, err := s.Rows(t.Context(), "b1", store.RowFilter{Kind: document.KindMotion})
	require.NoError(t, err)
	require.Len(t, rows, 1)
	assert.Equal(t, 3, rows[0].Row)
	kinds, err := s.Kinds(t.Context(), "acme", []string{id, "doc_of_nobody"})
	require.NoError(t, err)
	assert.Equal(t, map[string]store.DocumentKind{id: {Kind: document.KindMotion, Certainty: 0.75}}, kinds)
	held, err := s.Result(t.Context(), "acme", id)
	require.NoError(t, err)
	assert.Equal(t, document.KindMotion, held.Kind)
	assert.InDelta(t, 0.75, held.Certainty, 0)
}

func roundTripEmpty(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	saved := save(t, s, request("b1", 1, &document.Result{SHA256: hash("empty"), Pipeline: "1"}), batch.OutcomeCompleted)
	got, err := s.Result(t.Context(), project, saved.Document)
	require.NoError(t, err)
	assert.Equal(t, &document.Result{
		SHA256: hash("empty"), Pipeline: "1", Pages: []document.PageInfo{}, Chunks: []document.Chunk{},
		Mentions: []document.Mention{}, Entities: []document.Entity{}, Relationships: []document.Relationship{},
	}, got)
}

// roundTripLarge has more of everything than one statement writes or asks for.
func roundTripLarge(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 2)
	var entities []document.Entity
	for i := range 1203 {
		entities = append(entities, person(fmt.Sprintf("person %04d", i), fmt.Sprintf("Person %04d", i), fmt.Sprintf("p %04d", i)))
	}
	entities[0].Aliases = append(entities[0].Aliases, "q 0000")
	r := result("large", entities...)
	saved := save(t, s, request("b1", 1, r), batch.OutcomeCompleted)
	got, err := s.Result(t.Context(), project, saved.Document)
	require.NoError(t, err)
	assert.Equal(t, r, got)

	var keys []store.EntityKey
	for _, e := range entities {
		keys = append(keys, store.EntityKey{Type: e.Type, Key: e.Key})
	}
	found, err := s.LookupEntities(t.Context(), project, keys)
	require.NoError(t, err)
	require.Len(t, found, len(keys))
	for _, e := range entities {
		assert.Equal(t, e, found[store.EntityKey{Type: e.Type, Key: e.Key}])
	}
}

func invalidText(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	r := result("x", person("ann\x00smith", "Ann\xffSmith"))
	r.Text = "a\x00b\xff"
	req := request("b1", 1, r)
	req.Name, req.DocumentID = "\xff.pdf", "exhibit\x00"
	saved := save(t, s, req, batch.OutcomeCompleted)
	got, err := s.Result(t.Context(), project, saved.Document)
	require.NoError(t, err)
	assert.Equal(t, "a\uFFFDb\uFFFD", got.Text)
	assert.Equal(t, "ann\uFFFDsmith", got.Entities[0].Key)
	assert.Equal(t, got.Entities[0].ID, got.Mentions[0].Entity)
}

func saveTwice(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	req := request("b1", 1, result("one", person("ann smith", "Ann Smith", "a smith"), docket("1:20-cv-3")))
	req.Attachments = []store.Attachment{attached("a.pdf", result("part", person("bob lee", "Bob Lee")))}
	first := save(t, s, req, batch.OutcomeCompleted)
	before := dump(t, s)

	second, err := s.SaveResult(t.Context(), req)
	require.NoError(t, err)
	first.Recorded, first.Entities = false, nil
	assert.Equal(t, first, second)
	assert.Equal(t, before, dump(t, s))

	// The same by another row, which must write it all anew.
	register(t, s, newBatch("b2"), 1)
	before = dump(t, s)
	req.Batch, req.Reread = "b2", true
	save(t, s, req, batch.OutcomeCompleted)
	after := dump(t, s)
	for _, table := range tables {
		if table != "documents ORDER BY n" && table != "batch_rows ORDER BY batch, row_no" {
			assert.Equal(t, before[table], after[table], table)
		}
	}
	assert.Len(t, after["documents ORDER BY n"], 2)
}

func saveAfterOutcome(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	_, err := s.SetOutcome(t.Context(), store.Row{Batch: "b1", Row: 1, Outcome: batch.OutcomeCancelled})
	require.NoError(t, err)
	before := dump(t, s)
	saved, err := s.SaveResult(t.Context(), request("b1", 1, result("one")))
	require.NoError(t, err)
	assert.Equal(t, store.Saved{Outcome: batch.OutcomeCancelled}, saved)
	assert.Equal(t, before, dump(t, s))
}

func skipKnown(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	register(t, s, newBatch("b2"), 1)
	r := result("one", person("ann smith", "Ann Smith"))
	req := request("b1", 1, r)
	req.DocumentID = "exhibit-1"
	save(t, s, req, batch.OutcomeCompleted)
	before := dump(t, s)

	saved := save(t, s, request("b2", 1, r), batch.OutcomeSkipped)
	assert.Equal(t, batch.ReasonUnchanged, saved.Reason)
	assert.Equal(t, "exhibit-1", saved.Document)
	row, err := s.Row(t.Context(), "b2", 1)
	require.NoError(t, err)
	assert.Equal(t, batch.OutcomeSkipped, row.Outcome)
	assert.Equal(t, batch.ReasonUnchanged, row.Reason)
	assert.Equal(t, "exhibit-1", row.Document)
	assert.Equal(t, 2, row.Pages)
	after := dump(t, s)
	for _, table := range tables {
		if table != "batch_rows ORDER BY batch, row_no" {
			assert.Equal(t, before[table], after[table], table)
		}
	}
	tally, err := s.Tally(t.Context(), "b2")
	require.NoError(t, err)
	assert.Equal(t, store.Tally{Counts: batch.Counts{Total: 1, Skipped: 1}}, tally, "what was skipped was not read")
	entities, err := s.Entities(t.Context(), store.EntityFilter{Batch: "b2"})
	require.NoError(t, err)
	assert.Len(t, entities, 1, "a skipped document is the batch's too")
}

func otherPipeline(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 2)
	r := result("one", person("ann smith", "Ann Smith"))
	first := save(t, s, request("b1", 1, r), batch.OutcomeCompleted)
	newer := result("one", person("ann smith", "Ann Smith"), person("bob lee", "Bob Lee"))
	newer.Pipeline = "2"
	_, ok, err := s.FindContent(t.Context(), project, newer.SHA256, "2")
	require.NoError(t, err)
	assert.False(t, ok)
	second := save(t, s, request("b1", 2, newer), batch.OutcomeCompleted)
	assert.Equal(t, first.Document, second.Document)
	got, err := s.Result(t.Context(), project, second.Document)
	require.NoError(t, err)
	assert.Equal(t, newer, got)
	assert.Equal(t, 1, count(t, s, "documents"))
}

func reread(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 2)
	req := request("b1", 1, result("one", person("ann smith", "Ann Smith"), docket("1:20-cv-3")))
	req.DocumentID = "exhibit-1"
	save(t, s, req, batch.OutcomeCompleted)

	again := request("b1", 2, result("one", person("bob lee", "Bob Lee")))
	again.Reread, again.FinishedAt = true, start.Add(time.Hour)
	saved := save(t, s, again, batch.OutcomeCompleted)
	assert.Equal(t, "exhibit-1", saved.Document, "content has one document")
	got, err := s.Result(t.Context(), project, "exhibit-1")
	require.NoError(t, err)
	assert.Equal(t, again.Result, got)
	d, err := s.Document(t.Context(), project, "exhibit-1")
	require.NoError(t, err)
	assert.Equal(t, 2, d.Row)
	assert.Equal(t, again.FinishedAt, d.CreatedAt)
	assert.Equal(t, 2, count(t, s, "mentions"))
	assert.Zero(t, count(t, s, "relationships"))
}

func replaceContent(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 2)
	old := request("b1", 1, result("old", person("ann smith", "Ann Smith")))
	old.DocumentID = "exhibit-1"
	old.Attachments = []store.Attachment{attached("a.pdf", result("part"))}
	save(t, s, old, batch.OutcomeCompleted)
	changed := request("b1", 2, result("new", person("bob lee", "Bob Lee")))
	changed.DocumentID = "exhibit-1"
	save(t, s, changed, batch.OutcomeCompleted)

	got, err := s.Result(t.Context(), project, "exhibit-1")
	require.NoError(t, err)
	assert.Equal(t, changed.Result, got)
	links, err := s.Links(t.Context(), project, "exhibit-1")
	require.NoError(t, err)
	assert.Empty(t, links)
	_, ok, err := s.FindContent(t.Context(), project, old.Result.SHA256, "1")
	require.NoError(t, err)
	assert.False(t, ok)
}

func contradictoryResult(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	ann := person("ann smith", "Ann Smith")
	mention, relationship := result("one", ann), result("one", ann)
	mention.Mentions[0].Entity = "ent_nobody"
	relationship.Relationships = []document.Relationship{{Type: document.Cites, From: ann.ID, To: "ent_nobody"}}
	other := request("b1", 1, result("one"))
	other.Project = "beta"
	part := request("b1", 1, result("one"))
	part.Attachments = []store.Attachment{{Name: "a.pdf", SHA256: hash("a")}}
	for what, req := range map[string]store.SaveRequest{
		"no result":                      request("b1", 1, nil),
		"no hash":                        request("b1", 1, &document.Result{}),
		"mention of nobody":              request("b1", 1, mention),
		"relationship with nobody":       request("b1", 1, relationship),
		"row of another project":         other,
		"attachment that did not happen": part,
	} {
		_, err := s.SaveResult(t.Context(), req)
		e, ok := batch.AsError(err)
		if assert.True(t, ok, what) {
			assert.Equal(t, batch.Permanent, e.Category, what)
		}
	}
	assert.Zero(t, count(t, s, "documents"))
	assert.Zero(t, count(t, s, "entities"))
}
