package cli

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

func (a *app) projectsCmd() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "projects",
		Short: "List projects; set a project's share of a queue",
		Example: `  starter projects
  starter projects -o json
  starter projects set acme --weight 3`,
		Args: exactArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.projects(cmd.Context(), format)
		},
	}
	outputFlag(cmd, &format)
	cmd.AddCommand(a.setProjectCmd())
	return cmd
}

// listedProject is a project in projects' output.
type listedProject struct {
	Project   string    `json:"project"`
	Weight    float64   `json:"weight"`
	Batches   int       `json:"batches"`
	Documents int       `json:"documents"`
	CreatedAt time.Time `json:"created_at"`
}

func listProject(p store.Project) listedProject {
	return listedProject{p.ID, p.Weight, p.Batches, p.Documents, p.CreatedAt}
}

func (a *app) projects(ctx context.Context, format string) error {
	st, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	stored, err := st.Projects(ctx)
	if err != nil {
		return err
	}
	projects := make([]listedProject, len(stored))
	for i, p := range stored {
		projects[i] = listProject(p)
	}
	if format == formatJSON {
		return a.json(projects)
	}
	if len(projects) == 0 {
		fmt.Fprintln(a.err, "No projects. `starter submit FOLDER --project NAME` makes one.")
		return nil
	}
	t := newTable(a.out, "project", "weight", "batches", "documents")
	for _, p := range projects {
		t.AppendRow(tableRow{p.Project, p.Weight, p.Batches, p.Documents})
	}
	t.Render()
	return nil
}

func (a *app) setProjectCmd() *cobra.Command {
	var (
		format string
		weight float64
	)
	cmd := &cobra.Command{
		Use:   "set PROJECT --weight N",
		Short: "Set a project's share of a queue",
		Long: fmt.Sprintf(`Set a project's share of a queue that several projects wait in, relative to theirs: 3 lets it have three
documents started for each one of a project with weight 1. Weights are from %g to %g, and 1 unless set. It
applies to batches submitted from now on. A project that is not there yet is made.`, batch.MinWeight, batch.MaxWeight),
		Example: `  starter projects set acme --weight 3
  starter projects set archive --weight 0.2`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !cmd.Flags().Changed("weight") {
				return usagef("nothing to set: add --weight N, from %g to %g", batch.MinWeight, batch.MaxWeight)
			}
			if err := batch.CheckName("project", args[0]); err != nil {
				return usageError{err}
			}
			if err := checkWeight(weight); err != nil {
				return err
			}
			return a.setWeight(cmd.Context(), args[0], weight, format)
		},
	}
	cmd.Flags().Float64Var(&weight, "weight", 1, "its share, relative to other projects'")
	outputFlag(cmd, &format)
	return cmd
}

// checkWeight refuses what is no weight, 0 and NaN included.
func checkWeight(w float64) error {
	if w >= batch.MinWeight && w <= batch.MaxWeight {
		return nil
	}
	return usagef("--weight %g: want %g to %g", w, batch.MinWeight, batch.MaxWeight)
}

func (a *app) setWeight(ctx context.Context, project string, weight float64, format string) error {
	st, err := a.openStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	err = a.asked(ctx, st, "projects set", "", map[string]string{"project": project, "weight": strconv.FormatFloat(weight, 'g', -1, 64)})
	if err != nil {
		return err
	}
	if err := st.SetWeight(ctx, project, weight); err != nil {
		return err
	}
	p, err := st.Project(ctx, project)
	if err != nil {
		return err
	}
	if format == formatJSON {
		return a.json(listProject(p))
	}
	fmt.Fprintf(a.err, "Project %s has weight %g, for batches submitted from now on.\n", p.ID, p.Weight)
	if p.Batches == 0 {
		fmt.Fprintf(a.err, "It has no batches yet; `starter projects` lists those that have.\n")
	}
	return nil
}
