package storetest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

func attached(name string, r *document.Result) store.Attachment {
	return store.Attachment{Name: name, MediaType: r.MediaType, SHA256: r.SHA256, Bytes: r.Bytes, Result: r}
}

func attachments(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	part := result("part", person("bob lee", "Bob Lee"))
	encrypted := failure(batch.Data, batch.StageExtract, "EncryptedPDF", "encrypted")
	req := request("b1", 1, result("mail", person("ann smith", "Ann Smith")))
	req.Attachments = []store.Attachment{
		attached("it's.pdf", part),
		{Name: "locked.pdf", MediaType: "application/pdf", SHA256: hash("locked"), Bytes: 6, Failure: encrypted},
		attached("again.pdf", part),
	}
	saved := save(t, s, req, batch.OutcomeCompleted)

	links, err := s.Links(t.Context(), project, saved.Document)
	require.NoError(t, err)
	child := store.DocumentID(part.SHA256)
	link := store.Link{Project: project, Parent: saved.Document, Child: child, Name: "it's.pdf", MediaType: part.MediaType, SHA256: part.SHA256, Bytes: part.Bytes, Outcome: batch.OutcomeCompleted}
	again := link
	again.Ordinal, again.Name, again.Outcome, again.Reason = 2, "again.pdf", batch.OutcomeSkipped, batch.ReasonUnchanged
	assert.Equal(t, []store.Link{link, {
		Project: project, Parent: saved.Document, Ordinal: 1, Name: "locked.pdf", MediaType: "application/pdf",
		SHA256: hash("locked"), Bytes: 6, Outcome: batch.OutcomeFailed, Failure: encrypted,
	}, again}, links)

	got, err := s.Result(t.Context(), project, child)
	require.NoError(t, err)
	assert.Equal(t, part, got)
	d, err := s.Document(t.Context(), project, child)
	require.NoError(t, err)
	assert.Equal(t, "it's.pdf", d.Name)
	assert.Equal(t, 1, d.Row)

	docs, err := s.Documents(t.Context(), store.DocumentFilter{Batch: "b1"})
	require.NoError(t, err)
	assert.Len(t, docs, 2)
	entities, err := s.Entities(t.Context(), store.EntityFilter{Batch: "b1"})
	require.NoError(t, err)
	assert.Len(t, entities, 2)
	tally, err := s.Tally(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, 3, tally.Attachments)
	assert.Equal(t, 2, tally.Mentions, "those of the row's document")
	all, err := s.Attached(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, store.Attached{
		Read: 1, Unchanged: 1, Failed: 1, Bytes: part.Bytes,
		Pages: len(part.Pages), Chunks: len(part.Chunks), Mentions: len(part.Mentions), Relationships: len(part.Relationships),
	}, all)
	none, err := s.Attached(t.Context(), "b2")
	require.NoError(t, err)
	assert.Equal(t, store.Attached{}, none)
}

func knownAttachments(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 3)
	part := result("part", person("bob lee", "Bob Lee"))
	own := request("b1", 1, part)
	own.DocumentID = "exhibit-1"
	save(t, s, own, batch.OutcomeCompleted)
	before := dump(t, s)

	mail := request("b1", 2, result("mail"))
	mail.Attachments = []store.Attachment{attached("a.pdf", part)}
	saved := save(t, s, mail, batch.OutcomeCompleted)
	links, err := s.Links(t.Context(), project, saved.Document)
	require.NoError(t, err)
	require.Len(t, links, 1)
	assert.Equal(t, "exhibit-1", links[0].Child)
	assert.Equal(t, batch.OutcomeSkipped, links[0].Outcome)
	assert.Equal(t, before["mentions ORDER BY document, ordinal"], dump(t, s)["mentions ORDER BY document, ordinal"])

	// Rereading replaces it, though only once.
	register(t, s, newBatch("b2"), 1)
	again := request("b2", 1, mail.Result)
	newer := result("part", person("eve ray", "Eve Ray"))
	again.Attachments, again.Reread = []store.Attachment{attached("a.pdf", newer), attached("b.pdf", newer)}, true
	saved = save(t, s, again, batch.OutcomeCompleted)
	links, err = s.Links(t.Context(), project, saved.Document)
	require.NoError(t, err)
	require.Len(t, links, 2)
	assert.Equal(t, []batch.Outcome{batch.OutcomeCompleted, batch.OutcomeSkipped}, []batch.Outcome{links[0].Outcome, links[1].Outcome})
	got, err := s.Result(t.Context(), project, "exhibit-1")
	require.NoError(t, err)
	assert.Equal(t, newer, got)

	// A document that is its own attachment is not written twice.
	loop := request("b1", 3, result("loop"))
	loop.Attachments = []store.Attachment{attached("self.eml", loop.Result)}
	saved = save(t, s, loop, batch.OutcomeCompleted)
	links, err = s.Links(t.Context(), project, saved.Document)
	require.NoError(t, err)
	require.Len(t, links, 1)
	assert.Equal(t, saved.Document, links[0].Child)
	assert.Equal(t, batch.OutcomeSkipped, links[0].Outcome)
}
