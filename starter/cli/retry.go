package cli

import (
	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
)

// retryFlag adds --retry to cmd.
func retryFlag(cmd *cobra.Command, texts *[]string) {
	cmd.Flags().StringArrayVar(texts, "retry", nil,
		"how a category's errors are retried, over the worker's policy, such as transient:delayed=5,base=1s; may be repeated")
}

// parseRetry reads what --retry was given. The policies that result must be
// valid with those that p has.
func parseRetry(texts []string, p batch.Policies) (batch.RetryOverrides, error) {
	if len(texts) == 0 {
		return nil, nil
	}
	o := batch.RetryOverrides{}
	for _, text := range texts {
		c, change, err := batch.ParseRetryOverride(text)
		if err != nil {
			return nil, usagef("--retry: %w", err)
		}
		if before, twice := o[c]; twice {
			return nil, usagef("--retry: %s is given twice: join them, as in %s:%s,%s", c, c, before, change)
		}
		o[c] = change
	}
	if _, err := p.With(o); err != nil {
		return nil, usagef("--retry: %w", err)
	}
	return o, nil
}
