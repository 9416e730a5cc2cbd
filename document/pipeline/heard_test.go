package pipeline_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/model"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/document/resolve"
)

func TestTheLimitOnMentionsBoundsWhatAModelAdds(t *testing.T) {
	t.Parallel()
	const text = "Filed on May 1, 2020 by Brno, Graz, Lviv and Pecs."
	heard := &model.Reading{Model: "double"}
	for _, name := range []string{"Brno", "Graz", "Lviv", "Pecs"} {
		at := strings.Index(text, name)
		heard.Mentions = append(heard.Mentions, model.Mention{Span: document.Span{Start: at, End: at + len(name)}, Type: document.Org, Confidence: 0.5})
	}
	for limit, want := range map[int]string{1: "May 1, 2020", 3: "May 1, 2020|Brno|Graz", 9: "May 1, 2020|Brno|Graz|Lviv|Pecs"} {
		b := setup(t)
		r := b.extract(t, "a.txt", []byte(text))
		p := b.Within(pipeline.Limits{Mentions: limit})
		found, err := p.FindHeard(t.Context(), r, &pipeline.Heard{Main: heard}, nil)
		require.NoError(t, err)
		doc, err := p.Connect(t.Context(), "acme", found, resolve.Nothing{}, nil)
		require.NoError(t, err)
		var names []string
		for _, m := range doc.Result.Mentions {
			names = append(names, m.Text)
		}
		assert.Equal(t, want, strings.Join(names, "|"))
		if limit > 5 {
			assert.Empty(t, doc.Result.Warnings)
			continue
		}
		require.Len(t, doc.Result.Warnings, 1)
		assert.Equal(t, document.WarnPartial, doc.Result.Warnings[0].Code)
	}
}
