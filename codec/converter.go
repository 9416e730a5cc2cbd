package codec

import (
	"context"

	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
)

// DataConverter is the SDK's own data converter behind a codec with keys.
//
// In a workflow a payload whose key is missing is a panic: the workflow's task
// fails, and is tried again until a worker comes that has the key. An error would
// fail the workflow itself.
func DataConverter(keys *Keys) converter.DataConverter {
	return &dataConverter{DataConverter: through(&Codec{keys: keys}), keys: keys}
}

func through(c *Codec) converter.DataConverter {
	return converter.NewCodecDataConverter(converter.GetDefaultDataConverter(), c)
}

type dataConverter struct {
	converter.DataConverter

	keys *Keys
}

var _ converter.ContextAware = (*dataConverter)(nil)

// WithWorkflowContext implements converter.ContextAware.
func (d *dataConverter) WithWorkflowContext(converter.WorkflowContext) converter.DataConverter {
	return through(&Codec{keys: d.keys, insist: true})
}

// WithContext implements converter.ContextAware.
func (d *dataConverter) WithContext(context.Context) converter.DataConverter { return d }

// FailureConverter is the SDK's own over DataConverter. With a key that encrypts,
// messages and stack traces of failures are payloads too.
func FailureConverter(keys *Keys) converter.FailureConverter {
	return temporal.NewDefaultFailureConverter(temporal.DefaultFailureConverterOptions{
		DataConverter: DataConverter(keys), EncodeCommonAttributes: keys.Active() != "",
	})
}
