package extract

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
)

// xmlHandler takes a part's elements as they come. What is inside an element
// that start skips is not handed out, nor is its end.
type xmlHandler interface {
	start(t xml.StartElement) (skip bool)
	chars(s string)
	end(t xml.Name)
}

// walkXML hands the elements of a part to h until full, which may be nil, says
// that no more is wanted.
func walkXML(ctx context.Context, a *archive, name string, l Limits, h xmlHandler, full func() bool) error {
	rc, err := a.open(name)
	if err != nil {
		return err
	}
	defer rc.Close()
	d := xmlDecoder(rc)
	depth, skipUntil := 0, 0 // skipUntil is the depth of the element being skipped
	for n := 0; full == nil || !full(); n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return fileError(ctx.Err())
		}
		t, err := d.Token()
		if errors.Is(err, io.EOF) && depth == 0 && n > 0 {
			return nil
		}
		if err != nil {
			return xmlError(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth++; depth > l.MaxDepth {
				return errTooDeep(l.MaxDepth)
			}
			if skipUntil == 0 && h.start(t) {
				skipUntil = depth
			}
		case xml.EndElement:
			if skipUntil == 0 {
				h.end(t.Name)
			} else if skipUntil == depth {
				skipUntil = 0
			}
			depth--
		case xml.CharData:
			if skipUntil == 0 {
				h.chars(string(t))
			}
		}
	}
	return a.refused
}
