package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/starter/devstack"
)

// setupPoll is how often setup asks again for what is not there yet.
const setupPoll = time.Second

// minRetention is the shortest time that Temporal keeps a closed workflow.
const minRetention = 24 * time.Hour

// Temporal's first version whose task queues know priority and fairness.
const (
	priorityMajor = 1
	priorityMinor = 29
)

// errCannotBeSetUp is a state that time does not change.
var errCannotBeSetUp = errors.New("cannot be set up")

type setupOptions struct {
	retention, wait time.Duration
	format          string
}

func (a *app) setupCmd() *cobra.Command {
	var o setupOptions
	cmd := &cobra.Command{
		Use:   "setup",
		Short: "Prepare a store and a Temporal server for workers",
		Long: `Prepare what workers need: the store's schema, and on the Temporal server the namespace with Caseload's
search attributes. Waits until both answer and know what was made. What is there already stays as it is,
so it can run before each start; the development stack does not need it.`,
		Example: `  CASELOAD_TEMPORAL_ADDRESS=127.0.0.1:7233 starter setup
  starter setup --temporal-namespace legal --retention 720h
  starter setup --wait 5m        # the server is still starting`,
		Args: exactArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.retention < minRetention {
				return usagef("--retention %s: want 24h or more", o.retention)
			}
			if o.wait <= 0 {
				return usagef("--wait %s: want more than 0", o.wait)
			}
			return a.setup(cmd.Context(), o)
		},
	}
	cmd.Flags().DurationVar(&o.retention, "retention", 7*24*time.Hour, "how long a new namespace keeps the history of what has ended")
	cmd.Flags().DurationVar(&o.wait, "wait", 2*time.Minute, "how long to wait for the store and for Temporal")
	outputFlag(cmd, &o.format)
	return cmd
}

func (a *app) setup(ctx context.Context, o setupOptions) error {
	ctx, cancel := context.WithTimeout(ctx, o.wait)
	defer cancel()
	if err := await(ctx, "the store", func() error {
		st, err := a.openStore(ctx)
		if err != nil {
			return err
		}
		return st.Close()
	}); err != nil {
		return err
	}
	fmt.Fprintln(a.err, "The store has its schema.")
	var c client.Client
	if err := await(ctx, "Temporal", func() (err error) {
		c, err = a.dial(ctx)
		return err
	}); err != nil {
		return err
	}
	defer c.Close()
	s := &temporalSetup{c.WorkflowService(), c.OperatorService(), a.cfg.Temporal.Namespace}
	for _, step := range []struct {
		what string
		do   func(context.Context) error
	}{
		{"Temporal's version", s.version},
		{"the namespace", func(ctx context.Context) error { return s.register(ctx, o.retention) }},
		{"the search attributes", s.addAttributes},
		{"a search by them", s.search},
	} {
		if err := await(ctx, step.what, func() error { return step.do(ctx) }); err != nil {
			return err
		}
	}
	fmt.Fprintf(a.err, "Temporal's namespace %q has the search attributes. Workers can start.\n", s.namespace)
	if o.format == formatJSON {
		return a.json(map[string]any{"namespace": s.namespace, "search_attributes": devstack.SearchAttributes()})
	}
	return nil
}

// await does try until it succeeds, cannot succeed, or ctx ends.
func await(ctx context.Context, what string, try func() error) error {
	tick := time.NewTicker(setupPoll)
	defer tick.Stop()
	for {
		err := try()
		if err == nil {
			return nil
		}
		if errors.Is(err, errCannotBeSetUp) {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w; --wait gives it longer", what, err)
		case <-tick.C:
		}
	}
}

// temporalSetup makes what a namespace needs.
type temporalSetup struct {
	workflows workflowservice.WorkflowServiceClient
	operator  operatorservice.OperatorServiceClient
	namespace string
}

func (s *temporalSetup) version(ctx context.Context) error {
	info, err := s.workflows.GetSystemInfo(ctx, &workflowservice.GetSystemInfoRequest{})
	if err != nil {
		return err
	}
	return checkServerVersion(info.GetServerVersion())
}

// checkServerVersion refuses a server that would run batches without heeding
// their priorities.
func checkServerVersion(v string) error {
	var major, minor int
	if _, err := fmt.Sscanf(v, "%d.%d", &major, &minor); err != nil {
		return nil // a build that does not say
	}
	if major > priorityMajor || major == priorityMajor && minor >= priorityMinor {
		return nil
	}
	return fmt.Errorf("%w: Temporal server %s knows no priorities; it takes %d.%d or later", errCannotBeSetUp, v, priorityMajor, priorityMinor)
}

func (s *temporalSetup) register(ctx context.Context, retention time.Duration) error {
	_, err := s.workflows.DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: s.namespace})
	var missing *serviceerror.NamespaceNotFound
	if err == nil || !errors.As(err, &missing) {
		return err
	}
	_, err = s.workflows.RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{
		Namespace:                        s.namespace,
		WorkflowExecutionRetentionPeriod: durationpb.New(retention),
	})
	var there *serviceerror.NamespaceAlreadyExists
	if errors.As(err, &there) {
		return nil
	}
	return err
}

func (s *temporalSetup) addAttributes(ctx context.Context) error {
	listed, err := s.operator.ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: s.namespace})
	if err != nil {
		return err
	}
	add, err := missingAttributes(listed.GetCustomAttributes())
	if err != nil || len(add) == 0 {
		return err
	}
	_, err = s.operator.AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{Namespace: s.namespace, SearchAttributes: add})
	var there *serviceerror.AlreadyExists
	if errors.As(err, &there) { // another setup made some of them: what is missing now?
		return fmt.Errorf("made elsewhere: %w", err)
	}
	return err
}

// missingAttributes are the search attributes that has lacks.
func missingAttributes(has map[string]enumspb.IndexedValueType) (map[string]enumspb.IndexedValueType, error) {
	add := map[string]enumspb.IndexedValueType{}
	want := devstack.SearchAttributes()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		typ, err := enumspb.IndexedValueTypeFromString(want[name])
		if err != nil {
			return nil, fmt.Errorf("%w: %s: %w", errCannotBeSetUp, name, err)
		}
		switch got, ok := has[name]; {
		case !ok:
			add[name] = typ
		case got != typ:
			return nil, fmt.Errorf("%w: search attribute %s is of type %s, not %s: remove it (`temporal operator search-attribute remove`), or take another namespace",
				errCannotBeSetUp, name, got, typ)
		}
	}
	return add, nil
}

// search is whether the server finds by the attributes, which its services learn
// of some seconds after they were made.
func (s *temporalSetup) search(ctx context.Context) error {
	_, err := s.workflows.CountWorkflowExecutions(ctx, &workflowservice.CountWorkflowExecutionsRequest{
		Namespace: s.namespace,
		Query:     fmt.Sprintf("%s = 'none' AND %s = 9", batch.AttrBatch.GetName(), batch.AttrPriority.GetName()),
	})
	return err
}
