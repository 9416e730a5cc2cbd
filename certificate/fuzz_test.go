package certificate_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/certificate"
)

// FuzzReader reads any text as a certificate: it says what is wrong with it, or
// has counted its rows.
func FuzzReader(f *testing.F) {
	f.Add(`{"certificate":1,"batch":"b","project":"p","status":"completed","rows":1,"pipeline":"1","created_at":"","started_at":"","finished_at":"","names":false}
{"row":1,"sha256":"","outcome":"completed","reason":"","category":"","fingerprint":"","attempts":1,"finished_at":"","pipeline":"1"}
{"totals":{"completed":1,"skipped":0,"failed":0,"cancelled":0,"rows":1}}
{"sha256":"00"}
`)
	f.Add("{}\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := certificate.NewReader(strings.NewReader(text))
		if err != nil {
			return
		}
		check, err := r.Close()
		if err == nil {
			require.Equal(t, check.Counted.Rows, check.Counted.Completed+check.Counted.Skipped+check.Counted.Failed+check.Counted.Cancelled)
		}
	})
}
