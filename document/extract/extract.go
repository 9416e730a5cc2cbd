package extract

import (
	"context"
	"path"
	"strings"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

// Input is a file on local disk.
type Input struct {
	Path string // readable file
	Size int64  // bytes
	Name string // the name it had at its source, may be empty; only a hint, never reported
	Dir  string // folder where attachments may be put, as files; "" for none
}

// Reader reads one family of formats. Errors that the document or the
// environment causes are *batch.Error; a context's error is wrapped.
type Reader interface {
	Read(ctx context.Context, in Input) (*document.Content, error)
}

// Extractor tells the format of files and reads them. It is safe for
// concurrent use if the readers given to New are.
type Extractor struct {
	readers map[document.Format]Reader
}

// New builds an Extractor. The readers of PDF and image formats are given by
// the caller; all others are built in. A given
// reader takes the place of a built-in one.
func New(limits Limits, readers map[document.Format]Reader) *Extractor {
	limits = limits.WithDefaults()
	all := map[document.Format]Reader{
		document.FormatText:     textReader{limits},
		document.FormatMarkdown: textReader{limits},
		document.FormatHTML:     htmlReader{limits},
		document.FormatRTF:      rtfReader{limits},
		document.FormatDOCX:     docxReader{limits},
		document.FormatODT:      odtReader{limits},
		document.FormatXLSX:     xlsxReader{limits},
		document.FormatCSV:      csvReader{limits},
		document.FormatPPTX:     pptxReader{limits},
		document.FormatZIP:      zipReader{limits},
		document.FormatMBOX:     mboxReader{limits},
		document.FormatMSG:      msgReader{limits},
		document.FormatDOC:      wordReader{limits},
		document.FormatWPD:      wpdReader{limits},
		document.FormatEML:      mailReader{limits},
	}
	for format, r := range readers {
		all[format] = r
	}
	return &Extractor{readers: all}
}

// Extract tells what in is and reads it. The content has at least one page;
// its text is normalised (see Normalize).
//
// Errors are *batch.Error: of category DATA with one of the Type constants of
// this package (or of the reader's own), CONFIGURATION when no reader is given
// for the format, and RESOURCE, TRANSIENT or CONFIGURATION when the local file
// cannot be read. When ctx ends, its error is returned wrapped.
func (e *Extractor) Extract(ctx context.Context, in Input) (*document.Content, error) {
	format, mediaType, err := DetectFile(ctx, in)
	if err != nil {
		return nil, err
	}
	r, ok := e.readers[format]
	if !ok {
		return nil, batch.NewError(batch.Configuration, "MissingReader",
			"no reader for %s is configured; enable it or leave such documents out", format)
	}
	c, err := r.Read(ctx, in)
	if err != nil {
		return nil, err
	}
	if len(c.Pages) == 0 {
		return nil, errNoText()
	}
	if c.Format == "" { // a reader may find out that it is another
		c.Format = format
	}
	if c.MediaType == "" {
		c.MediaType = mediaType
	}
	if claimed := ClaimedFormat(in.Name); claimed != "" && !sameFamily(claimed, c.Format) {
		c.Warnings = append(c.Warnings, document.Warning{Code: document.WarnNameMismatch,
			Message: "named as " + claimed + " but its content is " + string(c.Format)})
	}
	return c, nil
}

// extensions are the formats that file names claim. What a name claims is only
// ever compared with what the content is.
var extensions = map[string]string{
	".pdf": "pdf", ".docx": "docx", ".docm": "docx", ".dotx": "docx", ".doc": "doc", ".dot": "doc", ".wpd": "wpd", ".wp": "wpd", ".wp5": "wpd", ".wp6": "wpd", ".rtf": "rtf",
	".html": "html", ".htm": "html", ".xhtml": "html", ".eml": "eml", ".msg": "msg", ".mht": "eml", ".mhtml": "eml",
	".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown", ".mdown": "markdown",
	".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".tif": "tiff", ".tiff": "tiff",
	".xls": "xls", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xltx": "xlsx", ".csv": "csv", ".tsv": "csv", ".tab": "csv", ".ppt": "ppt", ".pptx": "pptx", ".pptm": "pptx", ".ppsx": "pptx", ".potx": "pptx", ".zip": "zip", ".mbox": "mbox", ".mbx": "mbox", ".odt": "odt", ".ott": "odt",
}

// ClaimedFormat is the format that a file's name claims by its extension: one of
// those that are read, or of some that are not, such as "xls"; "" if it is not
// known.
func ClaimedFormat(name string) string { return extensions[strings.ToLower(path.Ext(name))] }

// sameFamily says whether a name's claim agrees with the format.
func sameFamily(claimed string, f document.Format) bool {
	plain := func(s string) bool {
		return s == string(document.FormatText) || s == string(document.FormatMarkdown) || s == string(document.FormatCSV)
	}
	if claimed == string(document.FormatMBOX) && f == document.FormatEML {
		return true // a mailbox of one message
	}
	return claimed == string(f) || plain(claimed) && plain(string(f))
}
