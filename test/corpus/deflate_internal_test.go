package corpus

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhatIsCompressedIsReadBackByCompressFlate(t *testing.T) {
	t.Parallel()
	rng := newDice(1, streamDocument, 0)
	noise := make([]byte, 70_000)
	for i := range noise {
		noise[i] = byte(rng.below(256))
	}
	far := bytes.Clone(noise)
	for _, from := range []int{40_000, 30_000, 1} { // the first is out of reach
		far = append(far, noise[len(noise)-from:][:min(from, 300)]...)
	}
	for name, src := range map[string][]byte{
		"nothing": {}, "a byte": []byte("a"), "one character often": bytes.Repeat([]byte("a"), 1000), "noise": noise, "far matches": far,
		"near matches": bytes.Repeat([]byte("abcdefg hijk"), 50), "every byte": noise[:256],
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := io.ReadAll(flate.NewReader(bytes.NewReader(deflate(nil, src))))
			require.NoError(t, err)
			require.True(t, bytes.Equal(src, got))
		})
	}
}

func TestEveryLengthOfAMatchIsReadBack(t *testing.T) {
	t.Parallel()
	rng := newDice(2, streamDocument, 0)
	for length := minMatch; length <= maxMatch+1; length++ {
		var src []byte
		for range length {
			src = append(src, byte(rng.below(256)))
		}
		src = append(append(append(src, "--------"...), src...), '.')
		got, err := io.ReadAll(flate.NewReader(bytes.NewReader(deflate(nil, src))))
		require.NoError(t, err)
		require.True(t, bytes.Equal(src, got), "length %d", length)
	}
}

func TestZlibChecksumsAgree(t *testing.T) {
	t.Parallel()
	src := []byte("BT /F1 12 Tf 72 720 Td (No. 3:24-cv-05416) Tj ET")
	z, err := zlib.NewReader(bytes.NewReader(zlibbed(src)))
	require.NoError(t, err)
	got, err := io.ReadAll(z) // the last read checks the sum
	require.NoError(t, err)
	assert.Equal(t, string(src), string(got))
}

func TestProseShrinks(t *testing.T) {
	t.Parallel()
	d := draftOf(1)
	var src []byte
	for range 200 {
		src = append(src, d.sentence(facts)...)
	}
	assert.Less(t, len(deflate(nil, src)), len(src)*6/10)
}
