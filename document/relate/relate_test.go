package relate_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/relate"
)

// mark is a mention written in a text: «TYPE:text», «TYPE/role:text» or
// «TYPE=entity:text». The entity is the text in lower case unless given.
var mark = regexp.MustCompile(`«([A-Z_]+)(?:/([a-z]+))?(?:=([^:»]+))?:([^»]+)»`)

// read takes the marks out of marked. Its one chunk is the whole text; sentences
// are its paragraphs' pieces that end in a full stop at the end of a line.
func read(marked string) relate.Input {
	var b strings.Builder
	var in relate.Input
	at := 0
	for _, m := range mark.FindAllStringSubmatchIndex(marked, -1) {
		group := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return marked[m[2*i]:m[2*i+1]]
		}
		b.WriteString(marked[at:m[0]])
		text := group(4)
		entity := group(3)
		if entity == "" {
			entity = strings.ToLower(strings.Join(strings.Fields(text), " "))
		}
		in.Mentions = append(in.Mentions, document.Mention{
			Type: document.EntityType(group(1)), Role: group(2), Entity: entity, Text: text, Confidence: 1,
			Span: document.Span{Start: b.Len(), End: b.Len() + len(text)},
		})
		b.WriteString(text)
		at = m[1]
	}
	b.WriteString(marked[at:])
	in.Text = b.String()
	in.Chunks = []document.Chunk{{Span: document.Span{End: len(in.Text)}}}
	start := 0
	for _, end := range regexp.MustCompile(`\.\n|\n\s*\n`).FindAllStringIndex(in.Text+"\n\n", -1) {
		s := strings.TrimSpace(in.Text[start:min(end[1], len(in.Text))])
		if i := strings.Index(in.Text[start:], s); s != "" {
			in.Sentences = append(in.Sentences, document.Span{Start: start + i, End: start + i + len(s)})
		}
		start = min(end[1], len(in.Text))
	}
	return in
}

// typed are the typed relationships that Relate finds, one a line.
func typed(in relate.Input) []string {
	in.Limits.CoOccurrences = -1
	return lines(relate.Relate(in))
}

func lines(rels []document.Relationship) []string {
	var out []string
	for _, r := range rels {
		out = append(out, fmt.Sprintf("%s %s %s", r.From, r.Type, r.To))
	}
	return out
}

const appellate = `Case: «DOCKET_NUMBER:20-1507»     Document: 00117684624     Page: 1      Date Filed: «DATE:12/22/2020»

«COURT=ca1:United States Court of Appeals
For the First Circuit»
No. «DOCKET_NUMBER:20-1507»
«ORG:CALVARY CHAPEL OF BANGOR»,
Plaintiff, Appellant,
v.
«PERSON:JANET T. MILLS», in her official capacity as Governor of the
«ORG:State of Maine»,
Defendant, Appellee.

APPEAL FROM THE «COURT=med:UNITED STATES DISTRICT COURT
FOR THE DISTRICT OF MAINE»
[Hon. «JUDGE:Nancy Torresen», U.S. District Judge]

Before
«JUDGE:Howard», Chief Judge,
«JUDGE:Selya» and «JUDGE:Barron», Circuit Judges.

«PERSON:Roger K. Gannam», with whom «PERSON:Mathew D. Staver»,
and «ORG:Liberty Counsel» were on brief, for appellant.
«ORG:Bernstein Shur» on brief for «ORG:Americans United», amicus curiae.
«PERSON:Christopher C. Taub», Deputy Attorney General, was on brief, for appellee.

«DATE:December 22, 2020»
` + "\f" + `
«JUDGE:SELYA», Circuit Judge. The Chapel says that Judge «JUDGE:Ervin» was right in «CASE_CITATION:907 F.2d 210» about «STATUTE:28 U.S.C. § 1292».
Judge «JUDGE:Bryant» concurred in the result.
The order of «DATE:May 9, 2019» stands.
`

func TestRelateAppellateOpinion(t *testing.T) {
	t.Parallel()
	assert.ElementsMatch(t, []string{
		"20-1507 filed_in ca1",
		"calvary chapel of bangor party_to 20-1507",
		"janet t. mills party_to 20-1507",
		"nancy torresen presides_over med",
		"howard presides_over 20-1507",
		"selya presides_over 20-1507",
		"barron presides_over 20-1507",
		"roger k. gannam represents calvary chapel of bangor",
		"mathew d. staver represents calvary chapel of bangor",
		"liberty counsel represents calvary chapel of bangor",
		"christopher c. taub represents janet t. mills",
		"20-1507 cites 907 f.2d 210",
		"20-1507 cites 28 u.s.c. § 1292",
		"20-1507 dated 12/22/2020",
		"20-1507 appeal_from med",
		"20-1507 dated december 22, 2020",
	}, typed(read(appellate)))
}

const pleading = `Case «DOCKET_NUMBER=16-1261:8:16-cv-01261»-DOC-KES Document 40 Filed «DATE:08/05/16» Page 1 of 4 Page ID #:365

1
2
«PERSON:Ann Lee»
«ORG:LEE & PARTNERS LLP»
100 Main Street
Attorneys for Plaintiff

«COURT=cacd:UNITED STATES DISTRICT COURT
CENTRAL DISTRICT OF CALIFORNIA»

12
«ORG=consumerinfo:CONSUMERINFO.COM, INC.» dba
«ORG:EXPERIAN CONSUMER
SERVICES»,
Plaintiff,
15
v.
«PERSON=leon:ESTEBAN LEON»; and DOES 1
through 10, inclusive,

Case No. «DOCKET_NUMBER=16-1261:8:16-cv-1261 DOC (KESx)»

ORDER GRANTING «ORG:OTHER,
INC.»'S APPLICATION

Defendants.

On «DATE:July 13, 2016», the Court heard «ORG:Spireon».
` + "\f" + `
IT IS SO ORDERED
Dated: «DATE:August 5, 2016»

7
«JUDGE:DAVID O. CARTER»
United States District Judge
`

func TestRelateDistrictCourtPleading(t *testing.T) {
	t.Parallel()
	assert.ElementsMatch(t, []string{
		"16-1261 filed_in cacd",
		"consumerinfo party_to 16-1261",
		"experian consumer services party_to 16-1261",
		"leon party_to 16-1261",
		"ann lee represents consumerinfo",
		"ann lee represents experian consumer services",
		"lee & partners llp represents consumerinfo",
		"lee & partners llp represents experian consumer services",
		"david o. carter presides_over 16-1261",
		"16-1261 dated august 5, 2016",
		"ann lee member_of lee & partners llp",
		"16-1261 dated 08/05/16",
	}, typed(read(pleading)))
}

func TestRelateSingleForms(t *testing.T) {
	t.Parallel()
	const docket = "No. «DOCKET_NUMBER:22-1801»\n"
	tests := []struct {
		name, text string
		want       []string
	}{
		{"a case named beside its number", "Re: «ORG:United States» v. «PERSON:Haitao Xiang», " + docket,
			[]string{"united states party_to 22-1801", "haitao xiang party_to 22-1801"}},
		{"et al. and a number on the next line", "RE: «PERSON:Christopher Mielo», et al v. «ORG:Steak N Shake»\nCase Number: «DOCKET_NUMBER:17-2678»\n",
			[]string{"christopher mielo party_to 17-2678", "steak n shake party_to 17-2678"}},
		{"a cited case is no party", docket + "See «ORG:United States» v. «ORG:Detroit Timber & Lumber Co.», 200 U. S. 321, 337.\n", nil},
		{"only the case nearest to the number", docket + "«PERSON:Jessica Parker» v. «ORG:Bard»\n«PERSON:Dean Becker» v. «ORG:Bard»\n«PERSON:Mark Topping» v. «ORG:Bard»\n",
			[]string{"jessica parker party_to 22-1801", "bard party_to 22-1801"}},
		{"the Supreme Court's number after the court below", "«COURT:SUPREME COURT OF THE UNITED STATES»\n«ORG:TARRANT WATER DISTRICT» v.\nHERRMANN ET AL.\nCERTIORARI TO THE «COURT:TENTH CIRCUIT»\nNo. «DOCKET_NUMBER:11–889». Decided «DATE:June 13, 2013»\n",
			[]string{"11–889 filed_in supreme court of the united states", "tarrant water district party_to 11–889", "11–889 dated june 13, 2013", "11–889 appeal_from tenth circuit"}},
		{"an appearance for the State", docket + "«ORG:STATE OF MAINE»,\nPlaintiff,\nv.\n«PERSON:ANN LEE», DIRECTOR OF THE «ORG:BUREAU»,\nDefendant.\n\nHeard in May 2021.\n«PERSON:Joshua Stein», Attorney General, by «PERSON:James W.\nDoggett», for the State; «ORG:Hyler PLLC» by «PERSON:George Hyler, Jr.»\nfor defendant.\n",
			[]string{"state of maine party_to 22-1801", "ann lee party_to 22-1801", "joshua stein represents state of maine", "james w. doggett represents state of maine",
				"hyler pllc represents ann lee", "george hyler, jr. represents ann lee", "ann lee officer_of bureau"}},
		{"a party whose name looks like a heading", "IN THE «COURT:NINTH CIRCUIT»\n" + docket + "«ORG:CIRCUIT CITY STORES, INC.»,\nPlaintiff,\nv.\n«PERSON:ANN LEE»,\nDefendant.\n",
			[]string{"22-1801 filed_in ninth circuit", "circuit city stores, inc. party_to 22-1801", "ann lee party_to 22-1801"}},
		{"appeared for, two sides in one sentence", docket + "\n«PERSON:Ann Lee»,\nPlaintiff,\nv.\n«ORG:Acme Corp.»,\nDefendant.\n\n«PERSON=ann lee:Ann Lee» worked there. «PERSON:Curt Roe» moved. It was argued in June; «PERSON:Pia Poe» appeared for Plaintiff and «PERSON:Jon Doe» for Defendant.\n",
			[]string{"ann lee party_to 22-1801", "acme corp. party_to 22-1801", "pia poe represents ann lee"}},
		{"a caption of two columns", docket + " «PERSON:ANN LEE»,    )\n      Plaintiff,    )\n   vs.              )   Before trial\n «ORG:ACME CORP.»,   )\n      Defendant.    )\n",
			[]string{"ann lee party_to 22-1801", "acme corp. party_to 22-1801"}},
		{"its own number beside a party, and one of a case it names", "«COURT:UNITED STATES DISTRICT COURT\nNORTHERN DISTRICT»\n«PERSON:ANN LEE», Case No. «DOCKET_NUMBER:22-1801»\nPlaintiff,\n\nIt is used for Poe v. Roe, No.\n«DOCKET_NUMBER:23-9999» («COURT:W.D. Wash.»).\n\n«JUDGE:KENJI WATANABE»\nUnited States Magistrate Judge\n",
			[]string{"22-1801 filed_in united states district court northern district", "kenji watanabe presides_over 22-1801"}},
		{"a district's number in an appeals court's order", "«COURT:UNITED STATES COURT OF APPEALS»\n\nAll judges of the «COURT:District Court for Guam» are recused from Poe v. Roe,\nNo. «DOCKET_NUMBER:3:24-cv-05416». I assign\n\nTHE HONORABLE «JUDGE:MARY ROE»\nto try it.\n\n«JUDGE:ROSE POE»\nChief Judge\n«COURT:United States Court of Appeals»\n",
			[]string{"3:24-cv-05416 filed_in district court for guam", "mary roe presides_over 3:24-cv-05416", "rose poe presides_over united states court of appeals"}},
		{"the chief judge and the clerk on a letterhead", "«COURT:Court of Appeals for the Second Circuit»\n«JUDGE:ROBERT A. KATZMANN»\nCHIEF JUDGE\n«PERSON:CATHERINE WOLFE»\nCLERK OF COURT\n" + docket,
			[]string{"22-1801 filed_in court of appeals for the second circuit"}},
		{"in re", "In re: «PERSON:RICHARD P. LIEBOWITZ»\n" + docket,
			[]string{"richard p. liebowitz party_to 22-1801"}},
		{"a role beside a name on the first page", docket + "\nAppellant «PERSON/appellant:Vanessa Pierre» claims a policy.\n",
			[]string{"vanessa pierre party_to 22-1801"}},
		{"counsel for a named client", "s/ «PERSON:Matthew P. Kralovec»\nCounsel for «PERSON:Haitao Xiang»\n",
			[]string{"matthew p. kralovec represents haitao xiang"}},
		{"counsel below their heading", "ATTORNEYS FOR «ORG:ACME CORP.»\n«PERSON:Ann Lee»\nIndianapolis\n\n«PERSON:Bob Ray»\n",
			[]string{"ann lee represents acme corp."}},
		{"representing, in prose", "Ms. «PERSON:Ann Lee», representing «ORG:Acme Corp.», rose.\n",
			[]string{"ann lee represents acme corp."}},
		{"counsel of another sentence", "He met «PERSON:Ann Lee». New counsel for «ORG:Acme Corp.» rose.\n", nil},
		{"by and through counsel", "«ORG:Acme Corp.», by and through its undersigned counsel, «PERSON:Ann Lee», moves.\n",
			[]string{"ann lee represents acme corp."}},
		{"an author's sentence", docket + "Justice «JUDGE:SOTOMAYOR» delivered the opinion of the Court.\n",
			[]string{"sotomayor presides_over 22-1801"}},
		{"a judge of a court", docket + "It was an order by Judge «JUDGE:Watson», in the «COURT:Superior Court».\n",
			[]string{"22-1801 filed_in superior court", "watson presides_over superior court"}},
		{"a judge without a docket number", "«COURT:SUPREME COURT OF MAINE»\nBefore «JUDGE:Lee», Chief Justice.\n",
			[]string{"lee presides_over supreme court of maine"}},
		{"the number of the court below", docket + "Appeal from the «COURT:Circuit Court of St. Charles County»\nNo. «DOCKET_NUMBER:1711-CC00064»\nHonorable «JUDGE:Deborah J. Alessi»\n",
			[]string{"22-1801 appeal_from 1711-cc00064", "1711-cc00064 filed_in circuit court of st. charles county", "deborah j. alessi presides_over 1711-cc00064"}},
		{"a panel beside the court below", docket + "Appeal from the «COURT:Circuit Court of St. Charles County»\nHonorable «JUDGE:Deborah J. Alessi»\n\n«JUDGE:Angela T. Quigless», P.J., «JUDGE:Kurt S. Odenwald», J., and «JUDGE:James M. Dowd», J.\n",
			[]string{"22-1801 appeal_from circuit court of st. charles county", "deborah j. alessi presides_over circuit court of st. charles county", "angela t. quigless presides_over 22-1801", "kurt s. odenwald presides_over 22-1801", "james m. dowd presides_over 22-1801"}},
		{"a survivor is the party", docket + "«ORG:ISLAND CREEK COAL»\nPetitioner\nv.\n«PERSON:LINDA HILL», survivor of «PERSON:Cecil Hunt»; «ORG:DEPARTMENT OF LABOR»\nRespondents\n",
			[]string{"island creek coal party_to 22-1801", "linda hill party_to 22-1801", "department of labor party_to 22-1801"}},
		{"a stamp without the word filed", "Case: «DOCKET_NUMBER:22-1801», «DATE:08/05/2020», ID: 11778722, DktEntry: 19, Page 1 of 15\n",
			[]string{"22-1801 dated 08/05/2020"}},
		{"argued and decided", docket + "Argued «DATE:April 23, 2013»—Decided «DATE:June 13, 2013»\n",
			[]string{"22-1801 dated june 13, 2013"}},
		{"a date with a role in the body", docket + "The appeal of the order entered by the judge was filed in time, on «DATE/filed:May 1, 2019».\n", nil},
		{"the document's own filing, by its certificate", docket + "I certify that on «DATE/filed:May 1, 2019» the foregoing was filed through CM/ECF.\n",
			[]string{"22-1801 dated may 1, 2019"}},
		{"a date with a role in another case's citation", docket + "He sued in Roe v. Poe, No. «DOCKET_NUMBER:19-0001» (filed «DATE/filed:May 1, 2019»).\n", nil},
		{"no docket number", "THIS AGREEMENT is between «ORG:Acme Corp.» and «PERSON:Ann Lee».\nDated: «DATE:May 1, 2019»\nSee «STATUTE:28 U.S.C. § 1292».\n", nil},
		{"a number in a contract's prose", "The parties to this agreement settle their dispute under docket «DOCKET_NUMBER:22-1801».\nDated: «DATE:May 1, 2019»\n", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			assert.ElementsMatch(t, tt.want, typed(read(tt.text)))
		})
	}
}

func TestEvidenceIsThePassageThatSaysSo(t *testing.T) {
	t.Parallel()
	in := read(appellate)
	evidence := map[string]string{}
	for i, r := range relate.Relate(in) {
		if r.Type != document.CoOccurs {
			evidence[lines(relate.Relate(in))[i]] = in.Text[r.Evidence.Start:r.Evidence.End]
		}
	}
	assert.Equal(t, "Selya and Barron, Circuit Judges.", evidence["barron presides_over 20-1507"])
	assert.Contains(t, evidence["calvary chapel of bangor party_to 20-1507"], "No. 20-1507\nCALVARY"[4:])
	assert.Contains(t, evidence["calvary chapel of bangor party_to 20-1507"], "Plaintiff, Appellant")
	assert.Equal(t, "Christopher C. Taub, Deputy Attorney General, was on brief, for appellee", evidence["christopher c. taub represents janet t. mills"])
	assert.Contains(t, evidence["20-1507 cites 907 f.2d 210"], "The Chapel says")
}

func TestEveryRelationshipHoldsTogether(t *testing.T) {
	t.Parallel()
	for _, text := range []string{appellate, pleading} {
		in := read(text)
		entities := map[string]bool{}
		for _, m := range in.Mentions {
			entities[m.Entity] = true
		}
		rels := relate.Relate(in)
		require.NotEmpty(t, rels)
		seen := map[string]bool{}
		linked := map[[2]string]bool{}
		for i, r := range rels {
			assert.True(t, entities[r.From] && entities[r.To])
			assert.NotEqual(t, r.From, r.To)
			assert.True(t, 0 <= r.Evidence.Start && r.Evidence.Start < r.Evidence.End && r.Evidence.End <= len(in.Text))
			assert.True(t, r.Confidence > 0 && r.Confidence <= 1)
			line := lines(rels)[i]
			assert.False(t, seen[line], line)
			seen[line] = true
			if r.Type == document.CoOccurs {
				assert.Less(t, r.From, r.To)
				assert.False(t, linked[[2]string{r.From, r.To}] || linked[[2]string{r.To, r.From}], "a typed relationship says more")
			}
			linked[[2]string{r.From, r.To}] = true
		}
	}
}

func TestRelateIgnoresMentionsThatAreNotThere(t *testing.T) {
	t.Parallel()
	in := read(appellate)
	want := relate.Relate(in)
	in.Mentions = append(in.Mentions,
		document.Mention{Type: document.Person, Span: document.Span{Start: 5, End: 9}, Confidence: 1},
		document.Mention{Type: document.Person, Entity: "x", Span: document.Span{Start: -1, End: 9}, Confidence: 1},
		document.Mention{Type: document.Person, Entity: "x", Span: document.Span{Start: 5, End: 1 << 20}, Confidence: 1})
	assert.Equal(t, want, relate.Relate(in))
	assert.Empty(t, relate.Relate(relate.Input{}))
}

func FuzzRelate(f *testing.F) {
	f.Add(appellate)
	f.Add(pleading)
	f.Add("No. «DOCKET_NUMBER:1-1»\f\f«PERSON:é»\nv.\n\f«ORG:B» by its counsel, «PERSON:é»")
	f.Add("counsel for «PERSON:A»\n\n)\n\u00a0v\n—\n\xff«JUDGE:J», J., delivered the opinion in re «ORG:X»")
	f.Add("\nv.\n" + strings.Repeat("\x8d", 1000) + "\n«DOCKET_NUMBER:1-1»«ORG:A»\nv.\n")
	f.Fuzz(func(t *testing.T, text string) {
		in := read(text)
		entities := map[string]bool{}
		for _, m := range in.Mentions {
			entities[m.Entity] = true
		}
		for _, r := range relate.Relate(in) {
			if !entities[r.From] || !entities[r.To] || r.From == r.To {
				t.Errorf("ends %q and %q", r.From, r.To)
			}
			if r.Evidence.Start < 0 || r.Evidence.End > len(in.Text) || r.Evidence.Len() <= 0 {
				t.Errorf("evidence %v of %d bytes", r.Evidence, len(in.Text))
			} else if utf8.ValidString(text) && !utf8.ValidString(in.Text[r.Evidence.Start:r.Evidence.End]) {
				t.Errorf("evidence %v cuts a character", r.Evidence)
			}
		}
	})
}
