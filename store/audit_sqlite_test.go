package store_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/store"
)

// TestTheAuditLogIsAddedToOnly changes the log behind the store's back.
func TestTheAuditLogIsAddedToOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "caseload.db")
	s := open(t, path)
	for range 5 {
		require.NoError(t, s.Audit(t.Context(), store.AuditLine{At: time.Now(), Actor: "jo", Phase: store.AuditAsked, Action: "pause", Batch: "b1"}, ""))
	}
	lines, err := s.AuditLog(t.Context(), store.AuditFilter{})
	require.NoError(t, err)
	db := raw(t, path)
	for _, change := range []string{"UPDATE audit SET actor = 'another' WHERE n = 3", "DELETE FROM audit WHERE n = 3", "DELETE FROM audit"} {
		_, err := db.ExecContext(t.Context(), change)
		require.ErrorContains(t, err, "the audit log is added to")
	}

	for _, trigger := range []string{"audit_is_not_changed", "audit_is_not_shortened"} { // as whoever owns the file may
		_, err := db.ExecContext(t.Context(), "DROP TRIGGER "+trigger)
		require.NoError(t, err)
	}
	check := func(known string) store.AuditState {
		st, err := s.CheckAudit(t.Context(), known)
		require.NoError(t, err)
		return st
	}
	change := func(sql string) {
		t.Helper()
		_, err := db.ExecContext(t.Context(), sql)
		require.NoError(t, err)
	}
	require.True(t, check("").Intact())
	change("UPDATE audit SET actor = 'another' WHERE n = 3")
	assert.EqualValues(t, 3, check("").Broken, "a line was changed")
	change("UPDATE audit SET actor = 'jo' WHERE n = 3")
	require.True(t, check("").Intact())
	change("DELETE FROM audit WHERE n = 5")
	assert.True(t, check("").Intact(), "the chain alone does not tell")
	assert.True(t, check(lines[4].Hash).Missing, "that its end was cut off")
	change("DELETE FROM audit WHERE n = 2")
	assert.EqualValues(t, 2, check("").Broken, "a line was taken out")
}
