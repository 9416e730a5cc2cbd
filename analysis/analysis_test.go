package analysis_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/analysis"
	"github.com/caseload/caseload/batch"
)

func TestTheFewCausesAreTheFewestThatCoverMost(t *testing.T) {
	for _, test := range []struct {
		counts  []int
		percent int
		want    int
	}{
		{nil, 80, 0},
		{[]int{0, 0}, 80, 0},
		{[]int{5}, 80, 1},
		{[]int{80, 20}, 80, 1},                       // exactly
		{[]int{79, 21}, 80, 2},                       // one short
		{[]int{50, 30, 10, 10}, 80, 2},               //
		{[]int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 80, 8}, //
		{[]int{3, 3, 1}, 80, 2},                      // 6 of 7 is 85.7 %
		{[]int{3, 2, 2}, 80, 3},                      // 5 of 7 is 71.4 %
		{[]int{3, 2, 0}, 100, 2},                     //
		{[]int{3, 2}, 0, 0},                          //
	} {
		assert.Equal(t, test.want, analysis.Few(test.counts, test.percent), "%d %% of %v", test.percent, test.counts)
	}
}

func TestSharesAddUp(t *testing.T) {
	assert.Equal(t, []float64{0.5, 0.75, 1}, analysis.Cumulative([]int{2, 1, 1}))
	assert.Equal(t, []float64{0, 0}, analysis.Cumulative([]int{0, 0}))
	assert.Empty(t, analysis.Cumulative(nil))
}

func TestAdviceNamesTheCommandToRun(t *testing.T) {
	const (
		byCategory    = "starter recover b1 --category "
		byFingerprint = "starter recover b1 --fingerprint f00"
		submit        = "starter submit SOURCE --project acme"
		inspect       = "starter inspect FILE"
	)
	for _, test := range []struct {
		category batch.Category
		typ      string
		recovery analysis.Recovery
		do       string // a part of it
		command  string
	}{
		{batch.Transient, "Timeout", analysis.ByItself, "such causes pass", byCategory + "TRANSIENT"},
		{batch.Transient, "ConnectionFailed", analysis.ByItself, "can be reached", byCategory + "TRANSIENT"},
		{batch.Resource, "OutOfMemory", analysis.ByItself, "free memory", byCategory + "RESOURCE"},
		{batch.Resource, "NoSpace", analysis.ByItself, "files in work", byCategory + "RESOURCE"},
		{batch.RateLimit, "RateLimited", analysis.ByItself, "takes requests again", byCategory + "RATE_LIMIT"},
		{batch.Configuration, "WrongRegion", analysis.AfterFix, "what the message says", byFingerprint},
		{batch.Configuration, "TesseractMissing", analysis.AfterFix, "install tesseract", byFingerprint},
		{batch.Data, "EncryptedDocument", analysis.Never, "without their password", submit},
		{batch.Data, "EncryptedPDF", analysis.Never, "without their password", submit},
		{batch.Data, "NotFound", analysis.Never, "at their source", submit},
		{batch.Data, "New", analysis.Never, "as the message says", submit},
		{batch.Data, "StagePanicked", analysis.Never, "brings the program down", inspect},
		{batch.Permanent, "Unclassified", analysis.Never, "changes nothing", inspect},
		{batch.Permanent, "NotFound", analysis.Never, "changes nothing", inspect}, // the type is another category's
		{"LATER", "New", analysis.Never, "changes nothing", inspect},
	} {
		a := analysis.Advise(analysis.Cause{Batch: "b1", Project: "acme", Category: test.category, Type: test.typ, Fingerprint: "f00"})
		assert.Equal(t, test.recovery, a.Recovery, "%+v", test)
		assert.Contains(t, a.Do, test.do, "%+v", test)
		assert.Equal(t, test.command, a.Command, "%+v", test)
		assert.Equal(t, a.Do+": `"+a.Command+"`", a.String())
		assert.Equal(t, strings.ToLower(a.Do[:1]), a.Do[:1])
	}
}

func TestEveryCategoryIsCountedAsWhatItNeeds(t *testing.T) {
	var r analysis.Recoverable
	for i, c := range append(batch.Categories(), "LATER") {
		r.Add(c, 1<<i)
	}
	assert.Equal(t, analysis.Recoverable{ByItself: 0b111, AfterFix: 0b1000, Never: 0b1110000}, r)
}
