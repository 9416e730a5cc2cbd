package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/classify"
	"github.com/caseload/caseload/worker/process"
)

type policiesOptions struct {
	batch, explain, format string
	explaining, rules      bool
}

func (a *app) policiesCmd() *cobra.Command {
	var o policiesOptions
	cmd := &cobra.Command{
		Use:   "policies",
		Short: "Show how errors are sorted and retried",
		Long: `Show how errors are sorted into categories, and how each category is retried: so often at once, then
after the delays shown, each stretched by up to its jitter.

The policies are those of this machine's configuration (retry.*), or with --batch those that a batch was
submitted with over them. A worker elsewhere goes by its own configuration.

--rules lists what gives an error its category, in the order it is tried. --explain tells which rule an
error meets, and the delays that follow: give it an error's text, or its type (EncryptedDocument), a
system error's name (ENOSPC), an SQLSTATE (40001), an HTTP status (503), a gRPC code (Unavailable).`,
		Example: `  starter policies
  starter policies --batch acme-20261123-142501-9f3a
  starter policies --rules -o json
  starter policies --explain "429 Too Many Requests"
  starter policies --explain EncryptedDocument`,
		Args: exactArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.explaining = cmd.Flags().Changed("explain")
			if err := o.validate(); err != nil {
				return err
			}
			return a.showPolicies(cmd.Context(), o)
		},
	}
	cmd.Flags().StringVar(&o.batch, "batch", "", "those of this batch")
	cmd.Flags().BoolVar(&o.rules, "rules", false, "list the rules that give an error its category")
	cmd.Flags().StringVar(&o.explain, "explain", "", "say what becomes of an error, by its text, type or code")
	outputFlag(cmd, &o.format)
	return cmd
}

func (o policiesOptions) validate() error {
	switch {
	case o.rules && o.explaining:
		return usagef("--rules and --explain: give one of them")
	case o.rules && o.batch != "":
		return usagef("--rules and --batch: the rules are the same for all batches; leave --batch out")
	case o.explaining && strings.TrimSpace(o.explain) == "":
		return usagef(`--explain: nothing to explain; give it an error's text, type or code, such as "429 Too Many Requests"`)
	}
	return nil
}

func (a *app) showPolicies(ctx context.Context, o policiesOptions) error {
	c := process.NewClassifier(a.cfg)
	if o.rules {
		return a.listRules(c.Rules(), o.format)
	}
	policies, err := a.policiesInForce(ctx, o.batch)
	if err != nil {
		return err
	}
	if o.explaining {
		return a.explain(c.Explain(o.explain), policies, o.format)
	}
	if o.format == formatJSON {
		return a.json(policies)
	}
	t := newTable(a.out, "category", "meaning", "at once", "then after", "cap", "jitter", "from")
	for _, p := range policies {
		t.AppendRow(p.row())
	}
	t.Render()
	return nil
}

// Where a policy comes from.
const (
	fromDefault = "default"
	fromConfig  = "config"
	fromBatch   = "batch"
)

// listedPolicy is a category's policy in policies' output. Durations are text,
// such as "1m30s".
type listedPolicy struct {
	Category  batch.Category `json:"category"`
	Meaning   string         `json:"meaning"`
	Immediate int            `json:"immediate"`
	Delayed   int            `json:"delayed"`
	Base      string         `json:"base"`
	Growth    batch.Growth   `json:"growth"`
	Cap       string         `json:"cap"`
	Jitter    string         `json:"jitter"`
	Delays    []string       `json:"delays"` // before each retry after the immediate ones
	From      string         `json:"from"`   // default, config or batch

	policy batch.RetryPolicy
}

func listPolicy(c batch.Category, p batch.RetryPolicy, from string) listedPolicy {
	return listedPolicy{
		Category: c, Meaning: c.Meaning(), Immediate: p.Immediate, Delayed: p.Delayed,
		Base: batch.FormatDuration(p.Base), Growth: p.Growth, Cap: batch.FormatDuration(p.Cap), Jitter: p.JitterPercent(),
		Delays: spelled(p.Delays()[p.Immediate:]), From: from, policy: p,
	}
}

func (p listedPolicy) row() tableRow {
	then, ceiling, jitter := runs(p.Delays), p.Cap, p.Jitter
	if len(p.Delays) == 0 {
		then, ceiling, jitter = "-", "-", "-"
	}
	return tableRow{p.Category, p.Meaning, p.Immediate, then, ceiling, jitter, p.From}
}

func spelled(delays []time.Duration) []string {
	texts := make([]string, len(delays))
	for i, d := range delays {
		texts[i] = batch.FormatDuration(d)
	}
	return texts
}

// runs joins texts, those that repeat as one: "1m, 2m, 1h (4 times)".
func runs(texts []string) string {
	var parts []string
	for i := 0; i < len(texts); {
		n := 1
		for i+n < len(texts) && texts[i+n] == texts[i] {
			n++
		}
		part := texts[i]
		if n > 1 {
			part = fmt.Sprintf("%s (%s)", part, batch.Counted(n, "time"))
		}
		parts = append(parts, part)
		i += n
	}
	return strings.Join(parts, ", ")
}

// policiesInForce are this machine's policies, with those of a batch over them if
// one is named.
func (a *app) policiesInForce(ctx context.Context, id string) ([]listedPolicy, error) {
	policies := a.cfg.Retry.Policies()
	var o batch.RetryOverrides
	if id != "" {
		st, err := a.readStore(ctx)
		if err != nil {
			return nil, err
		}
		defer st.Close()
		b, err := st.Batch(ctx, id)
		if err != nil {
			return nil, a.batchError(id, err)
		}
		opts, err := optionsOf(b)
		if err != nil {
			return nil, err
		}
		o = opts.Retry
	}
	with, err := policies.With(o)
	if err != nil {
		fmt.Fprintf(a.err, "Left out, since it does not go together with this machine's configuration: %v.\n", err)
	}
	var list []listedPolicy
	for _, c := range batch.Categories() {
		from := fromDefault
		switch _, overridden := o[c]; {
		case overridden && with[c] != policies[c]:
			from = fromBatch
		case policies[c] != batch.DefaultPolicies()[c]:
			from = fromConfig
		}
		list = append(list, listPolicy(c, with[c], from))
	}
	return list, nil
}

func (a *app) listRules(rules []classify.Rule, format string) error {
	if format == formatJSON {
		return a.json(rules)
	}
	t := newTable(a.out, "rule", "category", "type", "matches")
	for _, r := range rules {
		t.AppendRow(tableRow{r.Name, r.Category, r.Type, r.Matches})
	}
	t.Render()
	return nil
}

// explanation is what becomes of an error.
type explanation struct {
	Rule    string       `json:"rule"`
	Type    string       `json:"type"`
	Message string       `json:"message,omitempty"` // that is kept of it
	Retry   listedPolicy `json:"retry"`
}

func (a *app) explain(errs []*batch.Error, policies []listedPolicy, format string) error {
	var all []explanation
	for _, e := range errs {
		for _, p := range policies {
			if p.Category == e.Category {
				all = append(all, explanation{e.Rule, e.Type, e.Message, p})
			}
		}
	}
	if format == formatJSON {
		return a.json(all)
	}
	if len(all) > 1 {
		fmt.Fprintln(a.err, "The type is of several categories, by what was being done:")
	}
	for i, x := range all {
		if i > 0 {
			fmt.Fprintln(a.out)
		}
		lines := [][2]string{
			{"category", fmt.Sprintf("%s (%s)", x.Retry.Category, x.Retry.Meaning)}, {"rule", x.Rule}, {"type", x.Type},
			{"message", x.Message}, {"retries", x.Retry.words()},
		}
		for _, l := range lines {
			if l[1] != "" {
				fmt.Fprintf(a.out, "%-9s %s\n", l[0], l[1])
			}
		}
	}
	return nil
}

// words says how often and when there is a retry.
func (p listedPolicy) words() string {
	if p.policy.Retries() == 0 {
		return "none: it fails at once"
	}
	var parts []string
	if p.Immediate > 0 {
		parts = append(parts, fmt.Sprintf("%d at once", p.Immediate))
	}
	if p.Delayed > 0 {
		part := "after " + runs(p.Delays)
		if p.policy.Jitter > 0 {
			part += fmt.Sprintf(", each up to %s later", p.Jitter)
		}
		parts = append(parts, part)
	}
	return fmt.Sprintf("%d: %s", p.policy.Retries(), strings.Join(parts, ", then "))
}
