package isolate

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"io"

	"github.com/vmihailenco/msgpack/v5"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/classify"
	"github.com/caseload/caseload/document/extract"
)

// Work that a process is asked for.
const (
	opExtract = iota + 1
	opRender
	opPicture
	opAddText
)

// request asks for work on one file.
type request struct {
	Op     int
	Input  extract.Input
	Pages  []int              // for opRender
	DPI    extract.Resolution // for opRender
	Offset uint64             // for opPicture
	// For opAddText: words by page, and the file that is written.
	Words map[int][]extract.PlacedWord
	To    string
}

// reply is one answer. All but the last of a request have More.
type reply struct {
	More    bool
	Content *document.Content
	Page    int         // of the picture
	DPI     int         // of the picture
	Size    image.Point // of the picture, whose bytes follow; zero for none
	Failure *failure
	Panic   *panicked
	Starved bool  // the process had not the memory for it
	Memory  int64 // bytes that the process holds
}

// failure is a batch.Error without its cause, which stays in the process.
type failure struct {
	Category            batch.Category
	Type, Message, Rule string
}

// panicked says what panicked and where, in words of the program alone.
type panicked struct{ Type, At string }

func failureOf(err error) *failure {
	if err == nil {
		return nil
	}
	var builtIn *classify.Classifier
	e, ok := batch.AsError(builtIn.Classify(err))
	if !ok {
		return &failure{Category: batch.Permanent, Type: "Unclassified", Message: fmt.Sprintf("unclassified error (%T)", err)}
	}
	return &failure{e.Category, e.Type, e.Message, e.Rule}
}

func (f *failure) error() error {
	return &batch.Error{Category: f.Category, Type: f.Type, Message: f.Message, Rule: f.Rule}
}

// wire is one end of the pipes between two processes.
type wire struct {
	in  *bufio.Reader
	dec *msgpack.Decoder
	max *io.LimitedReader
	out *bufio.Writer
	enc *msgpack.Encoder
}

// Bounds on one message and on one picture, in bytes, whatever the other side
// says: more than Setup's limits allow either.
const (
	maxMessage = 1 << 30
	maxPicture = 64 << 20
)

func newWire(r io.Reader, w io.Writer) *wire {
	max := &io.LimitedReader{R: r, N: maxMessage}
	x := &wire{in: bufio.NewReaderSize(max, 1<<16), max: max, out: bufio.NewWriterSize(w, 1<<16)}
	x.dec, x.enc = msgpack.NewDecoder(x.in), msgpack.NewEncoder(x.out)
	return x
}

func (x *wire) send(v any) error {
	if err := x.enc.Encode(v); err != nil {
		return err
	}
	return x.out.Flush()
}

func (x *wire) receive(v any) error {
	x.max.N = maxMessage
	return x.dec.Decode(v)
}

// sendReply sends r and, if there is one, its picture.
func (x *wire) sendReply(r reply, img *image.Gray) error {
	if img == nil {
		return x.send(r)
	}
	r.Size = img.Rect.Size()
	if err := x.enc.Encode(r); err != nil {
		return err
	}
	for y := range r.Size.Y {
		if _, err := x.out.Write(img.Pix[y*img.Stride : y*img.Stride+r.Size.X]); err != nil {
			return err
		}
	}
	return x.out.Flush()
}

var errSize = errors.New("isolate: a picture of impossible size")

// receiveReply receives a reply and its picture.
func (x *wire) receiveReply() (r reply, img *image.Gray, err error) {
	if err := x.receive(&r); err != nil || r.Size == (image.Point{}) {
		return r, nil, err
	}
	if r.Size.X < 1 || r.Size.Y < 1 || r.Size.X > maxPicture/r.Size.Y {
		return r, nil, errSize
	}
	img = image.NewGray(image.Rectangle{Max: r.Size})
	_, err = io.ReadFull(x.in, img.Pix)
	return r, img, err
}
