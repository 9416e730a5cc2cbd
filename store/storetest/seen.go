package storetest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

// taken is a file that row of batch b1 takes: see rows.
func taken(row int) store.Seen {
	return store.Seen{
		URI: fmt.Sprintf("file:///matters/%d.pdf", row), Version: fmt.Sprintf("%d then", row), SHA256: hash(fmt.Sprint(row)), Batch: "b1", Row: row,
	}
}

// settled are the URIs and the contents that are settled among those of seen.
func settled(t *testing.T, s *store.Store, seen ...store.Seen) (uris, hashes []string) {
	t.Helper()
	var askedURIs, askedHashes []string
	for _, f := range seen {
		askedURIs, askedHashes = append(askedURIs, f.URI), append(askedHashes, f.SHA256)
	}
	files, err := s.SeenFiles(t.Context(), project, askedURIs)
	require.NoError(t, err)
	contents, err := s.SeenContent(t.Context(), project, askedHashes)
	require.NoError(t, err)
	for _, f := range seen {
		if files[f.URI].Settled {
			uris = append(uris, f.URI)
		}
		if contents[f.SHA256] {
			hashes = append(hashes, f.SHA256)
		}
	}
	return uris, hashes
}

func seenFiles(t *testing.T, s *store.Store) {
	first, held := taken(1), taken(2)
	held.Batch, held.Row = "", 0
	require.NoError(t, s.SaveSeen(t.Context(), project, []store.Seen{first, held}))
	got, err := s.SeenFiles(t.Context(), project, []string{first.URI, held.URI, "file:///never"})
	require.NoError(t, err)
	assert.Equal(t, map[string]store.SeenFile{
		first.URI: {Seen: first}, held.URI: {Seen: held, Settled: true},
	}, got)

	changed := store.Seen{URI: first.URI, Version: "now", Failure: "PermissionDenied", Batch: "b2", Row: 7}
	require.NoError(t, s.SaveSeen(t.Context(), project, []store.Seen{changed}))
	got, err = s.SeenFiles(t.Context(), project, []string{first.URI})
	require.NoError(t, err)
	assert.Equal(t, map[string]store.SeenFile{first.URI: {Seen: changed}}, got)
	assert.Equal(t, 2, count(t, s, "seen"))

	got, err = s.SeenFiles(t.Context(), "another", []string{held.URI})
	require.NoError(t, err)
	assert.Empty(t, got, "projects do not see each other")
	other, err := s.SeenContent(t.Context(), "another", []string{held.SHA256})
	require.NoError(t, err)
	assert.Empty(t, other)
}

func seenNothing(t *testing.T, s *store.Store) {
	require.NoError(t, s.SaveSeen(t.Context(), project, nil))
	files, err := s.SeenFiles(t.Context(), project, nil)
	require.NoError(t, err)
	assert.Empty(t, files)
	unread := store.Seen{URI: "file:///a", Failure: "TooLarge"}
	require.NoError(t, s.SaveSeen(t.Context(), project, []store.Seen{unread}))
	contents, err := s.SeenContent(t.Context(), project, []string{""})
	require.NoError(t, err)
	assert.Empty(t, contents, "what could not be read has no content")
}

func seenOnceRegistered(t *testing.T, s *store.Store) {
	files := []store.Seen{taken(1), taken(2), taken(3)}
	files[2].Batch, files[2].Row = store.Undecided, 0
	require.NoError(t, s.SaveSeen(t.Context(), project, files))
	uris, hashes := settled(t, s, files...)
	assert.Empty(t, uris, "its batch may never be registered")
	assert.Empty(t, hashes)

	register(t, s, newBatch("b1"), 3)
	uris, hashes = settled(t, s, files...)
	assert.Equal(t, []string{files[0].URI, files[1].URI}, uris)
	assert.Equal(t, []string{files[0].SHA256, files[1].SHA256}, hashes)

	elsewhere := taken(2) // a run that was interrupted counted otherwise
	elsewhere.URI, elsewhere.SHA256 = "file:///matters/gone.pdf", hash("gone")
	require.NoError(t, s.SaveSeen(t.Context(), project, []store.Seen{elsewhere}))
	uris, hashes = settled(t, s, elsewhere)
	assert.Empty(t, uris, "the row is of another file")
	assert.Empty(t, hashes)
}

func seenAndCancelled(t *testing.T, s *store.Store) {
	files := []store.Seen{taken(1), taken(2), taken(3)}
	require.NoError(t, s.SaveSeen(t.Context(), project, files))
	register(t, s, newBatch("b1"), 3)
	_, err := s.SetOutcome(t.Context(), store.Row{
		Batch: "b1", Row: 1, Outcome: batch.OutcomeFailed, Failure: failure(batch.Data, batch.StageExtract, "CorruptPDF", "damaged"),
	})
	require.NoError(t, err)
	_, err = s.SetOutcome(t.Context(), store.Row{Batch: "b1", Row: 2, Outcome: batch.OutcomeCancelled})
	require.NoError(t, err)
	uris, hashes := settled(t, s, files...)
	assert.Equal(t, []string{files[0].URI, files[2].URI}, uris, "a failed row took its file, a cancelled one did not")
	assert.Equal(t, []string{files[0].SHA256, files[2].SHA256}, hashes)
}

func seenAndNotFetched(t *testing.T, s *store.Store) {
	file := taken(1)
	require.NoError(t, s.SaveSeen(t.Context(), project, []store.Seen{file}))
	register(t, s, newBatch("b1"), 1)
	_, err := s.SetOutcome(t.Context(), store.Row{
		Batch: "b1", Row: 1, Outcome: batch.OutcomeFailed, Failure: failure(batch.Data, batch.StageFetch, "NotFound", "gone"),
	})
	require.NoError(t, err)
	uris, hashes := settled(t, s, file)
	assert.Equal(t, []string{file.URI}, uris)
	assert.Empty(t, hashes, "a copy of it may be read")
}
