package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

// modelOptions are how a submission asks a language model.
type modelOptions struct {
	ask    bool
	budget string
}

func (o *modelOptions) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.ask, "model", false, "have the language model that the workers are configured with read the documents too: their text leaves the worker")
	cmd.Flags().StringVar(&o.budget, "model-budget", "", "what the language model may cost: US dollars such as 5.00, or tokens such as 200000tokens (default: no bound)")
}

// batchOptions are nil if the model is not to be asked.
func (o modelOptions) batchOptions() (*batch.ModelOptions, error) {
	budget, err := batch.ParseModelBudget(o.budget)
	switch {
	case err != nil:
		return nil, usagef("--model-budget: %w", err)
	case budget.Bounded() && !o.ask:
		return nil, usagef("--model-budget %s: it bounds what --model costs: add that", o.budget)
	case !o.ask:
		return nil, nil //nolint:nilnil // none
	}
	return &batch.ModelOptions{Budget: budget}, nil
}

// noteModel adds to the audit log's detail that batch b asks a language model, and
// says so: text leaves the workers, and who asked for that is kept.
func (a *app) noteModel(b store.Batch, detail map[string]string) error {
	o, err := optionsOf(b)
	if err != nil || o.Model == nil {
		return err
	}
	detail["model"], detail["model_budget"] = "yes", o.Model.Budget.String()
	a.tellModel(o.Model)
	return nil
}

// tellModel says where the text of a batch's documents goes, as far as is known here.
func (a *app) tellModel(o *batch.ModelOptions) {
	switch m := a.cfg.Model; {
	case m.URL == "":
		fmt.Fprintln(a.err, "No language model is configured here (model.url, model.name): unless the workers have one, the batch is held until they do.")
	case o.Budget.Nanos > 0 && m.InputPrice == 0 && m.OutputPrice == 0:
		fmt.Fprintln(a.err, "No prices are configured here (model.input_price, model.output_price): unless the workers have them, the batch is held until they do.")
	default:
		fmt.Fprintf(a.err, "The text of its documents goes to the language model %s at %s; budget: %s.\n", printable(m.Name), printable(m.URL), o.Budget)
	}
}

// addModel adds to p what the language model did for a batch that asks one.
func addModel(ctx context.Context, st *store.Store, b store.Batch, p *batch.Progress) error {
	o, err := optionsOf(b)
	if err != nil || o.Model == nil {
		return err
	}
	use, err := st.ModelUse(ctx, b.ID)
	use.Budget = o.Model.Budget
	p.Model = &use
	return err
}

// writeModelUse writes what the language model did, if it was asked.
func writeModelUse(w io.Writer, u *batch.ModelUse) {
	if u != nil {
		fmt.Fprintf(w, "language model: %s\n", u)
	}
}
