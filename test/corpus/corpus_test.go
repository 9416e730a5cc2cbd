package corpus_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/test/corpus"
)

// golden is the hash of the names and bytes of seed 7's first 20 documents. It
// changes with what the package writes, and then figures measured on the load
// before are no longer comparable.
const golden = "33e1892582508ddd927a80e858bbe63150830606e0ae6b013119fca12210c046"

func TestTheSameSeedGivesTheSameBytesOnEveryMachine(t *testing.T) {
	t.Parallel()
	h := sha256.New()
	for doc := range corpus.Documents(corpus.Options{Seed: 7, Documents: 20}) {
		fmt.Fprintf(h, "%s %d\n", doc.Name, len(doc.Data))
		h.Write(doc.Data)
	}
	assert.Equal(t, golden, hex.EncodeToString(h.Sum(nil)))
}

func TestADocumentDoesNotDependOnHowManyAreMade(t *testing.T) {
	t.Parallel()
	i := 0
	for doc := range corpus.Documents(corpus.Options{Seed: 3, Documents: 30}) {
		require.Equal(t, doc, corpus.At(corpus.Options{Seed: 3, Documents: 5000}, i))
		i++
	}
	assert.Equal(t, 30, i)
}

func TestSeedsAndDocumentsDiffer(t *testing.T) {
	t.Parallel()
	content, names := map[[32]byte]string{}, map[string]bool{}
	for _, seed := range []uint64{0, 1, 2} {
		for doc := range corpus.Documents(corpus.Options{Seed: seed, Documents: 250}) {
			id := fmt.Sprintf("seed %d, document %d", seed, doc.Index)
			sum := sha256.Sum256(doc.Data)
			require.Empty(t, content[sum], "%s is the same", id)
			content[sum] = id
			key := fmt.Sprint(seed, doc.Name)
			require.False(t, names[key], "%s: name used before", id)
			names[key] = true
		}
	}
}

func TestDocumentsStopWhenTheCallerDoes(t *testing.T) {
	t.Parallel()
	seen := 0
	for range corpus.Documents(corpus.Options{Documents: math.MaxInt}) {
		if seen++; seen == 3 {
			break
		}
	}
	assert.Equal(t, 3, seen)
}

func TestFormatsHaveTheirShares(t *testing.T) {
	t.Parallel()
	const n = 4000
	count := map[corpus.Format]int{}
	o := corpus.Options{Seed: 5, Documents: n, MedianPages: 1, MaxPages: 1}
	for doc := range corpus.Documents(o) {
		count[doc.Format]++
	}
	for f, share := range o.WithDefaults().Formats {
		assert.InDelta(t, share, float64(count[f])/n, 0.025, "share of %s", f)
	}
}

func TestOnlyTheFormatsAskedForAreMade(t *testing.T) {
	t.Parallel()
	o := corpus.Options{Documents: 40, MaxPages: 2, Formats: map[corpus.Format]float64{corpus.TXT: 1, corpus.HTML: 3, corpus.PDF: 0}}
	for doc := range corpus.Documents(o) {
		require.Contains(t, []corpus.Format{corpus.TXT, corpus.HTML}, doc.Format)
	}
}

func TestPagesAreLogNormal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options           corpus.Options
		median, mean, p90 float64
		most              int
	}{
		// The quantile of 0.9 is median·exp(1.2816·sigma).
		"by default": {corpus.Options{}, 4, 6.8, 15.6, 66},
		"shorter":    {corpus.Options{MedianPages: 2, Sigma: 0.5, MaxPages: 5}, 2, 2.3, 3.8, 6},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := c.options
			o.Seed, o.Documents, o.Formats = 11, 1200, map[corpus.Format]float64{corpus.PDF: 1}
			var pages []int
			sum := 0
			for doc := range corpus.Documents(o) {
				pages = append(pages, doc.Pages)
				sum += doc.Pages
			}
			slices.Sort(pages)
			n := len(pages)
			assert.InDelta(t, c.median, pages[n/2], 0.5, "median")
			assert.InDelta(t, c.mean, float64(sum)/float64(n), 0.1*c.mean, "mean")
			assert.InDelta(t, c.p90, pages[n*9/10], 0.15*c.p90, "90th percentile")
			assert.GreaterOrEqual(t, pages[0], 1)
			assert.LessOrEqual(t, pages[n-1], c.most)
		})
	}
}

func TestDocumentsOfAMatterShareItsCase(t *testing.T) {
	t.Parallel()
	dockets := map[int]string{}
	for doc := range corpus.Documents(corpus.Options{Seed: 2, Documents: 60, MatterSize: 20, MaxPages: 2}) {
		require.Equal(t, doc.Index/20, doc.Matter)
		if doc.Truth.Docket == "" {
			continue
		}
		if known, ok := dockets[doc.Matter]; ok {
			require.Equal(t, known, doc.Truth.Docket)
		}
		dockets[doc.Matter] = doc.Truth.Docket
	}
	assert.Len(t, dockets, 3)
	assert.NotEqual(t, dockets[0], dockets[1])
}

func TestDecisionsAreCitedInManyMatters(t *testing.T) {
	t.Parallel()
	matters := map[string]map[int]bool{}
	for doc := range corpus.Documents(corpus.Options{Seed: 4, Documents: 200, MatterSize: 10}) {
		for _, c := range doc.Truth.Citations {
			if matters[c] == nil {
				matters[c] = map[int]bool{}
			}
			matters[c][doc.Matter] = true
		}
	}
	most := 0
	for _, in := range matters {
		most = max(most, len(in))
	}
	assert.Greater(t, len(matters), 200, "decisions")
	assert.GreaterOrEqual(t, most, 5, "matters that cite the same one")
}

func TestOptionsThatCannotBeMeantAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options corpus.Options
		message string
	}{
		"unknown format":   {corpus.Options{Formats: map[corpus.Format]float64{"rtf": 1}}, `format "rtf" is unknown`},
		"negative share":   {corpus.Options{Formats: map[corpus.Format]float64{corpus.PDF: -1, corpus.TXT: 2}}, "the share of format pdf is -1"},
		"share no number":  {corpus.Options{Formats: map[corpus.Format]float64{corpus.PDF: math.NaN()}}, "the share of format pdf is NaN"},
		"no share":         {corpus.Options{Formats: map[corpus.Format]float64{corpus.PDF: 0}}, "no format has a share above 0"},
		"fewer than none":  {corpus.Options{Documents: -1}, "-1 documents"},
		"median":           {corpus.Options{MedianPages: -2}, "a median of -2 pages"},
		"sigma":            {corpus.Options{Sigma: 4}, "sigma 4"},
		"too many pages":   {corpus.Options{MaxPages: 501}, "at most 501 pages"},
		"size of a matter": {corpus.Options{MatterSize: -1}, "-1 documents a matter"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ErrorContains(t, c.options.Validate(), c.message)
			_, err := corpus.Write(t.TempDir(), c.options)
			require.ErrorContains(t, err, c.message)
			require.Panics(t, func() { corpus.Documents(c.options) })
		})
	}
}

func BenchmarkDocuments(b *testing.B) {
	words := 0
	for doc := range corpus.Documents(corpus.Options{Seed: 1, Documents: b.N}) {
		words += doc.Words
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "documents/s")
	b.ReportMetric(float64(words)/b.Elapsed().Seconds(), "words/s")
}
