package batch_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/batch"
)

func TestFingerprintIgnoresVariableParts(t *testing.T) {
	fp := func(m string) string { return batch.Fingerprint(batch.Data, batch.StageExtract, "TooLarge", m) }
	base := fp(`file of 1,234 bytes is over the limit of 100`)
	assert.Len(t, base, 12)
	assert.Equal(t, base, fp(`file of 9 bytes is over the  limit of 2,000`))
	assert.Equal(t, fp(`cannot read "a.pdf"`), fp(`cannot read "b.docx"`))
	assert.Equal(t, fp(`get https://a.example/x?y failed`), fp(`get http://b.example failed`))
	assert.Equal(t, fp(`object deadbeef01 lost`), fp(`object cafe0123456789 lost`))
	assert.NotEqual(t, base, fp("file is empty"))
}

func TestFingerprintDependsOnEachPart(t *testing.T) {
	seen := map[string]string{}
	for _, c := range []batch.Category{batch.Data, batch.Transient} {
		for _, s := range []batch.Stage{batch.StageFetch, batch.StageExtract} {
			for _, typ := range []string{"A", "B"} {
				for _, m := range []string{"x", "y"} {
					key := fmt.Sprint(c, s, typ, m)
					fp := batch.Fingerprint(c, s, typ, m)
					assert.NotContains(t, seen, fp, "%s and %s", key, seen[fp])
					seen[fp] = key
				}
			}
		}
	}
}

func TestFailureKeepsNothingOfAnUnclassifiedError(t *testing.T) {
	f := batch.NewFailure(batch.StageExtract, errors.New("cannot read /matters/doe-v-roe.pdf"))
	assert.Equal(t, batch.Permanent, f.Category)
	assert.NotContains(t, f.Message, "doe")
	assert.Equal(t, batch.RuleDefault, f.Rule)
	assert.NotEmpty(t, f.Fingerprint)
}

func TestFailureOfATypedError(t *testing.T) {
	cause := errors.New("secret path")
	err := fmt.Errorf("extract: %w", batch.NewError(batch.Data, "EncryptedPDF", "the PDF asks for a password").Wrap(cause))
	f := batch.NewFailure(batch.StageExtract, err)
	assert.Equal(t, batch.Failure{
		Category: batch.Data, Stage: batch.StageExtract, Type: "EncryptedPDF", Message: "the PDF asks for a password",
		Fingerprint: batch.Fingerprint(batch.Data, batch.StageExtract, "EncryptedPDF", "the PDF asks for a password"),
		Rule:        batch.RuleOwn,
	}, f)
	assert.ErrorIs(t, err, cause)
}
