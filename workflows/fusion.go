package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/batch"
)

// changeModel is the version of what asks a language model: since 1 an activity of its
// own. A version that knew no such stage went on with Process, which asks too.
const changeModel = "ask-model"

// groupOf is fused, as the document's history has it.
func groupOf(ctx workflow.Context, next batch.Stage) stageGroup {
	g := fused(next)
	if next == batch.StageModel && workflow.GetVersion(ctx, changeModel, workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		g = readOn(next)
	}
	return g
}

// stageGroup is consecutive stages that run in one activity.
type stageGroup struct {
	activity any
	queue    string // "" for that of the document's band
	summary  string // for a person
}

// fused is the policy on which stages share an activity: it answers for the
// stage that comes next. The local stages run together, to the end or until a
// page needs OCR; OCR, which takes many times as long, begins an activity of its
// own, and what is left follows in it; so does asking a language model, which waits on
// the network, on a queue of its own. Every activity resumes at the first stage
// that it finds undone. Earlier versions left what follows OCR to a third activity.
func fused(next batch.Stage) stageGroup {
	switch next {
	case batch.StageOCR:
		return stageGroup{activity: documentActs.Recognize, summary: "recognise scanned pages"}
	case batch.StageModel:
		return stageGroup{activity: documentActs.AskModel, queue: batch.ModelQueue, summary: "ask the language model"}
	case batch.StageFetch:
		return stageGroup{activity: documentActs.Process, summary: "read the document"}
	default:
		return readOn(next)
	}
}

func readOn(next batch.Stage) stageGroup {
	return stageGroup{activity: documentActs.Process, summary: "read on, from stage " + string(next)}
}
