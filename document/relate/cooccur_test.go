package relate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/relate"
)

func TestCoOccurrenceIsTheNearestPassageNamingBoth(t *testing.T) {
	t.Parallel()
	in := read("«PERSON:Zoe» wrote, after a long while, to «ORG:Acme». Later «ORG:Acme» met «PERSON:Zoe» in «LOCATION:Oakland».")
	rels := relate.Relate(in)
	require.Equal(t, []string{"acme co_occurs zoe"}, lines(rels))
	assert.Equal(t, "Acme met Zoe", in.Text[rels[0].Evidence.Start:rels[0].Evidence.End])
}

func TestCoOccurrenceNeedsOneChunk(t *testing.T) {
	t.Parallel()
	in := read("«PERSON:Zoe» wrote. «ORG:Acme» answered «PERSON:Bob».")
	half := strings.Index(in.Text, "Acme")
	in.Chunks = []document.Chunk{{Span: document.Span{End: half}}, {Span: document.Span{Start: half, End: len(in.Text)}}}
	assert.Equal(t, []string{"acme co_occurs bob"}, lines(relate.Relate(in)))
}

func TestCoOccurrenceIsLessSureAtADistance(t *testing.T) {
	t.Parallel()
	in := read("«PERSON:Zoe» met «ORG:Acme»." + strings.Repeat(" and so on", 30) + " «PERSON:Bob».")
	confidence := map[string]float64{}
	rels := relate.Relate(in)
	for i, l := range lines(rels) {
		confidence[l] = rels[i].Confidence
	}
	assert.Greater(t, confidence["acme co_occurs zoe"], 0.4)
	assert.Less(t, confidence["acme co_occurs bob"], 0.3)
	assert.Less(t, confidence["bob co_occurs zoe"], confidence["acme co_occurs bob"])
}

func TestCoOccurrencesAreBoundedNearestFirst(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, "«PERSON:P%d»%s", i, strings.Repeat(" ", 1+i%50))
	}
	in := read(b.String())
	rels := relate.Relate(in)
	require.Len(t, rels, relate.DefaultCoOccurrences)
	widest := 0
	for _, r := range rels {
		widest = max(widest, r.Evidence.Len())
	}
	assert.Less(t, widest, 40, "the nearest were kept")

	in.Limits.CoOccurrences = 7
	assert.Len(t, relate.Relate(in), 7)
	in.Limits.CoOccurrences = -1
	assert.Empty(t, relate.Relate(in))
}
