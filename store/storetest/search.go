package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/search"
	"github.com/caseload/caseload/store"
)

// prose is what was read from a document of such passages, each a chunk on a page of
// its own. Entities are named in the passage that has their name.
func prose(passages []string, entities ...document.Entity) *document.Result {
	r := result(strings.Join(passages, "|"), entities...)
	r.Text, r.Pages, r.Chunks, r.Mentions = strings.Join(passages, document.PageBreak), nil, nil, nil
	at := 0
	for i, p := range passages {
		span := document.Span{Start: at, End: at + len([]rune(p))}
		r.Pages = append(r.Pages, document.PageInfo{Number: i + 1, Span: span, Source: document.TextLayer})
		r.Chunks = append(r.Chunks, document.Chunk{Ordinal: i, Span: span, Page: i + 1})
		for _, e := range entities {
			if before, _, ok := strings.Cut(p, e.Name); ok {
				start := at + len([]rune(before))
				r.Mentions = append(r.Mentions, document.Mention{
					Type: e.Type, Span: document.Span{Start: start, End: start + len([]rune(e.Name))}, Text: e.Name, Normalized: e.Key, Chunk: i, Entity: e.ID,
				})
			}
		}
		at = span.End + len([]rune(document.PageBreak))
	}
	return r
}

// saveProse saves documents with the IDs that they are mapped from, in order.
func saveProse(t *testing.T, s *store.Store, id string, docs ...*document.Result) {
	t.Helper()
	register(t, s, newBatch(id), len(docs))
	for i, r := range docs {
		req := request(id, i+1, r)
		req.DocumentID = fmt.Sprintf("%s-%d", id, i+1)
		save(t, s, req, batch.OutcomeCompleted)
	}
}

// find is where a query is found: document:page, sorted by rank.
func find(t *testing.T, s *store.Store, query string, with ...func(*store.SearchRequest)) []string {
	t.Helper()
	found := searchFor(t, s, query, with...)
	require.Empty(t, found.Next)
	places := []string{}
	for _, p := range found.Passages {
		places = append(places, fmt.Sprintf("%s:%d", p.Document, p.Page))
	}
	return places
}

func searchFor(t *testing.T, s *store.Store, query string, with ...func(*store.SearchRequest)) store.Found {
	t.Helper()
	q, err := search.Parse(query)
	require.NoError(t, err)
	req := store.SearchRequest{Project: project, Query: q}
	for _, set := range with {
		set(&req)
	}
	found, err := s.Search(t.Context(), req)
	require.NoError(t, err)
	for _, p := range found.Passages {
		hits, ok := q.Find(p.Text)
		assert.True(t, ok, "what the database finds has what was asked for")
		assert.Equal(t, hits, p.Hits)
		assert.Positive(t, p.Score)
	}
	return found
}

func searchWords(t *testing.T, s *store.Store) {
	saveProse(t, s, "b1",
		prose([]string{
			"The Board’s breach of fiduciary duty cost the company $4,500.00.",
			"A duty of care, and its breach. See Smith v. Jones, 410 U.S. 113 (1973); jane.roe@example.com.",
			"The motion is granted. Müller GmbH’s ﬁduciary – “Naïve” – agreed in 東京で.",
		}),
		prose([]string{"Negligence is no fiduciary breach; negligent acts are OR are not."}),
	)
	for query, want := range map[string][]string{
		"fiduciary":                          {"b1-1:1", "b1-1:3", "b1-2:1"},
		"Breach DUTY":                        {"b1-1:1", "b1-1:2"},
		`"breach of fiduciary duty"`:         {"b1-1:1"},
		`"fiduciary breach"`:                 {"b1-2:1"},
		"breach -fiduciary":                  {"b1-1:2"},
		`breach -"duty of care" -negligence`: {"b1-1:1"},
		"neglig* breach":                     {"b1-2:1"},
		`"no fiduc*"`:                        {"b1-2:1"},
		"granted OR negligence":              {"b1-1:3", "b1-2:1"},
		"breach care OR company":             {"b1-1:1", "b1-1:2"},
		"410 U.S. 113":                       {"b1-1:2"},
		"u.s.":                               {"b1-1:2"},
		"jane.roe@example.com":               {"b1-1:2"},
		"muller NAIVE":                       {"b1-1:3"},
		"東京":                                 {"b1-1:3"},
		"京東":                                 {},
		"4,500":                              {"b1-1:1"},
		"board's":                            {"b1-1:1"},
		"of":                                 {"b1-1:1", "b1-1:2"},
		"nothing":                            {},
		`"duty breach"`:                      {},
	} {
		assert.ElementsMatch(t, want, find(t, s, query), query)
	}
}

func searchMarks(t *testing.T, s *store.Store) {
	saveProse(t, s, "b1", prose([]string{"Ünder the act", "Über die fiduciary duty, § 12"}))
	found := searchFor(t, s, "DUTY uber")
	require.Len(t, found.Passages, 1)
	p := found.Passages[0]
	assert.Equal(t, store.Passage{
		Rank: 1, Score: p.Score, Document: "b1-1", Name: "1.eml", Format: document.FormatEML, Chunk: 1, Page: 2,
		Span: document.Span{Start: 16, End: 45}, Text: "Über die fiduciary duty, § 12",
		Hits: []document.Span{{Start: 0, End: 5}, {Start: 20, End: 24}},
	}, p)
}

func searchBetterFirst(t *testing.T, s *store.Store) {
	filler := strings.Repeat("the court finds that the record does not show it and the parties agree ", 10)
	saveProse(t, s, "b1",
		prose([]string{filler + " estoppel " + filler}), prose([]string{"Estoppel by deed, estoppel in pais, estoppel by silence."}), prose([]string{filler}))
	assert.Equal(t, []string{"b1-2:1", "b1-1:1"}, find(t, s, "estoppel"))
}

func searchFilters(t *testing.T, s *store.Store) {
	roe := person("jane roe", "Jane Roe", "j roe")
	saveProse(t, s, "b1",
		prose([]string{"Jane Roe owed a duty.", "No duty here."}, roe),
		prose([]string{"A duty in 20-cv-1.", "Bob Lee had no duty, Jane Roe had."}, docket("20-cv-1"), person("bob lee", "Bob Lee"), roe))
	late := prose([]string{"Another duty."})
	late.Format = document.FormatPDF
	register(t, s, newBatch("b2"), 1)
	req := request("b2", 1, late)
	req.DocumentID, req.FinishedAt = "late", start.Add(time.Hour)
	save(t, s, req, batch.OutcomeCompleted)
	other := newBatch("b3")
	other.Project = "other"
	register(t, s, other, 1)
	req = request("b3", 1, prose([]string{"A secret duty."}))
	req.Project, req.DocumentID = "other", "secret"
	save(t, s, req, batch.OutcomeCompleted)

	all := []string{"b1-1:1", "b1-1:2", "b1-2:1", "b1-2:2", "late:1"}
	for name, test := range map[string]struct {
		set  func(*store.SearchRequest)
		want []string
	}{
		"nothing":      {func(*store.SearchRequest) {}, all},
		"project":      {func(r *store.SearchRequest) { r.Project = "other" }, []string{"secret:1"}},
		"batch":        {func(r *store.SearchRequest) { r.Batch = "b2" }, all[4:]},
		"batch alone":  {func(r *store.SearchRequest) { r.Project, r.Batch = "", "b2" }, all[4:]},
		"type":         {func(r *store.SearchRequest) { r.Type = document.DocketNumber }, all[2:3]},
		"person":       {func(r *store.SearchRequest) { r.Type = document.Person }, []string{all[0], all[3]}},
		"entity":       {func(r *store.SearchRequest) { r.Entities = []string{"ent_bob-lee", "ent_20-cv-1"} }, all[2:4]},
		"entity, type": {func(r *store.SearchRequest) { r.Entities, r.Type = []string{"ent_jane-roe"}, document.DocketNumber }, []string{}},
		"format":       {func(r *store.SearchRequest) { r.Format = document.FormatPDF }, all[4:]},
		"since":        {func(r *store.SearchRequest) { r.Since = start.Add(time.Hour) }, all[4:]},
		"until":        {func(r *store.SearchRequest) { r.Until = start.Add(time.Hour) }, all[:4]},
	} {
		assert.ElementsMatch(t, test.want, find(t, s, "duty", test.set), name)
	}
	q, err := search.Parse("duty")
	require.NoError(t, err)
	for _, req := range []store.SearchRequest{
		{Query: q}, {Project: project}, {Project: "other", Batch: "b1", Query: q}, {Project: project, Query: q, After: "bogus"},
	} {
		_, err := s.Search(t.Context(), req)
		require.Error(t, err)
	}

	for name, want := range map[string][]string{
		"ent_bob-lee": {"ent_bob-lee"}, "Jane Roe": {"ent_jane-roe"}, "j roe": {"ent_jane-roe"}, "jane roe": {"ent_jane-roe"}, "Nobody": nil,
	} {
		ids, err := s.EntitiesNamed(t.Context(), project, name, personKeys(name))
		require.NoError(t, err)
		assert.Equal(t, want, ids, name)
	}
	ids, err := s.EntitiesNamed(t.Context(), "other", "Jane Roe", personKeys("jane roe"))
	require.NoError(t, err)
	assert.Empty(t, ids)
}

func searchPages(t *testing.T, s *store.Store) {
	var docs []*document.Result
	for i := range 4 {
		docs = append(docs, prose([]string{fmt.Sprintf("duty %d", i), fmt.Sprintf("a duty %d", i), fmt.Sprintf("the other duty of %d", i)}))
	}
	saveProse(t, s, "b1", docs...)
	whole := searchFor(t, s, "duty", func(r *store.SearchRequest) { r.Limit = 100 })
	require.Len(t, whole.Passages, 12)
	for _, size := range []int{1, 5, 6, 11, 12} {
		var paged []store.Passage
		for after, more := "", true; more; {
			found := searchFor(t, s, "duty", func(r *store.SearchRequest) { r.Limit, r.After = size, after })
			require.NotEmpty(t, found.Passages)
			paged = append(paged, found.Passages...)
			after, more = found.Next, found.Next != ""
		}
		assert.Equal(t, whole.Passages, paged, "%d a page", size)
	}
	for i, p := range whole.Passages {
		assert.Equal(t, i+1, p.Rank)
	}
}

// searchOverlap has chunks overlap, as a document's do.
func searchOverlap(t *testing.T, s *store.Store) {
	r := result("overlap")
	r.Text = "aaaa bbbb Cécile dddd eeee ffff gggg hhhh"
	r.Chunks = []document.Chunk{
		{Ordinal: 0, Span: document.Span{Start: 0, End: 21}, Page: 1},  // aaaa … dddd
		{Ordinal: 1, Span: document.Span{Start: 10, End: 31}, Page: 1}, // Cécile … ffff
		{Ordinal: 2, Span: document.Span{Start: 22, End: 41}, Page: 1}, // eeee … hhhh
	}
	r.Mentions = nil
	e := person("cecile", "Cécile")
	r.Entities = []document.Entity{e}
	r.Mentions = []document.Mention{{Type: e.Type, Span: document.Span{Start: 27, End: 31}, Text: "ffff", Normalized: e.Key, Entity: e.ID}}
	saveProse(t, s, "b1", r)
	chunks := func(query string, with ...func(*store.SearchRequest)) (ordinals []int) {
		for _, p := range searchFor(t, s, query, with...).Passages {
			ordinals = append(ordinals, p.Chunk)
		}
		return ordinals
	}
	person := func(r *store.SearchRequest) { r.Type = document.Person }
	assert.Equal(t, []int{0}, chunks("cecile dddd"), "shown once")
	assert.Equal(t, []int{0}, chunks("dddd", func(r *store.SearchRequest) { r.Limit = 1 }))
	assert.Equal(t, []int{1}, chunks("dddd eeee"), "the chunk before has not all of it")
	assert.ElementsMatch(t, []int{0, 1}, chunks("dddd OR eeee"), "the second shows more")
	assert.ElementsMatch(t, []int{1}, chunks("cecile", person), "the chunk before does not pass the filter")
	assert.Equal(t, []int{1}, chunks("ffff"))
	assert.Equal(t, []int{1}, chunks("dddd -aaaa"))
}

// searchFollows has the index follow the documents.
func searchFollows(t *testing.T, s *store.Store) {
	saveProse(t, s, "b1", prose([]string{"an old duty", "another old one"}), prose([]string{"no change"}))
	assert.Len(t, find(t, s, "old"), 2)

	// New content in place of a caller's document.
	register(t, s, newBatch("b2"), 2)
	req := request("b2", 1, prose([]string{"a new duty"}))
	req.DocumentID = "b1-1"
	save(t, s, req, batch.OutcomeCompleted)
	assert.Empty(t, find(t, s, "old"))
	assert.Equal(t, []string{"b1-1:1"}, find(t, s, "new duty"))

	// The same content, read again.
	again := prose([]string{"a new duty"})
	again.Text = "a second duty"
	again.Chunks[0].End = len(again.Text)
	req = request("b2", 2, again)
	req.Reread = true
	save(t, s, req, batch.OutcomeCompleted)
	assert.Empty(t, find(t, s, "new"))
	assert.Equal(t, []string{"b1-1:1"}, find(t, s, "second duty"))
	assert.Equal(t, []string{"b1-2:1"}, find(t, s, "change"))

	// A mail's attachment.
	register(t, s, newBatch("b3"), 1)
	part := prose([]string{"an attached duty"})
	req = request("b3", 1, prose([]string{"a mail"}))
	req.Attachments = []store.Attachment{{Name: "a.pdf", SHA256: part.SHA256, Result: part}}
	save(t, s, req, batch.OutcomeCompleted)
	assert.Equal(t, []string{store.DocumentID(part.SHA256) + ":1"}, find(t, s, "attached", func(r *store.SearchRequest) { r.Batch = "b3" }))
}

// searchHostile has text that no prose is.
func searchHostile(t *testing.T, s *store.Store) {
	long := strings.Repeat("x", 5000)
	many := strings.Builder{}
	for i := range 30_000 {
		fmt.Fprintf(&many, "%dy%s,", i, strings.Repeat("ß", 60))
	}
	saveProse(t, s, "b1",
		prose([]string{"' \" ? ?0 \\ :* & | ! ( ) <-> a:1,2 quote' \x00 \xff " + long + " end", ""}),
		prose([]string{many.String()}),
		prose([]string{"﷽ ½ ² ﷺ ẞ 𝔖𝔢𝔠𝔯𝔢𝔱 ͏ अदालत"}))
	for query, want := range map[string][]string{
		"end quote": {"b1-1:1"}, long: {"b1-1:1"}, long[:150] + " end": {"b1-1:1"}, "0y*": {"b1-2:1"}, "secret": {"b1-3:1"}, "अदालत": {"b1-3:1"},
		"a:1,2": {"b1-1:1"}, `"1 2 quote"`: {"b1-1:1"}, "' end": {"b1-1:1"}, `\end`: {"b1-1:1"},
	} {
		if len(query) > search.MaxQuery {
			query = query[:search.MaxQuery]
		}
		assert.Equal(t, want, find(t, s, query), "%.20q", query)
	}
}
