package batch

import (
	"fmt"

	"go.temporal.io/sdk/temporal"
)

// Summary is what the Temporal Web UI shows of the batch's workflow.
func (in Input) Summary() string {
	return fmt.Sprintf("%s: %s, priority %s", in.Project, Counted(in.Rows, "document"), in.Priority)
}

// SearchAttributes are those that the batch's workflow starts with.
func (in Input) SearchAttributes() temporal.SearchAttributes {
	return temporal.NewSearchAttributes(
		AttrBatch.ValueSet(in.ID),
		AttrProject.ValueSet(in.Project),
		AttrStatus.ValueSet(string(StatusRunning)),
		AttrPriority.ValueSet(int64(in.Priority)),
	)
}
