package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

const (
	// answerTimeout is how long a command waits for a worker unless told.
	answerTimeout = 15 * time.Second
	// maxReason bounds a reason, in characters: it is kept in histories.
	maxReason = 500
)

// commandOptions are what all commands on a running batch take.
type commandOptions struct {
	reason, format string
	timeout        time.Duration
	detail         map[string]string // for the audit log
}

func (o *commandOptions) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.reason, "reason", "", "why; kept in the batch's history, so name no documents or people in it")
	cmd.Flags().DurationVar(&o.timeout, "timeout", answerTimeout, "how long to wait for a worker's answer")
	outputFlag(cmd, &o.format)
}

func (o *commandOptions) validate() error {
	if o.timeout <= 0 {
		return usagef("--timeout %s: want a positive time, such as 15s", o.timeout)
	}
	if n := utf8.RuneCountInString(o.reason); n > maxReason {
		return usagef("--reason: it has %s; want %d at most", batch.Counted(n, "character"), maxReason)
	}
	return nil
}

// answer is what a command came to.
type answer struct {
	Batch string `json:"batch"`
	batch.CommandResult
	// How long after it was sent the command was in force, 0 if that is not known,
	// and how long until everything was done and the answer here.
	InForce  time.Duration   `json:"in_force_ns,omitempty"`
	Took     time.Duration   `json:"took_ns,omitempty"`
	Progress *batch.Progress `json:"progress,omitempty"` // the batch's end, if that was waited for
}

// command sends a command to a batch that has not ended. name is the command's.
func (a *app) command(ctx context.Context, id, name string, o commandOptions,
	send func(context.Context, *batch.Client) (batch.CommandResult, error)) (answer, error) {
	if err := o.validate(); err != nil {
		return answer{}, err
	}
	st, err := a.readStore(ctx)
	if err != nil {
		return answer{}, err
	}
	defer st.Close()
	b, err := st.Batch(ctx, id)
	if err != nil {
		return answer{}, a.batchError(id, err)
	}
	if b.Status.Terminal() {
		return answer{}, endedError{b}
	}
	if err := a.asked(ctx, st, name, id, o.detail); err != nil {
		return answer{}, err
	}
	s, err := a.connect(ctx)
	if err != nil {
		return answer{}, err
	}
	defer s.close()
	limited, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	sent := time.Now()
	res, err := send(limited, s.Client)
	answered := time.Now()
	if err != nil {
		if ctx.Err() != nil {
			return answer{}, ctx.Err()
		}
		if errors.Is(err, batch.ErrNoWorker) {
			return answer{}, a.unanswered(ctx, s, b, name, sent, o.timeout)
		}
		return answer{}, refused(ctx, st, b, err)
	}
	ans := answer{Batch: id, CommandResult: res, Took: answered.Sub(sent)}
	if res.Changed {
		decisions, err := st.Decisions(ctx, id, batch.MaxDecisions)
		if err != nil {
			return answer{}, err
		}
		ans.InForce = inForce(decisions, name, sent, answered)
	}
	return ans, nil
}

// inForce is how long after a command of that name was sent it was in force, by
// the time of its decision. It is 0 if the server's clock is too far from ours
// to tell.
func inForce(decisions []batch.Decision, name string, sent, answered time.Time) time.Duration {
	for i := len(decisions) - 1; i >= 0; i-- {
		if d := decisions[i]; d.Kind == name {
			if d.At.Before(sent) || d.At.After(answered) {
				return 0
			}
			return d.At.Sub(sent)
		}
	}
	return 0
}

// report prints an answer: as JSON, or as words.
func (a *app) report(ans answer, format, words string) error {
	if format == formatJSON {
		return a.json(ans)
	}
	fmt.Fprintln(a.err, words)
	return nil
}

// endedError refuses a command on a batch that has ended.
type endedError struct{ b store.Batch }

func (e endedError) Error() string {
	return fmt.Sprintf("batch %s has ended (%s) at %s", e.b.ID, e.b.Status, clock(e.b.FinishedAt))
}

// refused says why a command did not reach batch b, and what to do.
func refused(ctx context.Context, st *store.Store, b store.Batch, err error) error {
	if errors.Is(err, batch.ErrEnded) {
		if now, readErr := st.Batch(ctx, b.ID); readErr == nil && now.Status.Terminal() {
			return endedError{now}
		}
	}
	if why := whyClosed(b, err); why != "" {
		return fmt.Errorf("batch %s is %s, but %s", b.ID, b.Status, why)
	}
	return err
}

// startAgain is how to start the workflow of a batch that has not ended.
func startAgain(b store.Batch) string {
	if b.Recovers != "" {
		return fmt.Sprintf("`starter recover %s --id %s`", b.Recovers, b.ID)
	}
	return "submit it again with --id " + b.ID
}

// unanswered says why a command was not answered in time: it is in force, and
// takes longer; or no worker has taken it on.
func (a *app) unanswered(ctx context.Context, s *server, b store.Batch, name string, sent time.Time, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	queues, err := s.unserved(ctx, b.ID, b.Priority)
	if err != nil {
		return fmt.Errorf("no worker answered within %s: %w", timeout, err)
	}
	if len(queues) > 0 {
		return fmt.Errorf("no worker answered within %s, as none serves %s: start one with `%s`, which carries the command out unless Temporal is restarted before it comes",
			timeout, strings.Join(queues, " and "), a.workerCall())
	}
	if p, err := s.Progress(ctx, b.ID); err == nil {
		if after := inForce(p.Decisions, name, sent, time.Now()); after > 0 {
			return fmt.Errorf("batch %s: the command is in force since %s, but what it sets off was not done within %s: `starter status %[1]s` shows how it goes",
				b.ID, clock(sent.Add(after)), timeout)
		}
	}
	return fmt.Errorf("no worker answered within %s, though one served the batch in the last minutes: if it has stopped, start one with `%s`, which carries the command out; "+
		"`starter status %s` shows how the batch stands", timeout, a.workerCall(), b.ID)
}

// workerCall is how to start a worker on the same data folder.
func (a *app) workerCall() string { return "bin/worker --data-dir " + a.cfg.DataDir }

// whoami is the person at the terminal, as user@host.
func whoami() string {
	name := fmt.Sprintf("uid%d", os.Getuid())
	if u, err := user.Current(); err == nil && u.Username != "" {
		name = u.Username
	}
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "localhost"
	}
	return name + "@" + host
}
