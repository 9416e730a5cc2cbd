package entity

import (
	"context"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
)

func find(text string) []document.Mention { return NewFinder().Find(context.Background(), text) }

// normalized are the normal forms of the mentions of type typ in text.
func normalized(text string, typ document.EntityType) []string {
	var out []string
	for _, m := range find(text) {
		if m.Type == typ {
			out = append(out, m.Normalized)
		}
	}
	return out
}

// each checks the normal forms of one type of mention in each text.
func each(t *testing.T, typ document.EntityType, want map[string][]string) {
	t.Helper()
	for text, forms := range want {
		assert.Equal(t, forms, normalized(text, typ), "%s", text)
	}
}

func TestMentionsAreInOrderWithTheirText(t *testing.T) {
	t.Parallel()
	text := "On March 3, 2021, Judge Jane Roe of the United States District Court for the Northern District of California\n" +
		"fined Acme Corp. $5 million under 42 U.S.C. § 1983. See Roe v. Wade, 410 U.S. 113 (1973)."
	var types []document.EntityType
	for _, m := range find(text) {
		types = append(types, m.Type)
		assert.Equal(t, text[m.Start:m.End], m.Text)
	}
	assert.Equal(t, []document.EntityType{document.Date, document.Judge, document.Court, document.Org, document.Money,
		document.Statute, document.CaseCitation}, types)
}

func TestMentionsCrossLineBreaksButNoPageBreaks(t *testing.T) {
	t.Parallel()
	mentions := find("Appeal to the United States Court of\nAppeals for the Ninth Circuit.")
	require.Len(t, mentions, 1)
	assert.Equal(t, "United States Court of\nAppeals for the Ninth Circuit", mentions[0].Text)
	assert.Equal(t, "United States Court of Appeals for the Ninth Circuit", mentions[0].Normalized)

	for _, m := range find("It was filed on March" + document.PageBreak + "3, 2021 in 410 U.S." + document.PageBreak + "113.") {
		assert.NotContains(t, m.Text, "\f")
	}
	second := find("One." + document.PageBreak + "Filed March 3, 2021.")
	require.Len(t, second, 1)
	assert.Equal(t, "March 3, 2021", second[0].Text)
	assert.Equal(t, 4+len(document.PageBreak)+6, second[0].Start)
}

func TestTheMoreSpecificMentionWins(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]document.EntityType{
		"410 F.3d 113 (9th Cir. Mar. 3, 2005)": document.CaseCitation, // over the court and date in it
		"Board of Immigration Appeals":         document.Court,        // over an organisation
		"Hon. Deborah S. Hunt":                 document.Judge,        // over a person
		"Bank of California":                   document.Org,          // over a place
	} {
		mentions := find(text)
		require.Len(t, mentions, 1, text)
		assert.Equal(t, want, mentions[0].Type, text)
		assert.Equal(t, strings.TrimPrefix(text, "Hon. "), mentions[0].Text)
	}
}

func TestPartiesOfCitedCasesAreNoMentions(t *testing.T) {
	t.Parallel()
	mentions := find("The rule is settled. See Acme Corp. v. John Smith, 700 F. Supp. 2d 300 (S.D.N.Y. 2010).")
	require.Len(t, mentions, 1)
	assert.Equal(t, document.CaseCitation, mentions[0].Type)
}

func TestFindStopsWhenCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	assert.Empty(t, NewFinder().Find(ctx, "Filed March 3, 2021."))
}

func TestLongTextsAreReadInParts(t *testing.T) {
	t.Parallel()
	line := strings.Repeat("nothing to see here and\n", 8) + "filed on March 3, 2021.\n"
	text := strings.Repeat(line, 2*maxPage/len(line)+2)
	assert.Len(t, find(text), strings.Count(text, "March"))
}

func TestNothingIsFoundInPlainProse(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "\n\n", document.PageBreak,
		"The court considered several factors, including the legislative history and policy considerations.",
		"STANDARD OF REVIEW\n\nSummary Judgment is proper if the Due Process Clause so requires.",
		"The parties met at 5:30 on the 3d of the month.",
	} {
		assert.Empty(t, find(text), text)
	}
}

func FuzzFind(f *testing.F) {
	for _, seed := range []string{
		"Smith v. Jones, 500 F.3d 100, 105 & n.3 (9th Cir. 2007) (en banc); 2019 WL 123456, at *3; 28 U. S. C. §§1331, 1332(a)",
		"Nos. 14–556, 1:19-cv-01234-ABC (KESx)\n/s/ Jane Q. Roe, Esq.\nBefore: A, B and C, Circuit Judges.",
		"UNITED STATES DISTRICT COURT\nNORTHERN DISTRICT OF CALIFORNIA\nSuperior Court, Los Angeles County",
		"$1,234.56 €10 million a.b@c.org (415) 555-1234 3rd day of March, 2021 03/03/21 § 10(b) of the Exchange Act",
		"Mr. O’Neil’s\n\f\nACME, INC., Plaintiff, \u00a0 Éva de la Cruz Jr. \xff\xc2",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, m := range find(text) {
			require.True(t, end <= m.Start && m.Start < m.End && m.End <= len(text))
			require.Equal(t, text[m.Start:m.End], m.Text)
			require.NotContains(t, m.Text, document.PageBreak)
			require.NotEmpty(t, m.Normalized)
			require.True(t, m.Confidence > 0 && m.Confidence <= 1)
			if utf8.ValidString(text) {
				require.True(t, utf8.ValidString(m.Text))
				require.True(t, utf8.ValidString(m.Normalized))
			}
			end = m.End
		}
	})
}

func BenchmarkFind(b *testing.B) {
	page := "No. 20-16276\n\nIN THE UNITED STATES COURT OF APPEALS\nFOR THE NINTH CIRCUIT\n\n" + strings.Repeat(
		"The district court granted the motion, and Acme Corp. appealed. We review the order de novo, and we\n"+
			"affirm it for the reasons that the panel gave. See Smith v. Jones, 500 F.3d 100, 105 (9th Cir. 2007).\n"+
			"Mr. Public testified that nothing in the record supports the finding made under 42 U.S.C. § 1983.\n", 12)
	text := strings.Join(slices.Repeat([]string{page}, 40), document.PageBreak)
	b.SetBytes(int64(len(text)))
	f := NewFinder()
	for b.Loop() {
		f.Find(context.Background(), text)
	}
}
