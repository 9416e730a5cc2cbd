package workflows

import "github.com/caseload/caseload/batch"

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
		return stageGroup{activity: documentActs.Process, summary: "read on, from stage " + string(next)}
	}
}
