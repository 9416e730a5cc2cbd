package resolve_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document/resolve"
)

func TestACourtIsShownByItsOwnName(t *testing.T) {
	t.Parallel()
	ms := mentions(t, "COURT UNITED STATES DISTRICT COURT for the District of Guam")
	ms[0].Normalized = "United States District Court for the District of Guam"
	r, err := resolve.Resolve(t.Context(), "p", ms, nil)
	require.NoError(t, err)
	require.Len(t, r.Entities, 1)
	assert.Equal(t, ms[0].Normalized, r.Entities[0].Name)
}
