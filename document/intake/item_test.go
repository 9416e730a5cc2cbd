package intake_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/intake"
	"github.com/caseload/caseload/document/source"
)

func TestAnErrorOfTheTargetKeepsItsCause(t *testing.T) {
	t.Parallel()
	dir, src := setup(t, source.Config{}, nil)
	_, err := intake.Open(t.Context(), src, intake.Request{Target: dir})
	e, ok := batch.AsError(err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, "NotFound", e.Type)
	require.NoError(t, os.MkdirAll(dir, 0o700))
	_, err = intake.Open(t.Context(), src, intake.Request{Target: dir})
	require.ErrorIs(t, err, intake.ErrEmpty)
}

func TestItemsAreStoredInUTF8(t *testing.T) {
	t.Parallel()
	uri, name := intake.Item{URI: "/m/latin\xe9?.txt", Name: "latin\xe9?.txt"}.Stored()
	assert.Equal(t, "file:///m/latin%E9%3F.txt", uri)
	assert.Equal(t, "latin\uFFFD?.txt", name)
	uri, name = intake.Item{URI: "/m/é?.txt", Name: "é?.txt"}.Stored()
	assert.Equal(t, "/m/é?.txt", uri)
	assert.Equal(t, "é?.txt", name)
}

func TestItemsOfAFolderHaveTheirVersion(t *testing.T) {
	t.Parallel()
	dir, src := setup(t, source.Config{}, map[string]string{"a.txt": "content", "empty.txt": ""})
	got := items(t, open(t, src, intake.Request{Target: dir}))
	require.Len(t, got, 2)
	assert.Regexp(t, `^7 \d{4}-`, got[0].Version)
	assert.Regexp(t, `^0 \d{4}-`, got[1].Version, "a bad row has one too")
}
