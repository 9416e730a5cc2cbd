package workflows

import "github.com/caseload/caseload/batch"

// stageGroup is consecutive stages that run in one activity.
type stageGroup struct {
	activity any
	summary  string // for a person
}

// fused is the policy on which stages share an activity: it answers for the
// stage that comes next. The local stages run together, to the end or until a
// page needs OCR; OCR, which takes many times as long, begins an activity of its
// own, and what is left follows in it. Every activity resumes at the first stage
// that it finds undone. Earlier versions left what follows OCR to a third activity.
func fused(next batch.Stage) stageGroup {
	switch next {
	case batch.StageOCR:
		return stageGroup{documentActs.Recognize, "recognise scanned pages"}
	case batch.StageFetch:
		return stageGroup{documentActs.Process, "read the document"}
	default:
		return stageGroup{documentActs.Process, "read on, from stage " + string(next)}
	}
}
