package isolate

import (
	"bytes"
	"image"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
)

// FuzzReply receives any bytes as answers, which a process that a document took
// over may give.
func FuzzReply(f *testing.F) {
	var b bytes.Buffer
	x := newWire(nil, &b)
	require.NoError(f, x.sendReply(reply{Page: 1}, image.NewGray(image.Rect(0, 0, 3, 2))))
	require.NoError(f, x.sendReply(reply{Content: &document.Content{Pages: []document.Page{{Number: 1, Text: "a"}}}}, nil))
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		x := newWire(bytes.NewReader(data), io.Discard)
		for {
			_, img, err := x.receiveReply()
			if err != nil {
				return
			}
			if img != nil {
				require.Len(t, img.Pix, img.Rect.Dx()*img.Rect.Dy())
			}
		}
	})
}
