package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/starter/monitor"
	"github.com/caseload/caseload/store"
)

// monitorActions carries commands out as the commands of those names do.
type monitorActions struct {
	a  *app
	st *store.Store
}

// byMonitor is how commands are sent without their flags.
var byMonitor = commandOptions{timeout: answerTimeout}

// Pause implements monitor.Actions.
func (m monitorActions) Pause(ctx context.Context, id string) (string, error) {
	ans, err := m.a.command(ctx, id, batch.CommandPause, byMonitor, func(ctx context.Context, c *batch.Client) (batch.CommandResult, error) {
		return c.Pause(ctx, id, batch.Pause{By: whoami()})
	})
	return said(ans, err, pausedWords)
}

// Resume implements monitor.Actions.
func (m monitorActions) Resume(ctx context.Context, id string) (string, error) {
	ans, err := m.a.command(ctx, id, batch.CommandResume, byMonitor, func(ctx context.Context, c *batch.Client) (batch.CommandResult, error) {
		return c.Resume(ctx, id, batch.Resume{By: whoami()})
	})
	return said(ans, err, resumedWords)
}

// Reprioritize implements monitor.Actions.
func (m monitorActions) Reprioritize(ctx context.Context, id string, p batch.Priority) (string, error) {
	o := byMonitor
	o.detail = map[string]string{"priority": strconv.Itoa(int(p))}
	ans, err := m.a.command(ctx, id, batch.CommandReprioritize, o, func(ctx context.Context, c *batch.Client) (batch.CommandResult, error) {
		return c.Reprioritize(ctx, id, batch.Reprioritize{Priority: p, By: whoami()})
	})
	return said(ans, err, reprioritizedWords)
}

func said(ans answer, err error, words func(answer) string) (string, error) {
	if err != nil {
		return "", err
	}
	return words(ans), nil
}

// PlanRecovery implements monitor.Actions.
func (m monitorActions) PlanRecovery(ctx context.Context, id string) (monitor.Plan, error) {
	b, err := m.st.Batch(ctx, id)
	if err != nil {
		return monitor.Plan{}, m.a.batchError(id, err)
	}
	if !b.Status.Terminal() {
		return monitor.Plan{}, stillRuns(b)
	}
	p, err := planRecovery(ctx, m.st, id, batch.Selection{})
	if err != nil {
		return monitor.Plan{}, err
	}
	words := planWords(p)
	if reasons := leftOutReasons(p); len(reasons) > 0 {
		words += fmt.Sprintf(" Left out: %s.", strings.Join(reasons, "; "))
	}
	return monitor.Plan{Rows: p.Rows, Words: words}, nil
}

// Recover implements monitor.Actions.
func (m monitorActions) Recover(ctx context.Context, id string) (string, error) {
	var words bytes.Buffer
	quietly := *m.a
	quietly.out, quietly.err = io.Discard, &words
	err := quietly.recover(ctx, recoverOptions{original: id, maxRetries: batch.DefaultMaxRetries, format: formatTable})
	return strings.Join(strings.Fields(words.String()), " "), err
}
