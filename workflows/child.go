package workflows

import (
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// changeAwaitChild is the version of what becomes of a child workflow of whose ID one
// runs already: since 1 that is waited for.
const changeAwaitChild = "await-running-child"

// A workflow that was terminated leaves children behind, which are cancelled and end
// within cancelGrace, or when their worker hears of that.
const (
	childAgainEvery = 2 * time.Second
	childAgain      = 90 // times
)

// runChild runs a child workflow to its end. If one with its ID runs still, which a
// terminated workflow has left behind, it waits for that to end first.
func runChild(ctx workflow.Context, start func() workflow.ChildWorkflowFuture, result any) error {
	for n := 0; ; n++ {
		err := start().Get(ctx, result)
		var running *temporal.ChildWorkflowExecutionAlreadyStartedError
		if !errors.As(err, &running) || n == childAgain ||
			workflow.GetVersion(ctx, changeAwaitChild, workflow.DefaultVersion, 1) == workflow.DefaultVersion {
			return err
		}
		if err := workflow.Sleep(ctx, childAgainEvery); err != nil {
			return err
		}
	}
}
