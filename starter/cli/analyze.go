package cli

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/analysis"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/store"
)

type analyzeOptions struct {
	id, since, project, format string
}

func (a *app) analyzeCmd() *cobra.Command {
	var o analyzeOptions
	cmd := &cobra.Command{
		Use:     "analyze BATCH | --since WHEN [--project PROJECT]",
		Aliases: []string{"analyse"},
		Short:   "Show why documents failed, which few causes matter most, and what to do",
		Long: `Show why the documents of a batch failed, or those of all batches since a time: by category, stage,
file format, project and hour (UTC, of the finish); the few causes that explain at least 80 % of the
failures; and for each what to do, with the command to run. Says how many failures can be recovered. What
a recovery has completed, or has in work, counts as failed, but nothing is to be done about it.

A batch that has not ended is analysed as it stands. --since takes how long ago (90m, 24h, 7d) or a
date or time; a failure counts if its document finished then or later.`,
		Example: `  starter analyze acme-20261123-142501-9f3a
  starter analyze --since 7d --project acme
  starter analyze --since 2026-11-01 -o json | jq '.causes[:.few][].advice.command'`,
		Args: argsBetween(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.id = args[0]
			}
			return a.analyze(cmd.Context(), o, time.Now())
		},
	}
	cmd.Flags().StringVar(&o.since, "since", "", "of all batches, what finished since then: 90m, 24h, 7d, or a date or time")
	cmd.Flags().StringVar(&o.project, "project", "", "with --since, only this project's")
	outputFlag(cmd, &o.format)
	return cmd
}

// failureFilter is what o selects.
func (o analyzeOptions) failureFilter(now time.Time) (store.FailureFilter, error) {
	switch {
	case o.id != "" && o.since != "":
		return store.FailureFilter{}, usagef("a batch and --since do not go together: leave one out")
	case o.id != "" && o.project != "":
		return store.FailureFilter{}, usagef("--project goes with --since: a batch is of one project")
	case o.id != "":
		return store.FailureFilter{Batch: o.id}, nil
	case o.since == "":
		return store.FailureFilter{}, usagef("nothing to analyse: name a batch, or give --since, such as --since 7d")
	}
	since, err := parseSince(o.since, now)
	if err != nil {
		return store.FailureFilter{}, usageError{err}
	}
	return store.FailureFilter{Project: o.project, Since: since}, nil
}

func (a *app) analyze(ctx context.Context, o analyzeOptions, now time.Time) error {
	filter, err := o.failureFilter(now)
	if err != nil {
		return err
	}
	st, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	var b store.Batch
	if filter.Batch != "" {
		if b, err = st.Batch(ctx, filter.Batch); err != nil {
			return a.batchError(filter.Batch, err)
		}
	}
	if filter.Project != "" {
		if _, err := st.Project(ctx, filter.Project); err != nil {
			return projectError(filter.Project, err)
		}
	}
	f, err := st.Failures(ctx, filter)
	if err != nil {
		return err
	}
	r := analysisOf(b, filter, f)
	if o.format == formatJSON {
		return a.json(r)
	}
	a.tellScope(r)
	if r.Failed > 0 {
		writeAnalysis(a.out, r)
	}
	return nil
}

// analysed is analyze's output.
type analysed struct {
	Batch   string        `json:"batch,omitempty"`
	Status  batch.Status  `json:"status,omitempty"` // of the batch
	Counts  *batch.Counts `json:"counts,omitempty"` // of the batch
	Since   *time.Time    `json:"since,omitempty"`
	Project string        `json:"project,omitempty"`

	Failed      int                  `json:"failed"`
	Recoverable analysis.Recoverable `json:"recoverable"`
	Categories  []share              `json:"categories"`
	Stages      []share              `json:"stages"`
	Formats     []formatShare        `json:"formats"`
	Projects    []share              `json:"projects"`
	Hours       []hourShare          `json:"hours"`
	Few         int                  `json:"few"` // how many of the first causes cover 80 % of the failures
	Causes      []analysedCause      `json:"causes"`
}

// share is the failures that have something in common.
type share struct {
	Name   string  `json:"name"`
	Failed int     `json:"failed"`
	Share  float64 `json:"share"` // of all failures, 0 to 1
}

// What told a file's format.
const (
	toldByContent   = "content"
	toldByExtension = "extension"
	toldByNothing   = "nothing"
)

type formatShare struct {
	share
	ToldBy string `json:"told_by"`
}

type hourShare struct {
	Hour   *time.Time `json:"hour"` // UTC, its beginning; null if no finish was recorded
	Failed int        `json:"failed"`
}

type analysedCause struct {
	Category    batch.Category  `json:"category"`
	Stage       batch.Stage     `json:"stage"`
	Type        string          `json:"type"`
	Fingerprint string          `json:"fingerprint"`
	Message     string          `json:"message"`
	Rules       []string        `json:"rules"` // what gave them their category, that of most first
	Failed      int             `json:"failed"`
	Share       float64         `json:"share"`      // of all failures, 0 to 1
	Cumulative  float64         `json:"cumulative"` // with the causes before it, 0 to 1
	Batches     []analysedBatch `json:"batches"`    // the one with the most of them first
	Open        int             `json:"open"`       // neither recovered nor in a recovery that has not ended
	// Recoveries have completed some of the failures, or have them in work.
	Recoveries []analysedRecovery `json:"recoveries"`
	Advice     *analysis.Advice   `json:"advice"` // for the first of Batches with some that are open; null if none has
}

type analysedBatch struct {
	Batch  string `json:"batch"`
	Failed int    `json:"failed"`
	Row    int    `json:"row"`  // the first of them
	Open   int    `json:"open"` // as of analysedCause
}

type analysedRecovery struct {
	Batch      string `json:"batch"`
	Recovered  int    `json:"recovered"`
	Recovering int    `json:"recovering"`
}

// analysisOf is what f comes to; b is zero unless the filter names a batch.
func analysisOf(b store.Batch, filter store.FailureFilter, f store.Failures) analysed {
	r := analysed{
		Batch: b.ID, Status: b.Status, Project: filter.Project, Failed: f.Failed,
		Formats: formatShares(f), Hours: []hourShare{}, Causes: []analysedCause{},
	}
	if b.ID != "" {
		r.Counts, r.Project = &f.Counts, b.Project
	} else {
		since := filter.Since.UTC()
		r.Since = &since
	}
	categories, stages, projects := &counter{}, &counter{}, &counter{}
	counts := make([]int, len(f.Causes))
	for i, c := range f.Causes {
		counts[i] = c.Count
		categories.add(string(c.Category), c.Count)
		stages.add(string(c.Stage), c.Count)
		for _, b := range c.Batches {
			r.Recoverable.Add(c.Category, b.Open())
			for _, by := range b.Recoveries {
				r.Recoverable.Recovered += by.Recovered
				r.Recoverable.Recovering += by.Recovering
			}
		}
	}
	for _, p := range f.Projects {
		projects.add(p.Project, p.Count)
	}
	r.Categories, r.Stages, r.Projects = categories.shares(), stages.shares(), projects.shares()
	for _, h := range f.Hours {
		s := hourShare{Failed: h.Count}
		if !h.Hour.IsZero() {
			s.Hour = &h.Hour
		}
		r.Hours = append(r.Hours, s)
	}
	r.Few = analysis.Few(counts, analysis.MostPercent)
	for i, sum := range analysis.Cumulative(counts) {
		r.Causes = append(r.Causes, analyseCause(f.Causes[i], f.Failed, sum))
	}
	return r
}

func analyseCause(c store.Cause, of int, cumulative float64) analysedCause {
	out := analysedCause{
		Category: c.Category, Stage: c.Stage, Type: c.Type, Fingerprint: c.Fingerprint, Message: c.Message,
		Rules: append([]string{}, c.Rules...), Failed: c.Count, Share: float64(c.Count) / float64(of), Cumulative: cumulative, Recoveries: []analysedRecovery{},
	}
	for _, b := range c.Batches {
		open := b.Open()
		out.Batches = append(out.Batches, analysedBatch{b.Batch, b.Count, b.Row, open})
		out.Open += open
		for _, by := range b.Recoveries {
			out.addRecovery(by)
		}
		if open > 0 && out.Advice == nil {
			advice := analysis.Advise(analysis.Cause{
				Batch: b.Batch, Project: b.Project, Category: c.Category, Type: c.Type, Fingerprint: c.Fingerprint,
			})
			out.Advice = &advice
		}
	}
	return out
}

func (c *analysedCause) addRecovery(by store.CauseRecovery) {
	i := slices.IndexFunc(c.Recoveries, func(r analysedRecovery) bool { return r.Batch == by.Batch })
	if i < 0 {
		i, c.Recoveries = len(c.Recoveries), append(c.Recoveries, analysedRecovery{Batch: by.Batch})
	}
	c.Recoveries[i].Recovered += by.Recovered
	c.Recoveries[i].Recovering += by.Recovering
}

// extensionRE is an extension that says something of a format, not of a person
// or a matter.
var extensionRE = regexp.MustCompile(`^[a-z0-9]{1,5}$`)

// formatShares folds what tells files' formats into those.
func formatShares(f store.Failures) []formatShare {
	told := map[string]*counter{toldByContent: {}, toldByExtension: {}, toldByNothing: {}}
	for _, c := range f.Formats {
		format, by := formatOf(c)
		told[by].add(format, c.Count)
	}
	out := []formatShare{}
	for _, by := range []string{toldByContent, toldByExtension, toldByNothing} {
		for _, s := range told[by].sharesOf(f.Failed) {
			out = append(out, formatShare{s, by})
		}
	}
	return out
}

// formatOf is a file's format and what told it: its content, stored or as the
// failure describes it, else the extension of its name.
func formatOf(c store.FormatCount) (format, by string) {
	switch {
	case c.Stored != "":
		return c.Stored, toldByContent
	case strings.HasSuffix(c.ErrorType, "PDF") || strings.HasPrefix(c.ErrorType, "PDFTime"):
		return "pdf", toldByContent
	}
	if format := extract.ClaimedFormat("x." + c.Extension); format != "" {
		return format, toldByExtension
	}
	if extensionRE.MatchString(c.Extension) {
		return c.Extension, toldByExtension
	}
	return "unknown", toldByNothing
}
