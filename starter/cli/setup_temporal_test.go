package cli

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
)

func TestSetupRefusesAServerWithoutPriorities(t *testing.T) {
	t.Parallel()
	for _, v := range []string{"1.29.0", "1.31.3", "1.100.2", "2.0.0", "devel"} {
		assert.NoError(t, checkServerVersion(v), v)
	}
	for _, v := range []string{"1.28.1", "0.9.0", "1.9.3"} {
		assert.ErrorIs(t, checkServerVersion(v), errCannotBeSetUp, v)
	}
}

func TestSetupAddsWhatIsMissing(t *testing.T) {
	t.Parallel()
	all := map[string]enumspb.IndexedValueType{
		"CaseloadBatch":         enumspb.INDEXED_VALUE_TYPE_KEYWORD,
		"CaseloadProject":       enumspb.INDEXED_VALUE_TYPE_KEYWORD,
		"CaseloadStatus":        enumspb.INDEXED_VALUE_TYPE_KEYWORD,
		"CaseloadErrorCategory": enumspb.INDEXED_VALUE_TYPE_KEYWORD,
		"CaseloadPriority":      enumspb.INDEXED_VALUE_TYPE_INT,
	}
	got, err := missingAttributes(map[string]enumspb.IndexedValueType{"Other": enumspb.INDEXED_VALUE_TYPE_TEXT})
	require.NoError(t, err)
	assert.Equal(t, all, got)
	got, err = missingAttributes(all)
	require.NoError(t, err)
	assert.Empty(t, got)
	_, err = missingAttributes(map[string]enumspb.IndexedValueType{"CaseloadBatch": enumspb.INDEXED_VALUE_TYPE_TEXT})
	assert.ErrorIs(t, err, errCannotBeSetUp)
	assert.ErrorContains(t, err, "CaseloadBatch")
}

func TestSetupSaysWhatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	_, words, code := f.starter("setup", "--temporal-address", "127.0.0.1:1", "--wait", "1ms")
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, words, "--wait")
	for _, args := range [][]string{{"--retention", "1h"}, {"--wait", "0"}, {"now"}} {
		_, _, code := f.starter(append([]string{"setup"}, args...)...)
		assert.Equal(t, exitUsage, code, args)
	}
}
