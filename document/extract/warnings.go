package extract

import (
	"fmt"

	"github.com/caseload/caseload/document"
)

// cutWarnings says what was cut off, if anything.
func cutWarnings(l Limits, cut cutReason) []document.Warning {
	switch cut {
	case cutBytes:
		return []document.Warning{{Code: document.WarnPartial, Message: fmt.Sprintf("the text is cut off at the limit of %d bytes", l.MaxTextBytes)}}
	case cutPages:
		return []document.Warning{{Code: document.WarnPartial, Message: fmt.Sprintf("only the first %d pages are kept, the limit", l.MaxPages)}}
	}
	return nil
}

// undecodable warns that n characters could not be decoded.
func undecodable(n int) []document.Warning {
	if n == 0 {
		return nil
	}
	return []document.Warning{{Code: document.WarnUndecodable, Message: fmt.Sprintf("%d characters could not be decoded and are shown as U+FFFD", n)}}
}
