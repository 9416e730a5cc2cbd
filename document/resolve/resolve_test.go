package resolve_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/resolve"
)

// mentions reads one mention a line: its type, then its text.
func mentions(t *testing.T, lines string) []document.Mention {
	t.Helper()
	var out []document.Mention
	at := 0
	for line := range strings.Lines(lines) {
		typ, text, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			continue
		}
		out = append(out, document.Mention{
			Type: document.EntityType(typ), Text: text, Confidence: 0.8,
			Span: document.Span{Start: at, End: at + len(text)},
		})
		at += len(text) + 1
	}
	return out
}

func run(t *testing.T, lines string, known resolve.Known) resolve.Resolution {
	t.Helper()
	r, err := resolve.Resolve(t.Context(), "p", mentions(t, lines), known)
	require.NoError(t, err)
	return r
}

// keysOf are the keys of the entities that the mentions name, one a mention.
func keysOf(r resolve.Resolution) []string {
	byID := map[string]string{}
	for _, e := range r.Entities {
		byID[e.ID] = e.Key
	}
	var keys []string
	for _, m := range r.Mentions {
		keys = append(keys, byID[m.Entity])
	}
	return keys
}

func TestResolveWithinADocument(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		lines string
		keys  []string
	}{
		{"equal names are one", "PERSON John Smith\nPERSON SMITH, JOHN", []string{"john smith", "john smith"}},
		{"a surname means the one full name", "PERSON Mr. Smith\nPERSON John Smith", []string{"john smith", "john smith"}},
		{"a surname two people have stays alone", "PERSON Smith\nPERSON John Smith\nPERSON Mary Smith", []string{"smith", "john smith", "mary smith"}},
		{"a surname means a junior too", "PERSON Miller\nPERSON Robert L. Miller, Jr.", []string{"robert l miller jr", "robert l miller jr"}},
		{"a surname with a generation means its own", "PERSON Smith Sr.\nPERSON John Smith Jr.\nPERSON John Smith Sr.", []string{"john smith sr", "john smith jr", "john smith sr"}},
		{"father and son stay two", "PERSON John Smith Sr.\nPERSON John Smith Jr.\nPERSON John Smith", []string{"john smith sr", "john smith jr", "john smith"}},
		{"a compound surname", "PERSON St. Pierre\nPERSON Vanessa St. Pierre", []string{"vanessa st pierre", "vanessa st pierre"}},
		{"a double surname", "PERSON Zepeda Rivas\nPERSON Angel Zepeda Rivas", []string{"angel zepeda rivas", "angel zepeda rivas"}},
		{"an initial means the one name it fits", "PERSON J. Smith\nPERSON John Smith\nPERSON Mary Smith", []string{"john smith", "john smith", "mary smith"}},
		{"an initial that fits two stays alone", "PERSON J. Smith\nPERSON John Smith\nPERSON James Smith", []string{"j smith", "john smith", "james smith"}},
		{"a middle initial may be missing", "PERSON John Smith\nPERSON John Q. Smith", []string{"john q smith", "john q smith"}},
		{"a middle initial stands for a middle name", "PERSON John Q. Smith\nPERSON John Quincy Smith\nPERSON J. Smith\nPERSON Smith", []string{"john quincy smith", "john quincy smith", "john quincy smith", "john quincy smith"}},
		{"middle initials that differ stay two", "PERSON John Q. Smith\nPERSON John A. Smith\nPERSON John Smith", []string{"john q smith", "john a smith", "john smith"}},
		{"a judge is no namesake", "JUDGE Kennedy\nPERSON Anthony Kennedy\nJUDGE Justice Kennedy", []string{"kennedy", "anthony kennedy", "kennedy"}},
		{"a judge's surname", "JUDGE Justice Sotomayor\nJUDGE SOTOMAYOR, J.\nJUDGE Sonia Sotomayor", []string{"sonia sotomayor", "sonia sotomayor", "sonia sotomayor"}},
		{"a company without its suffix", "ORG Acme\nORG Acme Corporation\nORG ACME CORP.", []string{"acme corp", "acme corp", "acme corp"}},
		{"a company without its suffix, two that fit", "ORG Acme\nORG Acme Corp.\nORG Acme LLC", []string{"acme", "acme corp", "acme llc"}},
		{"companies of one stem stay two", "ORG Acme Corp.\nORG Acme LLC", []string{"acme corp", "acme llc"}},
		{"a docket number without its office", "DOCKET_NUMBER 15-cv-01739\nDOCKET_NUMBER 2:15-cv-01739-DGC", []string{"2:15-cv-1739", "2:15-cv-1739"}},
		{"a judge whose middle initial is a particle elsewhere", "JUDGE Margaret Y. Sandoval\nJUDGE Judge Sandoval", []string{"margaret y sandoval", "margaret y sandoval"}},
		{"a nickname means the one name it fits", "PERSON Danny Kowalczyk\nPERSON Daniel Kowalczyk\nPERSON Officer Kowalczyk", []string{"daniel kowalczyk", "daniel kowalczyk", "daniel kowalczyk"}},
		{"a nickname that fits two stays alone", "PERSON Ted Roe\nPERSON Edward Roe\nPERSON Theodore Roe", []string{"ted roe", "edward roe", "theodore roe"}},
		{"a nickname of father or son", "PERSON Bob Roe Jr.\nPERSON Robert Roe Sr.\nPERSON Robert Roe Jr.", []string{"robert roe jr", "robert roe sr", "robert roe jr"}},
		{"the formal name is the person's, however short", "PERSON Johnny Roe\nPERSON John Roe", []string{"john roe", "john roe"}},
		{"no nickname of each other", "PERSON Dan Roe\nPERSON David Roe", []string{"dan roe", "david roe"}},
		{"one name in two scripts", "PERSON Сергей Лавров\nPERSON Sergey Lavrov\nPERSON Lavrov", []string{"sergey lavrov", "sergey lavrov", "sergey lavrov"}},
		{"a particle is written in two ways", "PERSON Omar Al Rashid\nPERSON Omar al-Rashid", []string{"omar al rashid", "omar al rashid"}},
		{"another spelling stays two", "PERSON Eric Larsen\nPERSON Erik Larsen", []string{"eric larsen", "erik larsen"}},
		{"another order stays two", "PERSON Thomas James\nPERSON James Thomas", []string{"thomas james", "james thomas"}},
		{"a legal form written out", "ORG Kessler Bau GmbH\nORG Kessler Bau Gesellschaft mit beschränkter Haftung", []string{"kessler bau gesellschaft mit beschrankter haftung", "kessler bau gesellschaft mit beschrankter haftung"}},
		{"numbers that differ stay two", "ORG Loan Trust 2004-1\nORG Loan Trust 2005-1\nORG Oak Partners III LP\nORG Oak Partners IV LP", []string{"loan trust 2004 1", "loan trust 2005 1", "oak partners iii lp", "oak partners iv lp"}},
		{"a misspelling stays two", "ORG Chevron Corp.\nORG Chevon Corp.\nPERSON Elon Musk\nPERSON Elon Mosk", []string{"chevron corp", "chevon corp", "elon musk", "elon mosk"}},
		{"types do not mix", "PERSON Smith\nORG Smith\nLOCATION Smith", []string{"smith", "smith", "smith"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := run(t, tt.lines, nil)
			assert.Equal(t, tt.keys, keysOf(r))
			for _, e := range r.Entities {
				assert.Equal(t, resolve.EntityID("p", e.Type, e.Key), e.ID)
			}
		})
	}
}

func TestADefinedTermIsWhatItsMentionSays(t *testing.T) {
	t.Parallel()
	ms := mentions(t, "ORG Standard Insurance Company\nORG Standard")
	ms[1].Normalized = "Standard Insurance Co."
	r, err := resolve.Resolve(t.Context(), "p", ms, nil)
	require.NoError(t, err)
	require.Len(t, r.Entities, 1)
	assert.Equal(t, "Standard Insurance Company", r.Entities[0].Name)
	assert.Empty(t, r.Entities[0].Aliases)
}

func TestNameIsTheFullestFormInMixedCase(t *testing.T) {
	t.Parallel()
	tests := []struct{ lines, name string }{
		{"PERSON JOHN Q. SMITH\nPERSON Mr. John Q. Smith\nPERSON Smith", "John Q. Smith"},
		{"PERSON JOHN Q. SMITH\nPERSON Smith", "JOHN Q. SMITH"},
		{"ORG ACME CORP.\nORG Acme Corp\nORG Acme Corporation\nORG Acme", "Acme Corporation"},
		{"JUDGE Hon. Vince\nJUDGE The Honorable Vince Chhabria", "Vince Chhabria"},
		{"EMAIL A@example.org", "A@example.org"},
		{"JUDGE Judge: Failla", "Failla"},
		{"ORG Halvorsen Marine FREIGHT, Inc.\nORG Halvorsen Marine Freight Inc", "Halvorsen Marine Freight Inc"},
		{"ORG HALVORSEN MARINE FREIGHT, INC.\nORG Halvorsen Marine Freight, Inc.\nORG NASA Holdings, LLC", "Halvorsen Marine Freight, Inc."},
	}
	for _, tt := range tests {
		r := run(t, tt.lines, nil)
		var names []string
		for _, e := range r.Entities {
			names = append(names, e.Name)
		}
		assert.Contains(t, names, tt.name)
	}
}

func TestAliasesAreSafeBeyondTheDocument(t *testing.T) {
	t.Parallel()
	tests := []struct {
		lines   string
		aliases []string
	}{
		{"PERSON John Q. Smith\nPERSON John Smith", []string{"john smith"}},
		{"PERSON John Smith\nPERSON Smith\nPERSON J. Smith", nil},
		{"PERSON Daniel Smith\nPERSON Danny Smith", nil},
		{"PERSON Angel Zepeda Rivas\nPERSON Zepeda Rivas", nil},
		{"ORG Acme Corp.\nORG Acme", []string{"acme"}},
		{"DOCKET_NUMBER 2:15-cv-01739\nDOCKET_NUMBER 15-cv-01739", nil},
	}
	for _, tt := range tests {
		r := run(t, tt.lines, nil)
		require.Len(t, r.Entities, 1, tt.lines)
		assert.Equal(t, tt.aliases, r.Entities[0].Aliases, tt.lines)
	}
}

func TestUnresolvedShortFormsLoseConfidence(t *testing.T) {
	t.Parallel()
	r := run(t, "PERSON Smith\nPERSON John Smith\nPERSON Mary Smith\nPERSON Jones\nJUDGE Selya", nil)
	assert.InDelta(t, 0.8*resolve.Unresolved, r.Mentions[0].Confidence, 1e-9)
	assert.InDelta(t, 0.8, r.Mentions[1].Confidence, 1e-9)
	assert.InDelta(t, 0.8*resolve.Unresolved, r.Mentions[3].Confidence, 1e-9)
	assert.InDelta(t, 0.8, r.Mentions[4].Confidence, 1e-9, "courts name judges by surname")
}

func TestResolveLeavesItsInputAlone(t *testing.T) {
	t.Parallel()
	in := mentions(t, "PERSON Smith\nPERSON John Smith")
	_, err := resolve.Resolve(t.Context(), "p", in, nil)
	require.NoError(t, err)
	assert.Equal(t, mentions(t, "PERSON Smith\nPERSON John Smith"), in)
}

func TestEntityIDsAreOfAProjectAndType(t *testing.T) {
	t.Parallel()
	id := resolve.EntityID("p", document.Person, "john smith")
	assert.Regexp(t, `^ent_[a-z2-7]{20}$`, id)
	assert.Equal(t, id, resolve.EntityID("p", document.Person, "john smith"))
	assert.NotEqual(t, id, resolve.EntityID("q", document.Person, "john smith"))
	assert.NotEqual(t, id, resolve.EntityID("p", document.Judge, "john smith"))
}

const mixed = `PERSON John Smith
PERSON J. Smith
PERSON James Smith
PERSON Mary A. Jones
PERSON M. Jones
PERSON Jones
PERSON JONES, MARY ANN
ORG Acme
ORG Acme Corp.
ORG ACME LLC
ORG Bard
ORG C. R. Bard, Inc.
JUDGE Justice Kennedy
JUDGE Anthony M. Kennedy
DOCKET_NUMBER 15-cv-01739
DOCKET_NUMBER 2:15-cv-01739
DATE 2020-12-22
EMAIL a@example.org`

func TestEntitiesDoNotDependOnTheOrderOfMentions(t *testing.T) {
	t.Parallel()
	want := run(t, mixed, nil)
	entityOf := map[string]string{}
	for _, m := range want.Mentions {
		entityOf[m.Text] = m.Entity
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		ms := mentions(t, mixed)
		random.Shuffle(len(ms), func(i, j int) { ms[i], ms[j] = ms[j], ms[i] })
		got, err := resolve.Resolve(t.Context(), "p", ms, nil)
		require.NoError(t, err)
		require.Equal(t, want.Entities, got.Entities)
		for i, m := range got.Mentions {
			require.Equal(t, ms[i].Text, m.Text)
			require.Equal(t, entityOf[m.Text], m.Entity, m.Text)
		}
	}
}

// memory is a project in memory whose Upsert is atomic, as a store's is.
type memory struct {
	mu       sync.Mutex
	entities map[string]document.Entity
}

func (s *memory) LookupEntities(_ context.Context, keys []resolve.Key) (map[resolve.Key]document.Entity, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := map[resolve.Key]document.Entity{}
	for _, k := range keys {
		for _, e := range s.entities {
			if e.Type == k.Type && e.Key == k.Key {
				found[k] = e
			}
		}
	}
	return found, nil
}

func (s *memory) upsert(entities []document.Entity) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.entities == nil {
		s.entities = map[string]document.Entity{}
	}
	for _, e := range entities {
		if old, ok := s.entities[e.ID]; ok {
			e = resolve.Merge(old, e)
		}
		s.entities[e.ID] = e
	}
}

func TestDocumentsResolvedAtOnceGiveTheSameEntities(t *testing.T) {
	t.Parallel()
	a := "PERSON JOHN SMITH\nORG Acme Corp.\nORG Acme\nDOCKET_NUMBER 2:15-cv-01739"
	b := "PERSON John Smith\nORG ACME CORPORATION\nDOCKET_NUMBER No. 2:15-cv-1739-DGC\nEMAIL a@example.org"

	inOrder := func(docs ...string) map[string]document.Entity {
		s := &memory{}
		for _, d := range docs {
			s.upsert(run(t, d, s).Entities)
		}
		return s.entities
	}
	want := inOrder(a, b)
	require.Equal(t, want, inOrder(b, a))
	require.Len(t, want, 4)

	for range 20 {
		s := &memory{}
		var resolved, stored sync.WaitGroup
		resolved.Add(2)
		for _, d := range []string{a, b} {
			ms := mentions(t, d)
			stored.Go(func() {
				r, err := resolve.Resolve(t.Context(), "p", ms, s)
				resolved.Done()
				assert.NoError(t, err)
				resolved.Wait() // neither sees what the other stores
				s.upsert(r.Entities)
			})
		}
		stored.Wait()
		require.Equal(t, want, s.entities)
	}
}

func TestEntitiesOfADocumentDoNotDependOnThoseBefore(t *testing.T) {
	t.Parallel()
	s := &memory{}
	s.upsert(run(t, "PERSON John Q. Smith\nPERSON John Smith\nPERSON JOHN ADAM SMITH\nORG Acme Corp.\nORG Acme", s).Entities)
	for _, document := range []string{
		"PERSON John Smith\nORG Acme", "PERSON John A. Smith\nPERSON John Smith", "PERSON John Q. Smith\nPERSON John R. Smith\nPERSON John Smith",
	} {
		assert.Equal(t, keysOf(run(t, document, nil)), keysOf(run(t, document, s)), document)
	}
	r := run(t, "PERSON JOHN Q. SMITH\nPERSON John Quincy Smith", s)
	assert.Equal(t, []string{"john quincy smith", "john quincy smith"}, keysOf(r))
	r = run(t, "PERSON JOHN Q. SMITH", s)
	assert.Equal(t, "John Q. Smith", r.Entities[0].Name, "but what is known of the same key counts")
}

func TestAcrossDocumentsNothingButKeysCounts(t *testing.T) {
	t.Parallel()
	s := &memory{}
	s.upsert(run(t, "PERSON John Smith\nPERSON Smith\nORG Acme Corp.", s).Entities)

	r := run(t, "PERSON Smith\nPERSON John Q. Smith\nORG Acme LLC\nPERSON J. Smith", s)
	assert.Equal(t, []string{"john q smith", "john q smith", "acme llc", "john q smith"}, keysOf(r))
	for _, e := range r.Entities {
		assert.NotContains(t, s.entities, e.ID)
	}
}

type failing struct{ err error }

func (f failing) LookupEntities(context.Context, []resolve.Key) (map[resolve.Key]document.Entity, error) {
	return nil, f.err
}

func TestLookupErrorsAreWrapped(t *testing.T) {
	t.Parallel()
	for _, want := range []error{context.Canceled, errors.New("down")} {
		_, err := resolve.Resolve(t.Context(), "p", mentions(t, "PERSON John Smith"), failing{want})
		require.ErrorIs(t, err, want)
		assert.NotContains(t, err.Error(), "Smith")
	}
}

func TestNothingIsAskedForNoMentions(t *testing.T) {
	t.Parallel()
	r, err := resolve.Resolve(t.Context(), "p", nil, failing{errors.New("asked")})
	require.NoError(t, err)
	assert.Empty(t, r.Entities)
}

func TestMergeIsCommutative(t *testing.T) {
	t.Parallel()
	all := []document.Entity{
		{ID: "1", Type: document.Person, Key: "john smith", Name: "JOHN SMITH", Aliases: []string{"b"}},
		{ID: "1", Type: document.Person, Key: "john smith", Name: "John Smith", Aliases: []string{"a", "b"}},
		{ID: "1", Type: document.Person, Key: "john smith", Name: "John Q. Smith"},
		{ID: "1", Type: document.Person, Key: "john smith", Name: "john smith", Aliases: []string{"john smith"}},
	}
	for _, a := range all {
		for _, b := range all {
			assert.Equal(t, resolve.Merge(a, b), resolve.Merge(b, a))
			for _, c := range all {
				assert.Equal(t, resolve.Merge(resolve.Merge(a, b), c), resolve.Merge(a, resolve.Merge(b, c)))
			}
		}
	}
	assert.Equal(t, "John Q. Smith", resolve.Merge(all[2], all[1]).Name)
}
