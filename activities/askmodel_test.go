package activities_test

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/activities/cores"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/model"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/store"
	"github.com/caseload/caseload/test/modelserver"
)

const meeting = "Ada Lovelace met Charles Babbage in No. 1:24-cv-01234."

// withModel is a worker with a language model, and a batch that asks it.
func withModel(t *testing.T, asks batch.ModelOptions, texts ...string) (*bundle, *modelserver.Server) {
	t.Helper()
	b := setup(t)
	server := &modelserver.Server{}
	s := httptest.NewServer(server)
	t.Cleanup(s.Close)
	client, err := model.New(model.Config{
		BaseURL: s.URL + "/v1", Model: "double", Timeout: time.Minute, MaxOutput: 100, Prices: model.Prices{Input: 1, Output: 1},
	})
	require.NoError(t, err)
	b.Documents.Model = client
	b.options.Model = &asks
	if len(texts) > 0 {
		b.registerTexts(t, batchID, texts...)
	}
	return b, server
}

func (b *bundle) registerTexts(t *testing.T, id string, texts ...string) {
	t.Helper()
	rows := make([]store.Row, len(texts))
	for i, text := range texts {
		rows[i] = b.source(t, i+1, text)
	}
	b.register(t, id, rows...)
}

// ask runs Process, which must leave the document to AskModel, and that, which must
// succeed.
func (b *bundle) ask(t *testing.T, row int) activities.ProcessResult {
	t.Helper()
	require.Equal(t, batch.StageModel, b.process(t, row, batch.StageFetch).Next)
	return run[activities.ProcessResult](t, b.AskModel, b.input(row, batch.StageModel))
}

func (b *bundle) use(t *testing.T, id string) batch.ModelUse {
	t.Helper()
	u, err := b.Store.ModelUse(ctx, id)
	require.NoError(t, err)
	return u
}

func (b *bundle) saved(t *testing.T, id string, row int) *document.Result {
	t.Helper()
	r, err := b.Store.Row(ctx, id, row)
	require.NoError(t, err)
	result, err := b.Store.Result(ctx, project, r.Document)
	require.NoError(t, err)
	return result
}

func TestALanguageModelAddsToWhatRulesFind(t *testing.T) {
	t.Parallel()
	b, server := withModel(t, batch.ModelOptions{}, meeting)
	res := b.ask(t, 1)
	assert.Equal(t, batch.OutcomeCompleted, res.Result.Outcome)
	result := b.saved(t, batchID, 1)
	var found []string
	for _, m := range result.Mentions {
		found = append(found, m.Source+" "+m.Text)
		assert.NotEmpty(t, m.Entity)
	}
	assert.Subset(t, found, []string{"model Ada Lovelace", " Charles Babbage", " 1:24-cv-01234"})
	assert.NotEmpty(t, result.Model)
	var related []document.RelationType
	for _, r := range result.Relationships {
		if r.Source == document.SourceModel {
			related = append(related, r.Type)
		}
	}
	assert.Equal(t, []document.RelationType{document.PartyTo}, related)
	use := b.use(t, batchID)
	assert.Equal(t, 1, use.Documents)
	assert.Equal(t, int64(server.Calls()[0].Input), use.InputTokens)
	assert.Positive(t, use.Nanos)
	b.noFiles(t)
	timed := map[batch.Stage]bool{}
	for _, s := range res.Result.Stages {
		timed[s.Stage] = true
	}
	assert.True(t, timed[batch.StageModel] && timed[batch.StageStore])
}

func TestADocumentThatWaitsForTheModelHoldsNoCore(t *testing.T) {
	t.Parallel()
	b, server := withModel(t, batch.ModelOptions{}, meeting)
	require.Equal(t, batch.StageModel, b.process(t, 1, batch.StageFetch).Next)
	server.Set(modelserver.Hang, 1)
	b.Cores = cores.New(1)
	done := make(chan error, 1)
	go func() {
		_, err := execute(b.AskModel, b.input(1, batch.StageModel))
		done <- err
	}()
	require.Eventually(t, func() bool { return server.Most() == 1 }, 10*time.Second, time.Millisecond)
	for _, band := range b.Cores.Usage().Bands {
		assert.Zero(t, band.Held, band.Band)
	}
	server.LetGo()
	require.Error(t, <-done)
}

func TestAnswersArePaidForOnceWhateverBatchAsks(t *testing.T) {
	t.Parallel()
	b, server := withModel(t, batch.ModelOptions{}, meeting)
	b.ask(t, 1)
	before := b.use(t, batchID)
	b.registerTexts(t, "b2", meeting)
	b.reread = true
	in := b.input(1, batch.StageFetch)
	in.Document.Batch = "b2"
	require.Equal(t, batch.StageModel, run[activities.ProcessResult](t, b.Process, in).Next)
	in.From = batch.StageModel
	run[activities.ProcessResult](t, b.AskModel, in)
	assert.Len(t, server.Calls(), 1)
	assert.Equal(t, batch.ModelUse{Documents: 1, Cached: 1, SparedTokens: before.Tokens()}, b.use(t, "b2"))
}

func TestWhatTheModelHasReadIsNotReadAgain(t *testing.T) {
	t.Parallel()
	b, server := withModel(t, batch.ModelOptions{})
	asks := b.options.Model
	b.options.Model = nil
	b.registerTexts(t, batchID, meeting)
	require.Equal(t, batch.OutcomeCompleted, b.process(t, 1, batch.StageFetch).Result.Outcome)
	assert.Empty(t, server.Calls(), "nothing is sent unless the batch asks")

	in := b.input(1, batch.StageFetch)
	b.options.Model = asks
	for i, id := range []string{"b2", "b3"} {
		b.registerTexts(t, id, meeting)
		in.Document.Batch, in.From = id, batch.StageFetch
		res := run[activities.ProcessResult](t, b.Process, in)
		if i == 1 {
			assert.Equal(t, batch.OutcomeSkipped, res.Result.Outcome)
			continue
		}
		require.Equal(t, batch.StageModel, res.Next, "rules alone have read it")
		in.From = batch.StageModel
		assert.Equal(t, batch.OutcomeCompleted, run[activities.ProcessResult](t, b.AskModel, in).Result.Outcome)
	}
	assert.NotEmpty(t, b.saved(t, "b2", 1).Model)
}

func TestTheModelIsNotAskedAboutWhatTheProjectHolds(t *testing.T) {
	t.Parallel()
	b, server := withModel(t, batch.ModelOptions{})
	asks := b.options.Model
	b.options.Model = nil
	b.registerTexts(t, batchID, meeting)
	b.process(t, 1, batch.StageFetch)

	const fresh = "Grace Hopper met Alan Turing."
	b.options.Model = asks
	b.registerTexts(t, "b2", mailWith("Both are attached, twice.", attachment("a.txt", "text/plain", meeting), attachment("b.txt", "text/plain", fresh),
		attachment("c.txt", "text/plain", fresh)))
	in := b.input(1, batch.StageFetch)
	in.Document.Batch = "b2"
	asked := func() (texts []string) {
		before := len(server.Calls())
		in.From = batch.StageFetch
		require.Equal(t, batch.StageModel, run[activities.ProcessResult](t, b.Process, in).Next)
		in.From = batch.StageModel
		require.Equal(t, batch.OutcomeCompleted, run[activities.ProcessResult](t, b.AskModel, in).Result.Outcome)
		for _, c := range server.Calls()[before:] {
			texts = append(texts, c.Text)
		}
		return texts
	}
	texts := asked()
	require.Len(t, texts, 2, "what the project holds, or has just been asked about, is left as it is")
	assert.Contains(t, texts[0], "Both are attached")
	assert.Contains(t, texts[1], fresh)
	part := func(n int) *document.Result {
		row, err := b.Store.Row(ctx, in.Document.Batch, 1)
		require.NoError(t, err)
		links, err := b.Store.Links(ctx, project, row.Document)
		require.NoError(t, err)
		result, err := b.Store.Result(ctx, project, links[n].Child)
		require.NoError(t, err)
		return result
	}
	assert.Empty(t, part(0).Model)
	assert.NotEmpty(t, part(1).Model)

	b.registerTexts(t, "b3", mailWith("Both are attached, twice.", attachment("a.txt", "text/plain", meeting), attachment("b.txt", "text/plain", fresh),
		attachment("c.txt", "text/plain", fresh)))
	in.Document.Batch, in.Document.Reread = "b3", true
	texts = asked()
	require.Len(t, texts, 1, "the other answers are known")
	assert.Contains(t, texts[0], "Lovelace")
	assert.NotEmpty(t, part(0).Model)
}

func TestASpentBudgetLeavesDocumentsToTheRules(t *testing.T) {
	t.Parallel()
	b, server := withModel(t, batch.ModelOptions{Budget: batch.ModelBudget{Tokens: 1400}}, meeting+" One.", meeting+" Two.", meeting+" Three.")
	for row := range 3 {
		assert.Equal(t, batch.OutcomeCompleted, b.ask(t, row+1).Result.Outcome)
	}
	use := b.use(t, batchID)
	assert.Less(t, use.Calls, 3)
	assert.Equal(t, use.Calls, len(server.Calls()))
	assert.Equal(t, 3-use.Calls, use.OverBudget)
	assert.LessOrEqual(t, use.Tokens(), int64(1400))
	last := b.saved(t, batchID, 3)
	require.NotEmpty(t, last.Warnings)
	assert.Equal(t, model.WarnBudget, last.Warnings[0].Code)
	assert.Empty(t, last.Model, "a batch with more money reads it")
}

func TestAnswersThatAreNoneLeaveTheDocumentToTheRules(t *testing.T) {
	t.Parallel()
	b, server := withModel(t, batch.ModelOptions{}, meeting)
	server.Set(modelserver.NotJSON, -1)
	assert.Equal(t, batch.OutcomeCompleted, b.ask(t, 1).Result.Outcome)
	assert.Equal(t, model.WarnUnusable, b.saved(t, batchID, 1).Warnings[0].Code)
	use := b.use(t, batchID)
	assert.Equal(t, []int{2, 1}, []int{use.Calls, use.Incomplete}, "what the tries cost is counted")
}

func TestAServiceThatAsksForFewerRequestsIsLeftAlone(t *testing.T) {
	t.Parallel()
	b, server := withModel(t, batch.ModelOptions{}, meeting, meeting+" Again.")
	server.RetryAfter = time.Hour / 2
	server.Set(modelserver.Throttle, 1)
	for row := range 2 {
		require.Equal(t, batch.StageModel, b.process(t, row+1, batch.StageFetch).Next)
	}
	err, f := fails(t, b.AskModel, b.input(1, batch.StageModel))
	assert.Equal(t, string(batch.RateLimit), err.Type())
	assert.Equal(t, batch.StageModel, f.Stage)
	assert.False(t, err.NonRetryable())
	assert.Equal(t, time.Hour/2, err.NextRetryDelay())

	err, f = fails(t, b.AskModel, b.input(2, batch.StageModel))
	assert.Equal(t, "ServiceLeftAlone", f.Type)
	assert.Greater(t, err.NextRetryDelay(), 29*time.Minute)
	assert.Len(t, server.Calls(), 1, "others do not ask it meanwhile")
	assert.Zero(t, b.use(t, batchID).Calls)
}

func TestAServiceThatFailsIsAskedAgainByThePolicy(t *testing.T) {
	t.Parallel()
	b, server := withModel(t, batch.ModelOptions{}, meeting)
	server.Set(modelserver.Away, 1)
	require.Equal(t, batch.StageModel, b.process(t, 1, batch.StageFetch).Next)
	err, f := fails(t, b.AskModel, b.input(1, batch.StageModel))
	assert.Equal(t, batch.Transient, f.Category)
	assert.False(t, err.NonRetryable())
	res := run[activities.ProcessResult](t, b.AskModel, b.input(1, batch.StageModel))
	assert.Equal(t, batch.OutcomeCompleted, res.Result.Outcome)
}

func TestWhatAPersonHasToPutRightIsConfiguration(t *testing.T) {
	t.Parallel()
	dollars := batch.ModelOptions{Budget: batch.ModelBudget{Nanos: 1}}
	for name, change := range map[string]func(*bundle, *modelserver.Server){
		"AccessDenied":       func(_ *bundle, s *modelserver.Server) { s.Set(modelserver.BadKey, -1) },
		"ModelNotFound":      func(_ *bundle, s *modelserver.Server) { s.Set(modelserver.NoModel, -1) },
		"ModelNotConfigured": func(b *bundle, _ *modelserver.Server) { b.Documents.Model = nil },
		"ModelPriceUnknown": func(b *bundle, _ *modelserver.Server) {
			var err error
			b.Documents.Model, err = model.New(model.Config{BaseURL: "http://127.0.0.1:1/v1", Model: "double"})
			require.NoError(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asks := batch.ModelOptions{}
			if name == "ModelPriceUnknown" {
				asks = dollars
			}
			b, server := withModel(t, asks, meeting)
			change(b, server)
			activity, in := any(b.Process), b.input(1, batch.StageFetch)
			if name == "AccessDenied" || name == "ModelNotFound" {
				require.Equal(t, batch.StageModel, b.process(t, 1, batch.StageFetch).Next)
				activity, in = b.AskModel, b.input(1, batch.StageModel)
			}
			err, f := fails(t, activity, in)
			assert.Equal(t, batch.Configuration, f.Category)
			assert.Equal(t, name, f.Type)
			assert.Equal(t, batch.StageModel, f.Stage)
			assert.True(t, err.NonRetryable())
			assert.NotContains(t, err.Error(), "Lovelace")
		})
	}
}

// A workflow of a version without the model's stage goes on with Process.
func TestProcessAsksTheModelForWorkflowsThatKnowNoSuchStage(t *testing.T) {
	t.Parallel()
	b, server := withModel(t, batch.ModelOptions{}, meeting)
	require.Equal(t, batch.StageModel, b.process(t, 1, batch.StageFetch).Next)
	b.Cores = cores.New(1) // one is enough
	res := b.process(t, 1, batch.StageModel)
	assert.Empty(t, res.Next, "it is not sent round for ever")
	assert.Equal(t, batch.OutcomeCompleted, res.Result.Outcome)
	assert.Len(t, server.Calls(), 1)
	assert.NotEmpty(t, b.saved(t, batchID, 1).Model)
	b.noFiles(t)
}

func TestAPausedBatchAsksNoModel(t *testing.T) {
	t.Parallel()
	b, server := withModel(t, batch.ModelOptions{}, meeting)
	require.Equal(t, batch.StageModel, b.process(t, 1, batch.StageFetch).Next)
	require.NoError(t, b.Store.SetBatchStatus(ctx, batchID, batch.StatusRunning, start))
	require.NoError(t, b.Store.SetControl(ctx, batchID, batch.Control{Status: batch.StatusPaused, Priority: batch.PriorityNormal, Concurrency: 1}, nil))
	assert.True(t, run[activities.ProcessResult](t, b.AskModel, b.input(1, batch.StageModel)).Held)
	assert.Empty(t, server.Calls())

	require.NoError(t, b.Store.SetControl(ctx, batchID, batch.Control{Status: batch.StatusRunning, Priority: batch.PriorityNormal, Concurrency: 1}, nil))
	require.NoError(t, os.Remove(filepath.Join(b.folder, "document-1")))
	assert.Equal(t, batch.OutcomeCompleted, b.ask(t, 1).Result.Outcome, "it goes on from its text")
}

func TestASummarySaysWhatTheModelCost(t *testing.T) {
	t.Parallel()
	budget := batch.ModelBudget{Tokens: 100_000}
	b, _ := withModel(t, batch.ModelOptions{Budget: budget}, meeting)
	b.ask(t, 1)
	sum := run[batch.Summary](t, b.batches.CloseBatch, activities.CloseInput{Batch: batchID, At: start})
	want := b.use(t, batchID)
	want.Budget = budget
	require.NotNil(t, sum.Model)
	assert.Equal(t, want, *sum.Model)
	assert.Positive(t, sum.Model.InputTokens)
}

func TestCallsOfTheModelAreTold(t *testing.T) {
	t.Parallel()
	for mode, want := range map[modelserver.Mode]metrics.ModelResult{
		modelserver.Honest: metrics.ModelAnswered, modelserver.Refuse: metrics.ModelRefused, modelserver.Throttle: metrics.ModelThrottled,
		modelserver.Fail: metrics.ModelFailed, modelserver.Drop: metrics.ModelUnanswered,
	} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			b, server := withModel(t, batch.ModelOptions{}, meeting)
			s := &seen{}
			b.Metrics = s
			server.Set(mode, 1)
			require.Equal(t, batch.StageModel, b.process(t, 1, batch.StageFetch).Next)
			_, _ = execute(b.AskModel, b.input(1, batch.StageModel)) // some end with an error
			told := s.events[metrics.ModelAsked]
			require.Len(t, told, 1)
			use := b.use(t, batchID)
			assert.Equal(t, metrics.ModelCall{Result: want, Input: int(use.InputTokens), Output: int(use.OutputTokens), Nanos: use.Nanos}, *told[0].Model)
			assert.Equal(t, want == metrics.ModelAnswered || want == metrics.ModelUnanswered, told[0].Model.Nanos > 0)
		})
	}
	b, _ := withModel(t, batch.ModelOptions{Budget: batch.ModelBudget{Tokens: 1}}, meeting)
	s := &seen{}
	b.Metrics = s
	b.ask(t, 1)
	require.Len(t, s.events[metrics.ModelAsked], 1)
	assert.Equal(t, metrics.ModelCall{Result: metrics.ModelOverBudget}, *s.events[metrics.ModelAsked][0].Model)
}
