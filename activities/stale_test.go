package activities_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/resolve"
	"github.com/caseload/caseload/store"
)

// crossed is a store whose answers are checked when they are used, as those of a
// cache are, and where another document is saved between the two.
type crossed struct {
	*store.Store
	cross func() error // once
}

// parted is a store in whose project names are split off and joined again while
// documents are resolved. Its answers are believed, as without a cache.
type parted struct {
	*store.Store
	split func() error
	times int
}

func (p *parted) Lookup(ctx context.Context, req store.LookupRequest) (store.Lookup, error) {
	l, err := p.Store.Lookup(ctx, req)
	if p.times > 0 && err == nil {
		p.times--
		err = p.split()
	}
	return l, err
}

func (c *crossed) Lookup(ctx context.Context, req store.LookupRequest) (store.Lookup, error) {
	req.Versioned = true
	l, err := c.Store.Lookup(ctx, req)
	l.Checked = true
	if cross := c.cross; cross != nil && err == nil {
		c.cross = nil
		err = cross()
	}
	return l, err
}

func TestWhatOthersChangeMeanwhileNeedsNoSecondResolution(t *testing.T) {
	t.Parallel()
	b := setup(t, order, order)
	b.Documents.Store = &crossed{Store: b.Store, cross: func() error {
		// José Muñoz is an alias of somebody whom another document makes.
		_, err := b.Store.SaveResult(ctx, store.SaveRequest{
			Project: project, Batch: batchID, Row: 2, FinishedAt: time.Now(),
			Result: &document.Result{SHA256: "0123", Pipeline: document.PipelineVersion, Entities: []document.Entity{
				{ID: "ent_other", Type: document.Person, Key: "jose maria munoz", Name: "José María Muñoz", Aliases: []string{"jose munoz"}},
			}},
		})
		return err
	}}
	var ran []batch.Stage
	b.Pipeline = b.Pipeline.With(func(ctx context.Context, stage batch.Stage, do func(context.Context) error) error {
		ran = append(ran, stage)
		return do(ctx)
	})
	got := b.process(t, 1, batch.StageFetch)
	assert.Equal(t, batch.OutcomeCompleted, got.Result.Outcome)
	assert.Equal(t, []batch.Stage{
		batch.StageFetch, batch.StageExtract, batch.StageChunk, batch.StageEntities,
		batch.StageResolve, batch.StageRelate, batch.StageStore,
	}, ran)
	assert.Equal(t, []batch.Stage{
		batch.StageFetch, batch.StageExtract, batch.StageChunk, batch.StageEntities, batch.StageResolve, batch.StageRelate, batch.StageStore,
	}, stagesOf(got.Result.Stages))
	r, err := b.Store.Result(ctx, project, b.row(t, 1).Document)
	require.NoError(t, err)
	var named []string
	for _, m := range r.Mentions {
		named = append(named, m.Entity)
	}
	assert.Contains(t, named, "ent_other")
}

func TestWhatPeopleDecideMeanwhileIsHeeded(t *testing.T) {
	t.Parallel()
	b := setup(t, order, order)
	_, err := b.Store.SaveResult(ctx, store.SaveRequest{
		Project: project, Batch: batchID, Row: 2, FinishedAt: time.Now(),
		Result: &document.Result{
			SHA256: "0123", Pipeline: document.PipelineVersion,
			Mentions: []document.Mention{{Type: document.Person, Text: "José Muñoz", Entity: "ent_other"}, {Type: document.Person, Text: "José María Muñoz", Entity: "ent_other"}},
			Entities: []document.Entity{
				{ID: "ent_other", Type: document.Person, Key: "jose maria munoz", Name: "José María Muñoz", Aliases: []string{"jose munoz"}},
			},
		},
	})
	require.NoError(t, err)
	var last store.EntityDecision
	p := &parted{Store: b.Store, times: resolutionsAndMore}
	p.split = func() (err error) {
		who := store.Decide{Actor: "ann"}
		if last.Action == store.EntitySplit {
			last, _, err = b.Store.UndoDecision(ctx, store.UndoRequest{Decision: last.N, Decide: who})
			return err
		}
		last, _, err = b.Store.SplitEntity(ctx, store.SplitRequest{
			Project: project, Entity: "ent_other", Names: []string{"José Muñoz"}, Decide: who,
			Naming: store.Naming{Key: resolve.KeyOf, ID: resolve.EntityID},
		})
		return err
	}
	b.Documents.Store = p
	resolved := 0
	b.Pipeline = b.Pipeline.With(func(ctx context.Context, stage batch.Stage, do func(context.Context) error) error {
		if stage == batch.StageResolve {
			resolved++
		}
		return do(ctx)
	})
	got := b.process(t, 1, batch.StageFetch)
	assert.Equal(t, batch.OutcomeCompleted, got.Result.Outcome)
	assert.Equal(t, resolutionsAndMore+1, resolved, "after each decision, and once")
	require.Equal(t, store.EntitySplit, last.Action)
	r, err := b.Store.Result(ctx, project, b.row(t, 1).Document)
	require.NoError(t, err)
	var named []string
	for _, m := range r.Mentions {
		named = append(named, m.Entity)
	}
	assert.Contains(t, named, last.Other)
	assert.NotContains(t, named, "ent_other")
}

// resolutionsAndMore is more often than a document is resolved again for what other
// documents change.
const resolutionsAndMore = 5
