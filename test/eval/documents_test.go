package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
)

// small is a labelled document with one of most things.
const small = `half: work
kind: order

k1 DOCKET_NUMBER 1:24-cv-00007
c1 COURT District Court of Nowhere
o1 ORG Acme Corp.; plaintiff, movant
p1 PERSON Dana Quist; attorney
d1 DATE 2024-05-01; filed
x1 CASE_CITATION 1 U.S. 2
s1 STATUTE 5 U.S.C. § 6 | Five § 6

o1 party_to k1
p1 represents o1
k1 cites *
k1 dated d1
====
{c1|District Court of
Nowhere} No. {k1|1:24-cv-7}
{o1|Acme Corp.} by {p1|Dana Quist}, filed {d1|May 1, 2024}.
{o1|Acme} cites {x1|1 U.S. 2} and {s1|5 USC 6}.
`

func parsed(t *testing.T, source string) labelled {
	t.Helper()
	d, err := parseLabelled(source)
	require.NoError(t, err)
	return d
}

func TestALabelledDocumentIsItsTextAndItsLabels(t *testing.T) {
	t.Parallel()
	d := parsed(t, small)
	assert.Equal(t, "District Court of\nNowhere No. 1:24-cv-7\nAcme Corp. by Dana Quist, filed May 1, 2024.\nAcme cites 1 U.S. 2 and 5 USC 6.\n", d.text)
	var names []string
	lines := map[string]int{}
	for _, m := range d.mentions {
		name := d.text[m.start:m.end]
		names = append(names, m.entity+" "+name)
		lines[name] = m.line
	}
	assert.Equal(t, []string{
		"c1 District Court of\nNowhere", "k1 1:24-cv-7", "o1 Acme Corp.", "p1 Dana Quist", "d1 May 1, 2024", "o1 Acme", "x1 1 U.S. 2", "s1 5 USC 6",
	}, names)
	assert.Equal(t, 17, lines["District Court of\nNowhere"])
	assert.Equal(t, 18, lines["1:24-cv-7"])
	assert.Equal(t, 20, lines["Acme"])
	assert.Equal(t, []string{"plaintiff", "movant"}, d.entities["o1"].roles)
	assert.Equal(t, []string{"5 U.S.C. § 6", "Five § 6"}, d.entities["s1"].values)
	assert.ElementsMatch(t, []relation{
		{"party_to", "o1", "k1"}, {"represents", "p1", "o1"}, {"cites", "k1", "x1"}, {"cites", "k1", "s1"}, {"dated", "k1", "d1"},
	}, d.relations)
}

func TestALabelThatCannotBeMeantIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, put, want string }{
		"no end of the header":           {"====", "", "line 1: no line"},
		"no half":                        {"half: work", "", "no half"},
		"another half":                   {"half: work", "half: third", "line 1: half is"},
		"an unknown type":                {"c1 COURT", "c1 PLACE", "line 5: no type PLACE"},
		"an unknown role":                {"; attorney", "; counsel", "line 7: p1: no PERSON"},
		"a role of another type":         {"; filed", "; plaintiff", "line 8: d1: no DATE"},
		"an unknown relationship":        {"o1 party_to k1", "o1 knows k1", "line 12: no relationship knows"},
		"the wrong way round":            {"o1 party_to k1", "k1 party_to o1", "line 12: party_to: k1 is a DOCKET_NUMBER"},
		"related to nothing declared":    {"o1 party_to k1", "o1 party_to k9", `line 12: "k9" is not declared`},
		"a relationship twice":           {"o1 party_to k1", "o1,o1 party_to k1", "said twice"},
		"a line that says nothing":       {"k1 dated d1", "dated", "line 15:"},
		"no normal form":                 {"DATE 2024-05-01", "DATE May 1", `line 8: "May 1" is no normal form`},
		"declared twice":                 {"c1 COURT", "k1 COURT", "line 5: k1 is declared twice"},
		"never mentioned":                {"{p1|Dana Quist}", "Dana Quist", "p1 is declared and never mentioned"},
		"mentioned and not declared":     {"{p1|Dana", "{p2|Dana", `line 19: "p2" is marked and not declared`},
		"a mark that does not end":       {"Dana Quist}", "Dana Quist", "line 19: a mark begins and does not end"},
		"the last mark does not end":     {"5 USC 6}", "5 USC 6", "line 20: a mark begins"},
		"a mark that did not begin":      {"{p1|Dana", "Dana", "line 19: a mark ends"},
		"an empty mark":                  {"{p1|Dana Quist}", "{p1|}", "line 19: the mark of p1 is empty"},
		"a space at the end":             {"Dana Quist}", "Dana Quist }", "line 19: the mark of p1"},
		"a mark without a name":          {"{p1|Dana Quist}", "{p1}", "line 19: the mark of p1 is empty"},
		"a line's end at the beginning":  {"{p1|Dana", "{p1|\nDana", "line 19: the mark of p1"},
		"a mark within a mark":           {"{p1|Dana Quist}", "{p1|Dana {p1|Quist}}", "line 19: a mark begins"},
		"capital letters in the address": {"p1 PERSON Dana Quist; attorney", "p1 EMAIL Dana@x.example", "no normal form of a EMAIL"},
	} {
		source := strings.Replace(small, c.old, c.put, 1)
		require.NotEqual(t, small, source, name)
		_, err := parseLabelled(source)
		assert.ErrorContains(t, err, c.want, name)
	}
}

// found is a result of small's text in which each name is a mention of the entity.
func found(d labelled, mentions []document.Mention, relations ...document.Relationship) *document.Result {
	r := &document.Result{Text: d.text, Relationships: relations}
	chars := document.NewIndex(d.text)
	for _, m := range mentions {
		from := strings.Index(d.text, m.Text)
		m.Span = chars.Span(document.Span{Start: from, End: from + len(m.Text)})
		r.Mentions = append(r.Mentions, m)
	}
	return r
}

func mention(entity string, kind document.EntityType, text, value, role string) document.Mention {
	return document.Mention{Entity: entity, Type: kind, Text: text, Normalized: value, Role: role}
}

func read(t *testing.T, d labelled, r *document.Result) reading {
	t.Helper()
	got, err := readingOf(d, r)
	require.NoError(t, err)
	return got
}

func TestAMentionIsJudgedBySpanTypeAndNormalForm(t *testing.T) {
	t.Parallel()
	d := parsed(t, small)
	for name, c := range map[string]struct {
		mention document.Mention
		right   bool
	}{
		"exact":                      {mention("", document.Person, "Dana Quist", "whatever", ""), true},
		"another type":               {mention("", document.Judge, "Dana Quist", "", ""), false},
		"a part":                     {mention("", document.Person, "Quist", "", ""), false},
		"more":                       {mention("", document.Person, "by Dana Quist", "", ""), false},
		"without the full stop":      {mention("", document.Org, "Acme Corp", "", ""), true},
		"with the comma":             {mention("", document.Person, "Dana Quist,", "", ""), true},
		"over a line break":          {mention("", document.Court, "District Court of\nNowhere", "", ""), true},
		"the right day":              {mention("", document.Date, "May 1, 2024", "2024-05-01", ""), true},
		"another day":                {mention("", document.Date, "May 1, 2024", "2024-01-05", ""), false},
		"spelling":                   {mention("", document.CaseCitation, "1 U.S. 2", "1 U. S. 2", ""), true},
		"no section sign":            {mention("", document.Statute, "5 USC 6", "5 usc 6", ""), true},
		"another section":            {mention("", document.Statute, "5 USC 6", "5 U.S.C. § 66", ""), false},
		"another page":               {mention("", document.CaseCitation, "1 U.S. 2", "1 U.S. 3", ""), false},
		"the other form":             {mention("", document.Statute, "5 USC 6", "Five § 6", ""), true},
		"a number in other numerals": {mention("", document.DocketNumber, "1:24-cv-7", "1:24-cv-7", ""), false},
	} {
		j := judgeMentions(d, read(t, d, found(d, []document.Mention{c.mention})))
		var sum tally
		for _, n := range j.by {
			sum.correct, sum.wrong, sum.missed = sum.correct+n.correct, sum.wrong+n.wrong, sum.missed+n.missed
		}
		want := tally{0, 1, 8}
		if c.right {
			want = tally{1, 0, 7}
		}
		assert.Equal(t, want, sum, name)
	}
	twice := []document.Mention{mention("", document.Person, "Dana Quist", "", ""), mention("", document.Person, "Dana Quist", "", "")}
	j := judgeMentions(d, read(t, d, found(d, twice)))
	assert.Equal(t, tally{1, 1, 0}, j.by["PERSON"], "the same twice is right once")
	assert.Contains(t, j.failures, failure{20, `missed ORG "Acme"`})
	assert.Contains(t, j.failures, failure{19, `wrong PERSON "DanaQuist"`})
}

func TestAmountsAreComparedAsNumbers(t *testing.T) {
	t.Parallel()
	for got, right := range map[string]bool{"USD 12.50": true, "USD 12.5": true, "USD 12.51": false, "EUR 12.5": false, "USD": false, "": false} {
		assert.Equal(t, right, sameValue("MONEY", []string{"USD 12.50"}, got), got)
	}
}

func TestARoleIsJudgedOnTheEntityThatIsMeant(t *testing.T) {
	t.Parallel()
	d := parsed(t, small)
	j := judgeRoles(d, read(t, d, found(d, []document.Mention{
		mention("e1", document.Org, "Acme Corp", "", "plaintiff"),
		mention("e1", document.Org, "Acme cites", "", "plaintiff, debtor"),
		mention("e1", document.Person, "Dana Quist", "Dana Quist", "attorney"),
		mention("e2", document.Date, "May 1, 2024", "2024-05-01", "filed"),
		mention("e3", document.Org, "and", "And", "movant"),
		mention("e4", document.DocketNumber, "1:24-cv-7", "1:24-cv-00007", "own"),
	})))
	assert.Equal(t, map[string]tally{
		"plaintiff": {1, 0, 0}, "debtor": {0, 1, 0}, "attorney": {0, 1, 1}, "filed": {1, 0, 0}, "movant": {0, 1, 1},
	}, j.by)
	assert.Contains(t, j.failures, failure{0, `wrong movant ORG "And" (not labelled)`})
}

func TestAFoundEntityStandsForWhomMostOfItsMentionsName(t *testing.T) {
	t.Parallel()
	d := parsed(t, small)
	stands := d.standsFor(read(t, d, found(d, []document.Mention{
		mention("e1", document.Org, "Acme Corp", "", ""), mention("e1", document.Person, "Dana", "", ""), mention("e1", document.Person, "Quist", "", ""),
		mention("e2", document.Person, "Dana", "", ""), mention("e2", document.Org, "Acme Corp", "", ""), mention("e2", document.Org, "Acme cites", "", ""),
		mention("e3", document.Org, "and", "", ""),
	})))
	assert.Equal(t, map[string]string{"e1": "p1", "e2": "o1"}, stands)
}

func TestARelationshipIsATripleOfTheEntitiesThatAreMeant(t *testing.T) {
	t.Parallel()
	d := parsed(t, strings.Replace(small, "k1 dated d1\n", "k1 dated d1\np1 contracts_with o1\n", 1))
	mentions := []document.Mention{
		mention("e1", document.Org, "Acme Corp", "", ""), mention("e2", document.Person, "Quist", "", ""),
		mention("e3", document.DocketNumber, "1:24-cv-7", "", ""), mention("e4", document.Org, "Acme cites", "", ""), mention("e5", document.Org, "and", "And", ""),
	}
	relate := func(kind document.RelationType, from, to string) document.Relationship {
		return document.Relationship{Type: kind, From: from, To: to}
	}
	j := judgeRelations(d, read(t, d, found(d, mentions,
		relate("party_to", "e1", "e3"), relate("party_to", "e4", "e3"), relate("party_to", "e5", "e3"), relate("represents", "e1", "e2"),
		relate("contracts_with", "e1", "e2"), relate("co_occurs", "e1", "e5"),
	)))
	assert.Equal(t, map[string]tally{
		"party_to": {1, 1, 0}, "represents": {0, 1, 1}, "contracts_with": {1, 0, 0}, "cites": {0, 0, 2}, "dated": {0, 0, 1},
	}, j.by)
}

func TestCoreferenceIsBCubed(t *testing.T) {
	t.Parallel()
	d := parsed(t, small)
	one := func(first, second, person string) (precision, recall float64) {
		c := judgeClusters(d, read(t, d, found(d, []document.Mention{
			mention(first, document.Org, "Acme Corp", "", ""), mention(second, document.Org, "Acme cites", "", ""),
			mention(person, document.Person, "Dana Quist", "", ""), mention("d", document.Date, "May 1, 2024", "", ""),
		}))).clusters
		require.Equal(t, 3, c.mentions)
		return c.precision / 3, c.recall / 3
	}
	precision, recall := one("a", "a", "b")
	assert.InDeltaSlice(t, []float64{1, 1}, []float64{precision, recall}, 1e-9)
	precision, recall = one("a", "c", "b")
	assert.InDeltaSlice(t, []float64{1, 2. / 3}, []float64{precision, recall}, 1e-9)
	precision, recall = one("a", "a", "a")
	assert.InDeltaSlice(t, []float64{5. / 9, 1}, []float64{precision, recall}, 1e-9)
}

func TestAnotherTextThanTheLabelledIsRefused(t *testing.T) {
	t.Parallel()
	d := parsed(t, small)
	r := &document.Result{Text: strings.ReplaceAll(d.text, "\n", "\n\n \f")}
	_, err := readingOf(d, r)
	require.NoError(t, err, "layout may differ")
	r.Text += "!"
	_, err = readingOf(d, r)
	assert.ErrorContains(t, err, "another than the labelled one")
}

func TestTheLabelledDocumentsAreOfBothHalves(t *testing.T) {
	t.Parallel()
	all, err := readLabelled(filepath.Join("testdata", labelledFolder))
	require.NoError(t, err)
	halves := map[string]int{}
	for _, d := range all {
		halves[d.half]++
		words := len(strings.Fields(d.text))
		assert.True(t, words >= 170 && words <= 1000, "%s has %d words", d.name, words)
		for _, m := range d.mentions {
			e, name := d.entities[m.entity], d.text[m.start:m.end]
			switch e.kind {
			case "EMAIL":
				assert.Equal(t, e.values[0], strings.ToLower(name), d.name)
			case "PHONE":
				assert.True(t, strings.HasSuffix(e.values[0], digits(name)), "%s:%d", d.name, m.line)
			}
		}
	}
	assert.Equal(t, 10, halves[heldHalf])
	assert.GreaterOrEqual(t, halves[workHalf], 33)
	_, err = readLabelled(t.TempDir())
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

func TestOfTheHeldHalfOnlyCountsAreTold(t *testing.T) {
	dir := filepath.Join(t.TempDir(), labelledFolder)
	require.NoError(t, os.Mkdir(dir, 0o700))
	hidden := strings.NewReplacer("half: work", "half: held", "Dana Quist", "Zyxw Secretname").Replace(small)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "shown.txt"), []byte(small), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "hidden.txt"), []byte(hidden), 0o600))

	said, err := os.CreateTemp(t.TempDir(), "stderr")
	require.NoError(t, err)
	stderr := os.Stderr
	os.Stderr = said
	t.Cleanup(func() { os.Stderr = stderr })
	var out bytes.Buffer
	cmd := command()
	cmd.SetOut(&out)
	cmd.SetArgs([]string{"own-documents", "--own", filepath.Dir(dir), "--failures", "-o", "json"})
	require.NoError(t, cmd.Execute())
	require.NoError(t, said.Close())
	errors, err := os.ReadFile(said.Name())
	require.NoError(t, err)

	assert.Contains(t, string(errors), "shown.txt:", "the text names a court that no reader knows")
	assert.NotContains(t, string(errors), "hidden.txt")
	assert.NotContains(t, string(errors)+out.String(), "Secretname")
	var all []result
	require.NoError(t, json.Unmarshal(out.Bytes(), &all))
	require.Len(t, all, 4)
	for _, r := range all[:3] {
		assert.Equal(t, []int{2, 1, 1}, []int{r.Cases, r.Work.Cases, r.Held.Cases}, r.Set)
		require.NotNil(t, r.F1, r.Set)
		assert.Equal(t, *r.F1 >= r.Target, r.Holds, r.Set)
		assert.NotEmpty(t, r.By, r.Set)
	}
}
