package resolve_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/resolve"
)

func compare(t document.EntityType, a, b string) resolve.Match {
	return resolve.Compare(t, resolve.Name{Text: a}, resolve.Name{Text: b})
}

func TestCompareGivesItsReasons(t *testing.T) {
	t.Parallel()
	tests := []struct {
		typ      document.EntityType
		a, b     string
		decision resolve.Decision
		reason   string
	}{
		{document.Person, "John Smith", "SMITH, John", resolve.Same, "equal names"},
		{document.Person, "John Smith Sr.", "John Smith Jr.", resolve.Different, "sr and jr are two"},
		{document.Judge, "Hon. Denise L. Cote", "Denise Cote", resolve.Possible, `only one has "l"`},
		{document.Person, "J. Smith", "John Smith", resolve.Possible, `"j" is an initial of "john"`},
		{document.Person, "Bill Smith", "William Smith", resolve.Possible, `"bill" may be short for "william"`},
		{document.Person, "Paul Smith", "Saul Smith", resolve.Different, `"paul" and "saul" contradict each other`},
		{document.Person, "Jane Roe (née Doe)", "Jane Doe", resolve.Same, `known by both names: "Jane Doe"`},
		{document.Person, "Сергей Лавров", "Sergey Lavrov", resolve.Same, `"сергеи" is a spelling of "sergey"`},
		{document.Org, "Acme LLC", "Acme Inc.", resolve.Different, "legal forms differ in kind: llc, inc"},
		{document.Org, "Acme GmbH", "OOO Acme", resolve.Possible, "legal forms mean one kind: gmbh, ooo"},
		{document.Org, "Acme", "Acme Inc.", resolve.Possible, "only one has a legal form"},
		{document.Org, "Loan Trust 2004-1", "Loan Trust 2005-1", resolve.Different, `only one has "2004 2005"`},
		{"", "Nanshan Group", "Nanshan Group Co. Ltd.", resolve.Possible, "only one has a legal form"},
		{document.Person, "", "John Smith", resolve.Different, "no name"},
		{document.Org, "Inc.", "", resolve.Different, "no name"},
	}
	for _, tt := range tests {
		m := compare(tt.typ, tt.a, tt.b)
		assert.Equal(t, tt.decision, m.Decision, "%s, %s: %v", tt.a, tt.b, m.Reasons)
		assert.Contains(t, m.Reasons, tt.reason, "%s, %s", tt.a, tt.b)
	}
}

func TestCompareDoesNotDependOnTheOrderOfNames(t *testing.T) {
	t.Parallel()
	names := strings.Split(`John Smith|Smith, John Jr.|J. R. Smith|Johnny Smyth|Jon Smithe|Abd al-Rahman Khouri|Abdurrahman Khoury|Kim Min-jun|Minjun Kim|Иван Петров|
Ivan Petrow|Acme|Acme Corp.|Acme Corporation, LLC|OAO Acme|BlueCross|Blue Cross Inc.|United Nations|UN|王小明|Wang Xiaoming|'|Inc.|.|A|A. B.|de la Cruz|Cruz`, "|")
	for _, typ := range []document.EntityType{document.Person, document.Org, ""} {
		for _, a := range names {
			for _, b := range names {
				x, y := compare(typ, a, b), compare(typ, b, a)
				assert.Equal(t, x.Decision, y.Decision, "%s: %s, %s", typ, a, b)
				assert.InDelta(t, x.Score, y.Score, 1e-9, "%s: %s, %s", typ, a, b)
				assert.Equal(t, x.Decision == resolve.Different, x.Score < 0.5, "%s: %s, %s", typ, a, b)
			}
		}
	}
}

func TestCompareTellsShortFormsFromOthers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typ  document.EntityType
		a, b string
		want resolve.Decision
	}{
		{document.Org, "Kestrel (UK) Limited", "Kestrel Limited", resolve.Possible},
		{document.Org, "Kestrel (UK) Limited", "Kestrel (France) Limited", resolve.Different},
		{document.Org, "Portline Group", "Portline", resolve.Possible},
		{document.Org, "Portline Group", "Group", resolve.Different},
		{document.Org, "Banque Atlantique", "Atlantique Bank", resolve.Possible},
		{document.Person, "Xu Dawei", "Hsu Ta-wei", resolve.Possible},
		{document.Person, "Robert King", "Robert Ring", resolve.Possible},
		{document.Person, "Robert King", "Robert Poe", resolve.Different},
		{document.Person, "Karen Li", "Karen Lin", resolve.Different},
		{document.Person, "Niels Henrik Trost", "Niels Henrik Roost", resolve.Possible},
		{document.Person, "Ra Song-su", "Ra Kyong-su", resolve.Different},
		{document.Person, "राजेश शर्मा", "Rajesh Sharma", resolve.Same},
		{document.Person, "박지훈", "Park Ji-hoon", resolve.Same},
		{document.Person, "박지훈", "Ji-hoon Park", resolve.Same},
		{document.Person, "マイケル・ジョンソン", "Michael Johnson", resolve.Possible},
		{document.Person, "رضا کاظمی", "Reza Kazemi", resolve.Possible},
		{document.Person, "أحمد البغدادي", "Ahmed al-Baghdadi", resolve.Same},
		{document.Person, "أحمد البغدادي", "Mahmoud al-Baghdadi", resolve.Different},
		{document.Person, "حسن كريمي", "Hassan Karimi", resolve.Same},
		{document.Person, "حسن كريمي", "Hussein Karimi", resolve.Different},
		{document.Person, "И. П. Сидоров", "Ivan Petrovich Sidorov", resolve.Possible},
		{document.Person, "Abdul Karim Noor", "Abdul Rahim Noor", resolve.Different},
		{document.Person, "Robert Poe", "Robert Pike", resolve.Different},
		{document.Person, "Francis Dolan", "Frances Dolan", resolve.Different},
		{document.Person, "0scar Benitez", "Oscar Benitez", resolve.Possible},
		{document.Org, "SEC", "Securities and Exchange Commission", resolve.Possible},
		{document.Org, "Republic of Niger", "Republic of Nigeria", resolve.Different},
		{document.Org, "Premier Foods Inc.", "Premium Foods Inc.", resolve.Different},
		{document.Org, "Kestrel Biotech, Inc., a Delaware corporation", "Kestrel Biotech, Inc.", resolve.Same},
		{document.Org, "上海恒达贸易有限公司", "Shanghai Hengda Trading Co., Ltd.", resolve.Possible},
		{document.Org, "Pac. Tel. & Tel. Co.", "Pacific Telephone and Telegraph Company", resolve.Possible},
	} {
		assert.Equal(t, c.want, compare(c.typ, c.a, c.b).Decision, "%s, %s", c.a, c.b)
	}
}

func TestCompareBoundsItsWork(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Abcdefgh ", 100_000)
	for _, typ := range []document.EntityType{document.Person, document.Org} {
		assert.Equal(t, resolve.Same, compare(typ, long, long).Decision)
		assert.Equal(t, resolve.Different, compare(typ, long, strings.Repeat("x", 1_000_000)).Decision)
	}
}

func BenchmarkCompare(b *testing.B) {
	for b.Loop() {
		compare(document.Person, "Sergey Viktorovich Lavrov", "Сергей Викторович Лавров")
		compare(document.Org, "National Fire Insurance Company of Hartford", "Natl. Fire Ins. Co. of Hartford")
	}
}
