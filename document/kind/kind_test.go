package kind_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/kind"
)

func of(text string) document.Kind {
	k, _ := kind.Of(text, document.FormatText, nil)
	return k
}

func TestTheTitleTells(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]document.Kind{
		"COMPLAINT":                                 document.KindComplaint,
		"C O M P L A I N T":                         document.KindComplaint,
		"DEFENDANT'S ANSWER TO COMPLAINT":           document.KindAnswer,
		"NOTICE OF MOTION TO DISMISS":               document.KindMotion,
		"NOTICE OF ENTRY OF ORDER":                  document.KindNotice,
		"ORDER GRANTING MOTION TO DISMISS":          document.KindOrder,
		"OPINION AND ORDER":                         document.KindOpinion,
		"MEMORANDUM OF LAW IN SUPPORT OF MOTION":    document.KindMotion,
		"MEMORANDUM OPINION":                        document.KindOpinion,
		"DECLARATION OF A. B. IN SUPPORT OF MOTION": document.KindDeclaration,
		"SUBPOENA DUCES TECUM":                      document.KindSubpoena,
		"SETTLEMENT AGREEMENT":                      document.KindContract,
		"Master Services Agreement":                 document.KindContract,
	} {
		assert.Equal(t, want, of(title+"\n\nSome words of the document follow here.\n"), title)
	}
}

func TestATitleStandsBesideTheCaption(t *testing.T) {
	t.Parallel()
	assert.Equal(t, document.KindMotion, of("ACME CORP.,          )  No. 24-cv-1\n     Plaintiff,      )\n   v.                )  MOTION TO\nJANE ROE.            )  COMPEL\n"))
	assert.Equal(t, document.KindOrder, of("12 ACME CORP., | ORDER GRANTING\n13 Plaintiff,    | MOTION\n"))
}

func TestATitleThatGoesOnIsOne(t *testing.T) {
	t.Parallel()
	assert.Equal(t, document.KindMotion, of("MEMORANDUM IN SUPPORT OF\nPLAINTIFF'S COMPLAINT\n"))
}

func TestWordsInASentenceAreNoTitle(t *testing.T) {
	t.Parallel()
	assert.Empty(t, of("The complaint was answered, and the motion was granted by order.\n"))
	assert.Empty(t, of(""))
}

func TestAMailIsToldByItsFormatOrHeaders(t *testing.T) {
	t.Parallel()
	k, sure := kind.Of("MOTION TO DISMISS\n", document.FormatEML, nil)
	assert.Equal(t, document.KindMail, k)
	assert.Greater(t, sure, 0.9)
	assert.Equal(t, document.KindMail, of("From: a\nTo: b\nSubject: Order granting motion\n\nSee attached."))
}

func TestConfidenceSaysHowMuchElseItMayBe(t *testing.T) {
	t.Parallel()
	_, sure := kind.Of("ORDER\n\nIT IS SO ORDERED.\n", document.FormatText, nil)
	_, unsure := kind.Of("NOTICE OF ORDER\n\nIT IS SO ORDERED.\nDear Sir:\nSincerely,\n", document.FormatText, nil)
	assert.Greater(t, sure, 0.85)
	assert.Less(t, unsure, sure)
}

func TestOnlyTheBeginningAndTheEndTell(t *testing.T) {
	t.Parallel()
	middle := strings.Repeat("Nothing of note was said on that day.\n", 2000)
	assert.Empty(t, of(middle+"COMPLAINT\n"+middle))
}

func FuzzOf(f *testing.F) {
	f.Add("ORDER\n\xff) | §")
	f.Fuzz(func(t *testing.T, text string) {
		k, sure := kind.Of(text, document.FormatText, nil)
		if (k == "") != (sure == 0) || sure < 0 || sure > 1 {
			t.Errorf("%q, %g", k, sure)
		}
	})
}

func BenchmarkOf(b *testing.B) {
	text := "UNITED STATES DISTRICT COURT\n\nMOTION TO DISMISS\n" + strings.Repeat("The plaintiff alleges that the defendant failed to pay on May 4, 2020.\n", 300)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		kind.Of(text, document.FormatText, nil)
	}
}
