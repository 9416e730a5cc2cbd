package isolate_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/caseload/caseload/document/extract/internal/pdftest"
)

func TestADocumentDoesNotFailForThoseBeforeIt(t *testing.T) {
	t.Parallel()
	p := open(t, nil)
	reads(t, p)
	before := p.PIDs()
	// As if those before had left no memory.
	require.NoError(t, unix.Prlimit(before[0], unix.RLIMIT_DATA, &unix.Rlimit{Cur: 1 << 20, Max: 1 << 20}, nil))
	in := file(t, "page.pdf", string(pdftest.New().Page(pdftest.Text(40, 700, 12, "The motion is granted.")).Bytes()))
	_, err := p.Extract(t.Context(), in)
	require.NoError(t, err)
	assert.NotEqual(t, before, p.PIDs(), "a process that has read nothing reads it")
}
