package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
)

// promoteRetry is how often it is looked whether workers of a version have come.
const promoteRetry = 500 * time.Millisecond

func (a *app) deployCmd() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "deploy",
		Short: "Show the versions of the workers, and say which one is given work",
		Long: `Show the versions of the workers, and say which one is given work.

Workers that are started with --build-id VERSION belong to a worker deployment (worker.deployment). A new
version is given nothing until it is promoted. Then batches go over to it, and so does every document that
begins; documents that have begun end on the version they began with. Once that one is drained, its workers
can be stopped.`,
		Example: `  worker --build-id v1.5.0                # beside the workers of v1.4.0
  starter deploy promote v1.5.0 --percent 10
  starter deploy promote v1.5.0
  starter deploy                          # v1.4.0 is draining; later: drained
  starter deploy promote v1.4.0           # and back`,
		Args: exactArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.deployment(cmd.Context(), format)
		},
	}
	outputFlag(cmd, &format)
	cmd.AddCommand(a.promoteCmd())
	return cmd
}

// Which work a version is given.
const (
	versionCurrent  = "current"  // all that begins
	versionRamping  = "ramping"  // a share of what begins
	versionDraining = "draining" // what began on it
	versionDrained  = "drained"  // none
	versionNew      = "new"      // none yet
)

// deployedVersion is a version in deploy's output.
type deployedVersion struct {
	Version   string    `json:"version"`
	State     string    `json:"state"`
	Percent   float32   `json:"percent"` // of what begins
	CreatedAt time.Time `json:"created_at"`
}

func (a *app) deployment(ctx context.Context, format string) error {
	c, err := a.dial(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	versions, err := a.versions(ctx, c)
	if err != nil {
		return err
	}
	if format == formatJSON {
		return a.json(versions)
	}
	if len(versions) == 0 {
		fmt.Fprintf(a.err, "No versions in the deployment %s: workers take all work there is. `worker --build-id VERSION` starts one with a version.\n", a.cfg.Worker.Deployment)
		return nil
	}
	t := newTable(a.out, "version", "state", "of what begins", zoned("since"))
	for _, v := range versions {
		t.AppendRow(tableRow{v.Version, v.State, fmt.Sprintf("%g %%", v.Percent), clock(v.CreatedAt)})
	}
	t.Render()
	return nil
}

// versions lists those of the deployment, the newest first.
func (a *app) versions(ctx context.Context, c client.Client) ([]deployedVersion, error) {
	versions := []deployedVersion{}
	d, err := c.WorkerDeploymentClient().GetHandle(a.cfg.Worker.Deployment).Describe(ctx, client.WorkerDeploymentDescribeOptions{})
	var none *serviceerror.NotFound
	if errors.As(err, &none) {
		return versions, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the deployment %s: %w", a.cfg.Worker.Deployment, err)
	}
	routing := d.Info.RoutingConfig
	for _, v := range d.Info.VersionSummaries {
		out := deployedVersion{Version: v.Version.BuildID, State: versionNew, CreatedAt: v.CreateTime}
		switch v.DrainageStatus {
		case client.WorkerDeploymentVersionDrainageStatusDraining:
			out.State = versionDraining
		case client.WorkerDeploymentVersionDrainageStatusDrained:
			out.State = versionDrained
		}
		switch {
		case routing.CurrentVersion != nil && *routing.CurrentVersion == v.Version:
			out.State, out.Percent = versionCurrent, 100-routing.RampingVersionPercentage
		case routing.RampingVersion != nil && *routing.RampingVersion == v.Version:
			out.State, out.Percent = versionRamping, routing.RampingVersionPercentage
		}
		versions = append(versions, out)
	}
	return versions, nil
}

func (a *app) promoteCmd() *cobra.Command {
	var (
		percent     float32
		unversioned bool
		wait        time.Duration
	)
	cmd := &cobra.Command{
		Use:   "promote VERSION",
		Short: "Give work to the workers of a version",
		Long: `Make a version of the workers the current one: batches go over to it, and documents begin on it. With
--percent it is given that share of what begins, and the current version the rest. If none of its workers has
come yet, it waits for one.`,
		Example: `  starter deploy promote v1.5.0 --percent 10
  starter deploy promote v1.5.0
  starter deploy promote --unversioned    # back to workers without a version`,
		Args: func(cmd *cobra.Command, args []string) error {
			if unversioned {
				return exactArgs(0)(cmd, args)
			}
			return exactArgs(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if percent <= 0 || percent > 100 {
				return usagef("--percent %g: want more than 0, and at most 100", percent)
			}
			if unversioned {
				args = []string{""}
			}
			return a.promote(cmd.Context(), args[0], percent, wait)
		},
	}
	cmd.Flags().Float32Var(&percent, "percent", 100, "share of what begins")
	cmd.Flags().BoolVar(&unversioned, "unversioned", false, "give work to workers without a version")
	cmd.Flags().DurationVar(&wait, "wait", time.Minute, "how long to wait for a worker of the version")
	return cmd
}

func (a *app) promote(ctx context.Context, version string, percent float32, wait time.Duration) error {
	c, err := a.dial(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	h := c.WorkerDeploymentClient().GetHandle(a.cfg.Worker.Deployment)
	set := func(ctx context.Context) error {
		if percent < 100 {
			_, err := h.SetRampingVersion(ctx, client.WorkerDeploymentSetRampingVersionOptions{BuildID: version, Percentage: percent})
			return err
		}
		_, err := h.SetCurrentVersion(ctx, client.WorkerDeploymentSetCurrentVersionOptions{BuildID: version})
		return err
	}
	name := "version " + version
	if version == "" {
		name = "workers without a version"
	}
	deadline := time.Now().Add(wait)
	for waiting := false; ; waiting = true {
		err := set(ctx)
		if err == nil {
			break
		}
		if !notThereYet(err) {
			return fmt.Errorf("give work to %s: %w", name, err)
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("no worker of %s serves all queues of the deployment %s: start it with `worker --build-id %s`, and see `starter deploy`: %w",
				name, a.cfg.Worker.Deployment, version, err)
		}
		if !waiting {
			fmt.Fprintf(a.err, "Waiting for workers of %s.\n", name)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(promoteRetry):
		}
	}
	if percent < 100 {
		fmt.Fprintf(a.err, "%g %% of what begins goes to %s.\n", percent, name)
		return nil
	}
	fmt.Fprintf(a.err, "Batches go over to %s, and documents begin there. `starter deploy` says when the others are drained.\n", name)
	return nil
}

// notThereYet says whether the server does not know the version, or has not seen
// workers of it on all queues.
func notThereYet(err error) bool {
	var none *serviceerror.NotFound
	var early *serviceerror.FailedPrecondition
	return errors.As(err, &none) || errors.As(err, &early)
}
