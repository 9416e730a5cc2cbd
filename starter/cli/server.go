package cli

import (
	"context"

	"go.temporal.io/sdk/client"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/codec"
	"github.com/caseload/caseload/worker/process"
)

// server is a connection to Temporal.
type server struct {
	*batch.Client
	temporal client.Client
}

// newServer is a server over a connection that has the options of the
// configuration.
func (a *app) newServer(c client.Client) (*server, error) {
	keys, err := process.EncryptionKeys(a.cfg)
	if err != nil {
		return nil, err
	}
	return &server{batch.NewClient(c).WithDataConverter(codec.DataConverter(keys)), c}, nil
}

// connect is a server for the caller to close.
func (a *app) connect(ctx context.Context) (*server, error) {
	c, err := a.dial(ctx)
	if err != nil {
		return nil, err
	}
	return a.newServer(c)
}

func (s *server) close() { s.temporal.Close() }

// queues are the task queues that a batch with documents of priority p needs
// workers on: its documents', and its own workflow's, which stays what it was
// when it started.
func (s *server) queues(ctx context.Context, id string, p batch.Priority) ([]batch.Band, error) {
	d, err := s.temporal.DescribeWorkflowExecution(ctx, batch.WorkflowID(id), "")
	if err != nil {
		return nil, err
	}
	own := d.GetExecutionConfig().GetTaskQueue().GetName()
	var bands []batch.Band
	for _, b := range batch.Bands() {
		if b == p.Band() || b.Queue() == own {
			bands = append(bands, b)
		}
	}
	return bands, nil
}

// unserved are those of the batch's task queues that no worker serves.
func (s *server) unserved(ctx context.Context, id string, p batch.Priority) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	bands, err := s.queues(ctx, id, p)
	if err != nil {
		return nil, err
	}
	var queues []string
	for _, b := range bands {
		served, err := s.Served(ctx, b)
		if err != nil {
			return nil, err
		}
		if !served {
			queues = append(queues, b.Queue())
		}
	}
	return queues, nil
}
