package document

import "fmt"

// Codes of warnings.
const (
	WarnPartial           = "partial"             // a limit left something out
	WarnLeakingRedaction  = "leaking-redaction"   // a black box with text under it
	WarnPageUnreadable    = "page-unreadable"     // a page of a PDF
	WarnDamaged           = "damaged"             // a PDF or image that was repaired, or cut short
	WarnTruncated         = "truncated"           // an RTF that ends in its middle
	WarnUndecodable       = "undecodable"         // characters that no encoding explains
	WarnMalformedCSV      = "malformed-csv"       // a table whose quotes do not match, read as text
	WarnNameMismatch      = "name-mismatch"       // the content is of another format than the name says
	WarnAttachmentLeftOut = "attachment-left-out" // too large, or of no use
	WarnEmbeddedObject    = "embedded-object"     // a file within a DOCX, which is not read
	WarnHiddenSheet       = "hidden-sheet"        // of a workbook
	WarnHiddenSlide       = "hidden-slide"        // of a presentation
	WarnModelBudget       = "model-budget"        // what the language model may cost left no room for a call
	WarnModelUnusable     = "model-unusable"      // no answer of it was of the form asked for
	WarnModelRefused      = "model-refused"       // its service would not read the text: too long, or its content
	WarnModelLimit        = "model-limit"         // the text takes more calls than a document may
)

// WarningCodes are all codes.
func WarningCodes() []string {
	return []string{
		WarnPartial, WarnLeakingRedaction, WarnPageUnreadable, WarnDamaged, WarnTruncated, WarnUndecodable, WarnMalformedCSV, WarnNameMismatch,
		WarnAttachmentLeftOut, WarnEmbeddedObject, WarnHiddenSheet, WarnHiddenSlide, WarnModelBudget, WarnModelUnusable, WarnModelRefused, WarnModelLimit,
	}
}

// Warning is something a reader of the result should know. Its message holds no
// text of the document.
type Warning struct {
	Code    string `json:"code"` // kebab-case, such as "page-unreadable"
	Page    int    `json:"page,omitempty"`
	Message string `json:"message"`
}

func (w Warning) String() string {
	if w.Page > 0 {
		return fmt.Sprintf("%s: page %d: %s", w.Code, w.Page, w.Message)
	}
	return w.Code + ": " + w.Message
}
