package model_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/model"
)

func span(text, quote string) document.Span {
	i := strings.Index(text, quote)
	return document.Span{Start: i, End: i + len(quote)}
}

func noForm(document.EntityType, string) string { return "" }

func TestRulesWinOverAModel(t *testing.T) {
	t.Parallel()
	const text = "Judge Ada Lovelace heard  Charles Babbage in No. 1:24-cv-01234 on May Day of Acme."
	rules := []document.Mention{
		{Type: document.Judge, Span: span(text, "Ada Lovelace"), Normalized: "Ada Lovelace", Confidence: 0.9},
		{Type: document.DocketNumber, Span: span(text, "1:24-cv-01234"), Normalized: "1:24-cv-01234", Confidence: 0.95},
	}
	r := &model.Reading{
		Mentions: []model.Mention{
			{Span: span(text, "Judge Ada Lovelace"), Type: document.Person, Confidence: 0.5},
			{Span: span(text, "Charles Babbage"), Type: document.Person, Confidence: 1},
			{Span: span(text, "Charles"), Type: document.Person, Confidence: 1},
			{Span: span(text, "1:24-cv-01234"), Type: document.DocketNumber, Confidence: 0.5},
			{Span: span(text, "May Day"), Type: document.Date, Confidence: 0.5},
		},
		Relations: []model.Relation{
			{Type: document.PresidesOver, From: 0, To: 3, Confidence: 1}, // a person presides over nothing, a judge does
			{Type: document.PartyTo, From: 1, To: 3, Confidence: 0.3},
			{Type: document.PartyTo, From: 3, To: 1, Confidence: 0.3}, // the wrong way round
			{Type: document.Dated, From: 3, To: 4, Confidence: 0.3},   // an end that was not kept
		},
	}
	all, claims, left, _ := r.Merge(text, rules, 100, noForm)
	require.Len(t, all, 3)
	assert.Equal(t, rules[0], all[0])
	assert.Equal(t, document.Mention{
		Type: document.Person, Span: span(text, "Charles Babbage"), Text: "Charles Babbage", Normalized: "Charles Babbage",
		Confidence: model.MaxConfidence, Source: document.SourceModel,
	}, all[1])
	assert.Equal(t, rules[1], all[2])
	require.Len(t, claims, 2)
	assert.Equal(t, []int{0, 2, 1, 2}, []int{claims[0].From, claims[0].To, claims[1].From, claims[1].To})
	assert.InDelta(t, model.MaxConfidence, claims[0].Confidence, 0)
	assert.Equal(t, "Charles Babbage in No. 1:24-cv-01234", text[claims[1].Evidence.Start:claims[1].Evidence.End])
	assert.Equal(t, model.Dropped{Mentions: 2, Relations: 2}, left, "a name within another, and a date that is none")
}

func TestAValueNeedsItsNormalForm(t *testing.T) {
	t.Parallel()
	const text = "It was the third of March."
	r := &model.Reading{Mentions: []model.Mention{{Span: span(text, "third of March"), Type: document.Date}}}
	all, _, _, _ := r.Merge(text, nil, 100, func(typ document.EntityType, s string) string { return string(typ) + " " + s })
	require.Len(t, all, 1)
	assert.Equal(t, "DATE third of March", all[0].Normalized)
}

func TestClaimsAddToWhatTheRulesRelate(t *testing.T) {
	t.Parallel()
	mentions := []document.Mention{{Entity: "a"}, {Entity: "b"}, {Entity: "c"}, {Entity: "a"}, {}}
	rules := []document.Relationship{
		{Type: document.CoOccurs, From: "a", To: "c", Confidence: 0.2},
		{Type: document.CoOccurs, From: "b", To: "c", Confidence: 0.2},
		{Type: document.PartyTo, From: "a", To: "b", Confidence: 0.9},
	}
	got := model.Relate(rules, mentions, []model.Claim{
		{Type: document.PartyTo, From: 0, To: 1, Confidence: 0.5},    // known
		{Type: document.Represents, From: 2, To: 0, Confidence: 0.3}, // twice: the surer
		{Type: document.Represents, From: 2, To: 3, Confidence: 0.4},
		{Type: document.PartyTo, From: 0, To: 3, Confidence: 0.5}, // to itself
		{Type: document.PartyTo, From: 4, To: 1, Confidence: 0.5}, // no entity
	})
	assert.Equal(t, []document.Relationship{
		rules[1], rules[2], {Type: document.Represents, From: "c", To: "a", Confidence: 0.4, Source: document.SourceModel},
	}, got)
	assert.Len(t, rules, 3)
}
