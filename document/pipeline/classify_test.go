package pipeline_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/classify"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/document/resolve"
)

// configured is a pipeline whose errors are sorted by settings.
func configured(t *testing.T, overrides batch.ErrorOverrides, patterns ...string) *bundle {
	t.Helper()
	b := setup(t)
	var parsed []batch.ErrorPattern
	for _, text := range patterns {
		p, err := batch.ParseErrorPattern(text)
		require.NoError(t, err)
		parsed = append(parsed, p)
	}
	b.Pipeline = b.Classifying(classify.New(parsed, overrides))
	return b
}

func TestSettingsSortTheErrorsOfAttachments(t *testing.T) {
	t.Parallel()
	b := configured(t, batch.ErrorOverrides{extract.TypeNoText: batch.Permanent, "Passing": batch.Data, "CorruptImage": batch.Permanent}, "DATA: gremlin")
	b.extractor.of["a.txt"] = func() (*document.Content, error) { return nil, errors.New("a gremlin in the works") }
	b.extractor.of["b.txt"] = func() (*document.Content, error) { return nil, batch.NewError(batch.Transient, "Passing", "wait") }
	b.extractor.of["c.txt"] = func() (*document.Content, error) {
		return &document.Content{Pages: []document.Page{{Number: 1, Text: " "}}}, nil
	}
	b.recognizer.of["d.png"] = func(*document.Content) error { return batch.NewError(batch.Data, "CorruptImage", "damaged") }
	r := b.extract(t, "filing.eml", mail("See attached.",
		textPart("a.txt", "x"), textPart("b.txt", "x"), textPart("c.txt", "x"), part{"d.png", "image/png", png}))
	require.NoError(t, b.Recognize(t.Context(), r, nil, nil))
	doc, err := b.Finish(t.Context(), "acme", r, resolve.Nothing{}, nil)
	require.NoError(t, err)
	type decision struct {
		category batch.Category
		rule     string
	}
	var got []decision
	for _, a := range doc.Attachments {
		require.NotNil(t, a.Failure, a.File.Name)
		got = append(got, decision{a.Failure.Category, a.Failure.Rule})
	}
	assert.Equal(t, []decision{
		{batch.Data, "configured pattern 1"}, {batch.Data, "override Passing"},
		{batch.Permanent, "override NoText"}, {batch.Permanent, "override CorruptImage"},
	}, got)
}

func TestAnAttachmentsErrorThatSettingsCallTheEnvironmentsStopsTheDocument(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]*bundle{
		"override": configured(t, batch.ErrorOverrides{"CorruptDocument": batch.Transient}),
		"pattern":  configured(t, nil, "TRANSIENT: gremlin"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b.extractor.of["bad.txt"] = func() (*document.Content, error) {
				if name == "pattern" {
					return nil, errors.New("a gremlin in the works")
				}
				return nil, batch.NewError(batch.Data, "CorruptDocument", "damaged")
			}
			_, err := b.Extract(t.Context(), b.file(t, "filing.eml", mail("See attached.", textPart("bad.txt", "x"))), b.dir, nil)
			require.Error(t, err)
			f := b.FailureOf("", err)
			assert.Equal(t, batch.Transient, f.Category)
			assert.Equal(t, batch.StageExtract, f.Stage)
			assert.Equal(t, batch.Permanent, pipeline.FailureOf("", errors.New("a gremlin in the works")).Category, "the built-in rules do not know it")
		})
	}
}
