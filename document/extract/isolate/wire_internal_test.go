package isolate

import (
	"bytes"
	"image"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
)

func TestPanicsAboutMemoryAreTold(t *testing.T) {
	t.Parallel()
	panicOf := func(f func()) (v any) {
		defer func() { v = recover() }()
		f()
		return nil
	}
	huge, few := math.MaxInt, []byte{1}
	for name, f := range map[string]func(){
		"slice":  func() { _ = make([]byte, huge) },
		"buffer": func() { new(bytes.Buffer).Grow(huge) },
		"repeat": func() { _ = strings.Repeat("ab", huge) },
	} {
		v := panicOf(f)
		require.NotNil(t, v, name)
		require.True(t, wantsMemory(v), "%s: %v", name, v)
	}
	require.False(t, wantsMemory(panicOf(func() { few[0] = few[huge] })))
}

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
