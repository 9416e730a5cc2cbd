package main

import (
	"context"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protopath"
	"google.golang.org/protobuf/reflect/protorange"

	"github.com/caseload/caseload/batch"
)

// histories is what the histories of workflows come to.
type histories struct {
	Workflows int `json:"workflows"`
	Runs      int `json:"runs"`
	Events    int `json:"largest_events"`  // of one run
	Bytes     int `json:"largest_bytes"`   // of one run
	Payload   int `json:"largest_payload"` // bytes
}

// add counts the histories of all runs of a workflow, from the first.
func (h *histories) add(ctx context.Context, c client.Client, id string) error {
	d, err := c.DescribeWorkflowExecution(ctx, id, "")
	if err != nil {
		return err
	}
	h.Workflows++
	for run := d.GetWorkflowExecutionInfo().GetFirstRunId(); run != ""; {
		if run, err = h.addRun(ctx, c, id, run); err != nil {
			return err
		}
	}
	return nil
}

// addRun counts the history of one run; next is the run that it went on in.
func (h *histories) addRun(ctx context.Context, c client.Client, id, run string) (next string, err error) {
	h.Runs++
	events, size := 0, 0
	all := c.GetWorkflowHistory(ctx, id, run, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for all.HasNext() {
		e, err := all.Next()
		if err != nil {
			return "", err
		}
		events++
		n := proto.Size(e)
		size += n
		if n > h.Payload { // or it holds none that is larger
			p, err := largestPayload(e)
			if err != nil {
				return "", err
			}
			h.Payload = max(h.Payload, p)
		}
		if a := e.GetWorkflowExecutionContinuedAsNewEventAttributes(); a != nil {
			next = a.GetNewExecutionRunId()
		}
	}
	h.Events, h.Bytes = max(h.Events, events), max(h.Bytes, size)
	return next, nil
}

// largestPayload is the size of the largest payload in m, in bytes.
func largestPayload(m proto.Message) (largest int, err error) {
	err = protorange.Range(m.ProtoReflect(), func(p protopath.Values) error {
		if m, ok := p.Index(-1).Value.Interface().(interface{ Interface() proto.Message }); ok {
			if payload, ok := m.Interface().(*commonpb.Payload); ok {
				largest = max(largest, proto.Size(payload))
			}
		}
		return nil
	})
	return largest, err
}

// sampledDocuments is how many documents' histories are looked at.
const sampledDocuments = 20

// historiesOf looks at the histories of a batch with its shards, and at those of
// a sample of its documents, evenly taken.
func (s *site) historiesOf(ctx context.Context, in batch.Input) (orchestrating, documents histories, err error) {
	ids := []string{batch.WorkflowID(in.ID)}
	if perShard := in.Options.WithDefaults().ShardRows; in.Rows > perShard {
		for n := range (in.Rows + perShard - 1) / perShard {
			ids = append(ids, batch.ShardWorkflowID(in.ID, n))
		}
	}
	for _, id := range ids {
		if err := orchestrating.add(ctx, s.temporal, id); err != nil {
			return orchestrating, documents, err
		}
	}
	n := min(sampledDocuments, in.Rows)
	for i := range n {
		row := 1 + i*(in.Rows-1)/max(1, n-1)
		if err := documents.add(ctx, s.temporal, batch.DocumentWorkflowID(in.ID, row)); err != nil {
			return orchestrating, documents, err
		}
	}
	return orchestrating, documents, nil
}
