package pdf_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document/extract/internal/pdftest"
)

const widget = "/Subtype /Widget /F 4 "

func TestReadPutsFieldsThatDrawNothingBesideTheirLabels(t *testing.T) {
	r := setup(t)
	c := read(t, r, pdftest.New().Page(
		pdftest.Text(72, 700, 12, "Name of the party:"),
		pdftest.Text(72, 660, 12, "Court:"),
		pdftest.Text(90, 620, 12, "Appellant"),
		pdftest.Text(90, 600, 12, "Appellee"),
		pdftest.Text(72, 560, 12, "Counsel:"),
		pdftest.Annot(200, 696, 200, 18, widget+"/FT /Tx /T (form[0].p1[0].name[0]) /TU (Party) /V (Jane Roe)"),
		pdftest.Annot(200, 656, 200, 18, widget+"/FT /Ch /Ff 131072 /T (court) /Opt [(First Circuit) (Federal Circuit)] /V (Federal Circuit)"),
		pdftest.Annot(72, 618, 10, 10, widget+"/FT /Btn /T (appellant) /V /Yes /AS /Yes /AP << /N << /Yes 4 0 R >> >>"),
		pdftest.Annot(72, 598, 10, 10, widget+"/FT /Btn /T (appellee) /V /Off /AS /Off /AP << /N << /Yes 4 0 R >> >>"),
		pdftest.Annot(200, 540, 200, 40, widget+"/FT /Ch /Ff 2097152 /T (counsel) /Opt [(A. Doe) (B. Moe) (C. Poe)] /V [(A. Doe) (C. Poe)] /I [0 2]"),
		pdftest.Annot(200, 400, 200, 18, widget+"/FT /Tx /T (secret) /Ff 8192 /V (hunter2)"),
		pdftest.Annot(200, 400, 200, 18, "/Subtype /Widget /F 2 /FT /Tx /T (hidden) /V (unseen)"),
		pdftest.Annot(200, 400, 200, 18, widget+"/FT /Tx /T (empty) /V ()"),
	).Bytes())
	assert.Equal(t, "Name of the party: Jane Roe Court: Federal Circuit [x] Appellant [ ] Appellee Counsel: A. Doe, C. Poe",
		strings.Join(strings.Fields(c.Pages[0].Text), " "))
	assert.Equal(t, "Party: Jane Roe; court: Federal Circuit; appellant: yes; counsel: A. Doe, C. Poe", c.Metadata["form-fields"])
}

func TestReadTakesAFieldThatIsDrawnOnce(t *testing.T) {
	r := setup(t)
	c := read(t, r, pdftest.New().Page(
		pdftest.Text(72, 700, 12, "Name:"),
		pdftest.FieldWith(widget+"/FT /Tx /T (name) /V (Jane  Roe)", pdftest.Text(200, 700, 10, "Jane Roe")),
	).Bytes())
	assert.Equal(t, 1, strings.Count(c.Pages[0].Text, "Roe"), c.Pages[0].Text)
	assert.Equal(t, "name: Jane Roe", c.Metadata["form-fields"])
}

func TestReadTakesAValueFromAFieldsParent(t *testing.T) {
	r := setup(t)
	d := pdftest.New()
	parent := d.Add("<< /FT /Tx /T (party) /V (Jane Roe) >>")
	c := read(t, r, d.Page(
		pdftest.Text(72, 700, 12, "Name:"),
		pdftest.Annot(200, 696, 200, 18, fmt.Sprintf("%s /Parent %d 0 R", widget, parent)),
	).Bytes())
	assert.Contains(t, c.Pages[0].Text, "Name:\nJane Roe")
}

func TestReadKeepsWhatPeopleNotedOnAPage(t *testing.T) {
	r := setup(t)
	c := read(t, r, pdftest.New().Page(
		pdftest.Text(72, 700, 12, "The motion is granted."),
		pdftest.Annot(400, 700, 20, 20, "/Subtype /Text /F 4 /T (J. Roe) /Contents (Check this\n date.)"),
		pdftest.Annot(72, 700, 100, 12, "/Subtype /Highlight /F 4 /Contents (The holding)"),
		pdftest.Annot(72, 700, 100, 12, "/Subtype /Link /F 4 /Contents (a link) /A << /S /URI /URI (https://example.com/) >>"),
		pdftest.Annot(72, 700, 100, 12, "/Subtype /Popup /F 4 /Contents (Check this date.)"),
		pdftest.Annot(72, 700, 100, 12, "/Subtype /Text /F 2 /Contents (hidden)"),
		pdftest.FieldWith("/Subtype /FreeText /F 4 /Contents (Received by hand)", pdftest.Text(300, 640, 10, "Received by hand")),
	).Bytes())
	assert.Equal(t, "The motion is granted.\n\nReceived by hand\n\n[Annotation, note by J. Roe: Check this date.]\n\n[Annotation, highlight: The holding]",
		c.Pages[0].Text)
}

func TestReadBoundsAnnotations(t *testing.T) {
	r := setup(t)
	marks := []pdftest.Mark{pdftest.Text(72, 700, 12, "The motion is granted.")}
	for i := range 5000 {
		marks = append(marks, pdftest.Annot(72, 600, 10, 10, fmt.Sprintf("/Subtype /Text /F 4 /Contents (note %d %s)", i, strings.Repeat("a", 5000))))
	}
	c := read(t, r, pdftest.New().Page(marks...).Bytes())
	assert.Equal(t, 200, strings.Count(c.Pages[0].Text, "[Annotation, note: "))
	assert.Less(t, len(c.Pages[0].Text), 200*4100)
	require.Len(t, c.Warnings, 1)
	assert.Equal(t, "partial", c.Warnings[0].Code)
	assert.Equal(t, 1, c.Warnings[0].Page)
}

func TestReadEndsOnADeepForm(t *testing.T) {
	r := setup(t)
	d := pdftest.New()
	above := d.Add("<< /FT /Tx /T (top) /V (Jane Roe) >>")
	for range 5000 {
		above = d.Add(fmt.Sprintf("<< /T (a) /Parent %d 0 R >>", above))
	}
	self := d.Add("<< /T (self) >>")
	c := read(t, r, d.Page(
		pdftest.Text(72, 700, 12, "The motion is granted."),
		pdftest.Annot(200, 696, 200, 18, fmt.Sprintf("%s /FT /Tx /V (deep) /Parent %d 0 R", widget, above)),
		pdftest.Annot(200, 596, 200, 18, fmt.Sprintf("%s /FT /Tx /V (wide) /Parent %d 0 R /Kids [%d 0 R]", widget, self, self)),
	).Bytes())
	assert.Contains(t, c.Pages[0].Text, "The motion is granted.")
}

func TestReadTellsFootnotesMarkers(t *testing.T) {
	r := setup(t)
	raised := func(x, y float64, text, number, rest string) pdftest.Mark {
		return pdftest.Draw(fmt.Sprintf("BT /F1 12 Tf %g %g Td (%s) Tj /F1 7 Tf 5 Ts (%s) Tj /F1 12 Tf 0 Ts (%s) Tj ET", x, y, text, number, rest))
	}
	c := read(t, r, pdftest.New().Page(
		raised(72, 700, "No party asked for relief.", "3", " We agree."),
		raised(72, 680, "See Rule 12", "", ".3 and 2013.4 and level2 too."),
		raised(72, 660, "An area of 100 m", "2", " was leased."),
		raised(72, 100, "", "3", " See the record."),
	).Bytes())
	assert.Equal(t, "No party asked for relief.[3] We agree. See Rule 12.3 and 2013.4 and level2 too. An area of 100 m2 was leased. [3] See the record.",
		strings.Join(strings.Fields(c.Pages[0].Text), " "))
}

func TestReadEndsOnHostileText(t *testing.T) {
	r := setup(t)
	for name, operators := range map[string]string{
		"10,000 tiny texts":             strings.Repeat("BT /F1 0.01 Tf 100 100 Td (a1) Tj ET\n", 10_000),
		"texts at one point":            "BT /F1 12 Tf 100 100 Td 0 Tz " + strings.Repeat("(relief.3 ) Tj ", 5000) + "ET",
		"positions that are no numbers": "BT /F1 1e38 Tf 1e38 1e38 1e38 1e38 1e38 1e38 Tm (relief.3) Tj ET BT /F1 12 Tf 0 0 0 0 0 0 Tm (b) Tj ET",
		"5,000 lines in columns": func() string {
			var b strings.Builder
			for i := range 5000 {
				fmt.Fprintf(&b, "BT /F1 1 Tf 72 %g Td (%d the court held) Tj 200 0 Td (the court of appeals) Tj ET\n", 780-0.15*float64(i), i)
			}
			return b.String()
		}(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := read(t, r, pdftest.New().Page(pdftest.Text(72, 750, 12, "The motion is granted."), pdftest.Draw(operators)).Bytes())
			assert.Contains(t, c.Pages[0].Text, "The motion is granted.")
		})
	}
}

func TestReadLeavesOutWhatIsPrintedAroundThePages(t *testing.T) {
	r := setup(t)
	d := pdftest.New()
	for n := range 3 {
		d.Page(
			pdftest.Text(100, 775, 9, fmt.Sprintf("Case 1:20-cv-01234-ABC Document 12 Filed 03/04/20 Page %d of 3", n+1)),
			pdftest.Text(200, 740, 12, "ROE v. ACME"),
			pdftest.Text(72, 700, 12, fmt.Sprintf("Sentence %c goes on over the", 'A'+n)),
			pdftest.Text(300, 40, 12, fmt.Sprintf("- %d -", n+1)),
			pdftest.Text(450, 30, 9, fmt.Sprintf("ACME%06d", n+7)),
		)
	}
	c := read(t, r, d.Bytes())
	assert.Equal(t, "Case 1:20-cv-01234-ABC Document 12 Filed 03/04/20 Page 1 of 3\nROE v. ACME\nSentence A goes on over the\n\nACME000007", c.Pages[0].Text)
	assert.Equal(t, "Sentence C goes on over the\n\nACME000009", c.Pages[2].Text)
	assert.Equal(t, "Case 1:20-cv-01234-ABC Document 12 Filed 03/04/20 Page 1 of 3", c.Metadata["filing-stamps"])
	assert.Equal(t, "ROE v. ACME", c.Metadata["running-heads"])
}

func TestReadJoinsWordsAsTheDocumentWritesThem(t *testing.T) {
	r := setup(t)
	lines := []string{
		"the plain-", "tiff and the co-", "defendant in 1:19-cv-", "01234 and Smith-", "Jones on a long-", "term lease; a",
		"long-term lease, an attorney-", "client matter, and the vendor-", "plaintiff: each vendor and each plaintiff.",
	}
	var marks []pdftest.Mark
	for i, l := range lines {
		marks = append(marks, pdftest.Text(72, 700-14*float64(i), 12, l))
	}
	c := read(t, r, pdftest.New().Page(marks...).Bytes())
	assert.Equal(t, "the plaintiff and the co-defendant in 1:19-cv-01234 and Smith-Jones on a long-term lease; a "+
		"long-term lease, an attorney-client matter, and the vendor-plaintiff: each vendor and each plaintiff.",
		strings.Join(strings.Fields(c.Pages[0].Text), " "))
}
