// Package analysis says what failures come to: which few causes explain most of
// them, whether they can be recovered, and what to do. It reads no store.
package analysis

import (
	"fmt"

	"github.com/caseload/caseload/batch"
)

// Recovery says what it takes for a failed document to succeed.
type Recovery string

// The kinds of recovery.
const (
	ByItself Recovery = "by_itself" // time: the cause passes
	AfterFix Recovery = "after_fix" // a person, who changes a setting or a right
	Never    Recovery = "never"     // another document: this one stays as it is
)

// RecoveryOf is what failures of category c need. A category that is not known
// counts as one that never recovers.
func RecoveryOf(c batch.Category) Recovery {
	switch c {
	case batch.Transient, batch.Resource, batch.RateLimit:
		return ByItself
	case batch.Configuration:
		return AfterFix
	}
	return Never
}

// Recoverable counts failures by what they still need.
type Recoverable struct {
	ByItself int `json:"by_itself"`
	AfterFix int `json:"after_fix"`
	Never    int `json:"never"`
	// Recovered and Recovering are left to no one: a recovery has completed them, or
	// has them in work.
	Recovered  int `json:"recovered"`
	Recovering int `json:"recovering"`
}

// Add counts n more failures of category c.
func (r *Recoverable) Add(c batch.Category, n int) {
	switch RecoveryOf(c) {
	case ByItself:
		r.ByItself += n
	case AfterFix:
		r.AfterFix += n
	default:
		r.Never += n
	}
}

// Cause is what advice depends on. Batch is where the failures are; if they are
// in several, any of them.
type Cause struct {
	Batch, Project string
	Category       batch.Category
	Type           string // the error's
	Fingerprint    string
}

// Advice is what to do about a cause.
type Advice struct {
	Recovery Recovery `json:"recovery"`
	Do       string   `json:"do"`      // in words, up to where Command comes
	Command  string   `json:"command"` // to run then; capitals in it stand for what the person knows
}

// String is the advice as one sentence.
func (a Advice) String() string { return fmt.Sprintf("%s: `%s`", a.Do, a.Command) }

// Advise says what to do about a cause: by the error's type where that tells
// more than its category does.
func Advise(c Cause) Advice {
	a := Advice{Recovery: RecoveryOf(c.Category), Do: byCategory[c.Category]}
	if do, ok := byType[c.Category][c.Type]; ok {
		a.Do = do
	}
	if a.Do == "" {
		a.Do = byCategory[batch.Permanent]
	}
	switch {
	case a.Recovery == ByItself:
		a.Command = fmt.Sprintf("starter recover %s --category %s", c.Batch, c.Category)
	case a.Recovery == AfterFix:
		a.Command = fmt.Sprintf("starter recover %s --fingerprint %s", c.Batch, c.Fingerprint)
	case inspected[c.Type] || c.Category != batch.Data:
		a.Command = "starter inspect FILE"
	default:
		a.Command = fmt.Sprintf("starter submit SOURCE --project %s", c.Project)
	}
	return a
}

// byCategory is what to do unless the error's type says more.
var byCategory = map[batch.Category]string{
	batch.Transient:     "such causes pass; run them again",
	batch.Resource:      "free memory or disk, or lower the concurrency, then run them again",
	batch.RateLimit:     "wait until the source or service takes requests again, then run them again",
	batch.Configuration: "do what the message says, then run them again",
	batch.Data:          "mend or replace the files as the message says, then submit them",
	batch.Permanent:     "running them again changes nothing; see whether a document does it alone, and report it with the fingerprint if it does",
}

// inspected are errors of documents for which the pipeline alone tells more.
var inspected = map[string]bool{"StagePanicked": true}

// byType is what to do about errors whose type tells more than their category.
var byType = map[batch.Category]map[string]string{
	batch.Transient: {
		"DatabaseBusy":     "the database was busy; run them again when less writes to it",
		"ConnectionFailed": "see that what the stage needs, the source or a service, can be reached from the workers, then run them again",
		"ReadError":        "see that the disk or network drive is sound, then run them again",
	},
	batch.Resource: {
		"NoSpace":          "free space on the disk for files in work, then run them again",
		"DiskFull":         "free space on the disk that holds the database, then run them again",
		"DatabaseIO":       "see that the disk that holds the database is sound, then run them again",
		"TooManyFiles":     "raise the workers' limit of open files (ulimit -n), then run them again",
		"TooManyOpenFiles": "raise the workers' limit of open files (ulimit -n), then run them again",
	},
	batch.Configuration: {
		"ConverterMissing":         "install the program that the message names where the workers run, or leave such documents out, then run them again",
		"TesseractMissing":         "install tesseract where the workers run, then run them again",
		"TesseractLanguageMissing": "install the language for tesseract where the workers run, then run them again",
		"PermissionDenied":         "let the workers' user read the files, then run them again",
		"AccessDenied":             "give the workers credentials that may read the source, then run them again",
		"NoCredentials":            "give the workers credentials for the source, then run them again",
		"BucketNotFound":           "see that the bucket is named right and may be listed, then run them again",
		"HostNotFound":             "see that the source's host is named right, then run them again",
	},
	batch.Data: {
		"EncryptedDocument": "save them without their password, then submit those",
		"EncryptedPDF":      "save them without their password, then submit those",
		"NotFound":          "see that the files are at their source under the names in the manifest, then submit them",
		"CorruptDocument":   "fetch or export the files again, then submit those",
		"CorruptPDF":        "fetch or export the files again, then submit those",
		"CorruptImage":      "fetch or export the files again, then submit those",
		"EmptyFile":         "fetch or export the files again, then submit those",
		"ConverterFailed":   "convert them to PDF or DOCX, then submit those",
		"ConverterTimeout":  "convert them to PDF or DOCX, then submit those",
		"UnsafeMember":      "take those files out of their archives, then submit them; links lead to nothing there",
		"UnsupportedFormat": "convert them to PDF, DOCX, RTF, HTML, EML, text, PNG, JPEG or TIFF, then submit those",
		"NoText":            "if their pages are pictures, save them as PDF or images, then submit those",
		"TooLarge":          "split them or raise the limit that the message names, then submit them",
		"TooManyPages":      "split them or raise the limit that the message names, then submit them",
		"Archived":          "have the store bring the objects back from its archive, then submit them",
		"SourceChanged":     "once nothing writes to the source, submit them",
		"Duplicate":         "leave the second row out; the first was read. Correct the manifest where it meant another file, then submit it",
		"DuplicateID":       "give each row an ID of its own, then submit the manifest",
		"BadEntry":          "correct the manifest's rows, then submit it",
		"BadURI":            "correct the manifest's URIs, then submit it",
		"InvalidURI":        "percent-encode the manifest's URIs, then submit it",
		"UnsupportedScheme": "put the files where a path, file:, s3:, gs:, azblob: or https: URI reaches them, then submit them",
		"StagePanicked":     "the document brings the program down; see whether it does so alone, and report it with the fingerprint if it does",
	},
}
