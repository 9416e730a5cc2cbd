package resolve_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/resolve"
)

func TestKeyOfIsOneForAllFormsOfAName(t *testing.T) {
	t.Parallel()
	tests := []struct {
		typ   document.EntityType
		key   string
		forms []string
	}{
		{document.Person, "john smith", []string{"John Smith", "JOHN SMITH", "Mr. John Smith", "Smith, John", "SMITH, JOHN", "Dr. John  Smith, Esq.", "John Smith’s", "John\nSmith", "John Smith, M.D."}},
		{document.Person, "john q smith", []string{"John Q. Smith", "John Q Smith", "SMITH, JOHN Q."}},
		{document.Person, "j r r tolkien", []string{"J.R.R. Tolkien", "J. R. R. Tolkien", "Tolkien, J.R.R."}},
		{document.Person, "john smith jr", []string{"John Smith, Jr.", "John Smith Jr", "SMITH, JOHN, JR.", "Smith Jr., John", "John Smith Junior"}},
		{document.Person, "john smith sr", []string{"John Smith, Sr.", "John Smith Sr"}},
		{document.Person, "dennis james keenan iii", []string{"Mr. Dennis James Keenan, III", "Dennis James Keenan III"}},
		{document.Person, "angelica salceda", []string{"ANGÉLICA SALCEDA", "Angelica Salceda", "Ange\u0301lica Salceda"}},
		{document.Person, "catherine ohagan wolfe", []string{"CATHERINE O'HAGAN WOLFE", "Catherine O’Hagan Wolfe"}},
		{document.Person, "vanessa st pierre", []string{"Vanessa St. Pierre", "ST. PIERRE, VANESSA"}},
		{document.Person, "smith", []string{"Smith", "Mr. Smith", "Ms. Smith"}},
		{document.Judge, "kennedy", []string{"Justice Kennedy", "KENNEDY, J.", "Kennedy"}},
		{document.Judge, "angela t quigless", []string{"Angela T. Quigless, P.J.", "Judge Angela T. Quigless", "Hon. Angela T. Quigless", "the Honorable Angela T. Quigless"}},
		{document.Judge, "john g roberts jr", []string{"Chief Justice John G. Roberts, Jr.", "John G. Roberts, Jr., C.J."}},
		{document.Org, "acme corp", []string{"Acme Corp.", "ACME CORPORATION", "The Acme Corporation", "Acme, Corp", "Acme Corporation, The"}},
		{document.Org, "smith and wesson llc", []string{"Smith & Wesson L.L.C.", "Smith and Wesson, LLC", "SMITH & WESSON LIMITED LIABILITY COMPANY"}},
		{document.Org, "cr bard inc", []string{"C. R. Bard, Inc.", "C.R. Bard Incorporated"}},
		{document.Org, "us department of labor", []string{"U.S. Department of Labor", "United States Dep't of Labor"}},
		{document.Org, "island creek coal co", []string{"Island Creek Coal Company", "ISLAND CREEK COAL CO."}},
		{document.Court, "united states district court for the district of arizona", []string{"United States District Court for the District of Arizona", "UNITED STATES DISTRICT COURT FOR THE DISTRICT OF ARIZONA"}},
		{document.DocketNumber, "2:15-cv-1739", []string{"2:15-cv-01739", "2:15-CV-1739", "No. 2:15-cv-01739-PHX-DGC", "2:15-cv-1739 DOC (KESx)", "2-15-cv-01739", "Case No. 2:2015-cv-01739"}},
		{document.DocketNumber, "11-889", []string{"11–889", "11-0889", "No. 11-889"}},
		{document.DocketNumber, "ed108783", []string{"ED108783", "No. ED108783"}},
		{document.DocketNumber, "mdl 15-2641-phx-dgc", []string{"MDL 15-02641-PHX-DGC"}},
		{document.Email, "jdoe@example.org", []string{"JDoe@Example.org"}},
		{document.Phone, "+14158147631", []string{"(415) 814-7631", "+14158147631", "1-415-814-7631", "415.814.7631"}},
		{document.Phone, "+14158147631x12", []string{"415-814-7631 ext. 12", "415-814-7631 x12"}},
		{document.Date, "2020-12-22", []string{"2020-12-22"}},
		{document.CaseCitation, "410 U.S. 113", []string{"410 U.S. 113", "410  U.S.\n113"}},
		{document.Location, "oakland california", []string{"Oakland, California", "OAKLAND, CALIFORNIA"}},
	}
	for _, tt := range tests {
		for _, form := range tt.forms {
			assert.Equal(t, tt.key, resolve.KeyOf(document.Mention{Type: tt.typ, Text: form}), "%s of %q", tt.typ, form)
			assert.Equal(t, tt.key, resolve.KeyOf(document.Mention{Type: tt.typ, Text: "other", Normalized: form}), "normal form %q", form)
		}
	}
}

func TestKeyOfKeepsApartWhatIsNotTheSame(t *testing.T) {
	t.Parallel()
	tests := []struct {
		typ  document.EntityType
		a, b string
	}{
		{document.Person, "John Smith Sr.", "John Smith Jr."},
		{document.Person, "John Smith", "John Smith Jr."},
		{document.Person, "John Q. Smith", "John A. Smith"},
		{document.Person, "Smith-Jones", "Jones"},
		{document.Org, "Acme Corp.", "Acme LLC"},
		{document.Org, "Acme Corp.", "Acme"},
		{document.DocketNumber, "2:15-cv-01739", "3:15-cv-01739"},
		{document.DocketNumber, "2:15-cv-01739", "2:15-cr-01739"},
		{document.DocketNumber, "15-1739", "16-1739"},
		{document.DocketNumber, "15-170", "15-17"},
	}
	for _, tt := range tests {
		assert.NotEqual(t, resolve.KeyOf(document.Mention{Type: tt.typ, Text: tt.a}), resolve.KeyOf(document.Mention{Type: tt.typ, Text: tt.b}), "%q and %q", tt.a, tt.b)
	}
}

func TestKeyOfIsNeverEmptyForText(t *testing.T) {
	t.Parallel()
	for _, typ := range allTypes {
		for _, text := range []string{"***", "Mr.", "The", "Jr.", "Esq.", "—", "x", "&", ",,", "J."} {
			assert.NotEmpty(t, resolve.KeyOf(document.Mention{Type: typ, Text: text}), "%s of %q", typ, text)
		}
	}
}

var allTypes = []document.EntityType{
	document.Person, document.Org, document.Court, document.Judge, document.Location, document.Date, document.Money,
	document.CaseCitation, document.Statute, document.DocketNumber, document.Email, document.Phone,
}

func FuzzKeyOf(f *testing.F) {
	for _, seed := range []string{
		"Smith Jr., John", "Hon. J.R. “Bob” O'Neill III", "The L. L. C. & Co., Ltd.", "Case No. 2:15-cv-00001-PHX (ABx)", "St. Pierre, V.",
		"(415) 814-7631 ext 3", "Ph.D.", "İstanbul Ǆ ﬁ", "limited liability limited partnership", "MDL 0-000", "Judge Judge, J., Jr., Sr.",
	} {
		for i := range allTypes {
			f.Add(uint8(i), seed)
		}
	}
	f.Fuzz(func(t *testing.T, typ uint8, text string) {
		m := document.Mention{Type: allTypes[int(typ)%len(allTypes)], Text: text}
		key := resolve.KeyOf(m)
		m.Text = key
		if again := resolve.KeyOf(m); again != key {
			t.Errorf("%s: key of %q is %q, whose key is %q", m.Type, text, key, again)
		}
		m.Text, m.Normalized = text, key
		if again := resolve.KeyOf(m); again != key && key != "" {
			t.Errorf("%s: key of the normal form %q is %q", m.Type, key, again)
		}
	})
}
