package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	historypb "go.temporal.io/api/history/v1"
	"google.golang.org/protobuf/proto"
)

func TestTheLargestPayloadIsFoundWhereverItIs(t *testing.T) {
	t.Parallel()
	small, large := &commonpb.Payload{Data: make([]byte, 10)}, &commonpb.Payload{Data: make([]byte, 100)}
	e := &historypb.HistoryEvent{Attributes: &historypb.HistoryEvent_WorkflowExecutionStartedEventAttributes{
		WorkflowExecutionStartedEventAttributes: &historypb.WorkflowExecutionStartedEventAttributes{
			Input:            &commonpb.Payloads{Payloads: []*commonpb.Payload{small}},
			SearchAttributes: &commonpb.SearchAttributes{IndexedFields: map[string]*commonpb.Payload{"a": small, "b": large}},
		},
	}}
	n, err := largestPayload(e)
	require.NoError(t, err)
	assert.Equal(t, proto.Size(large), n)

	n, err = largestPayload(&historypb.HistoryEvent{EventId: 7})
	require.NoError(t, err)
	assert.Zero(t, n)
}
