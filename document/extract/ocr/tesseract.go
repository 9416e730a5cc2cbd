package ocr

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/caseload/caseload/batch"
)

const (
	maxOutput    = 64 << 20         // bytes of TSV kept of one page
	maxComplaint = 16 << 10         // bytes kept of what tesseract says on stderr
	listTimeout  = 30 * time.Second // for naming the installed languages
	killGrace    = 5 * time.Second  // for the pipes to close after a kill
)

// setup is how tesseract is run.
type setup struct {
	program   string // path
	languages string
}

// installation is what has been found out about the installed tesseract.
type installation struct {
	program   string // path
	languages []string
}

// picture is an image as tesseract takes it on its standard input.
type picture struct {
	data  io.Reader
	size  image.Point // in pixels
	args  []string    // that this picture needs
	close func()
}

var languageCodes = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_/]*(\+[A-Za-z][A-Za-z0-9_/]*)*$`)

// Available says whether text can be recognised: nil, or a *batch.Error of
// category CONFIGURATION: "TesseractMissing", "TesseractLanguageMissing",
// "TesseractBroken" or "BadSetting". A context's error is returned wrapped.
func (e *Engine) Available(ctx context.Context) error {
	_, err := e.prepare(ctx, "")
	return err
}

// prepare finds tesseract and the languages, those of the configuration if they are
// "".
func (e *Engine) prepare(ctx context.Context, languages string) (*setup, error) {
	languages = cmp.Or(languages, e.cfg.Languages)
	if !languageCodes.MatchString(languages) {
		return nil, batch.NewError(batch.Configuration, "BadSetting",
			"the OCR languages are not tesseract codes joined by +, such as eng+spa")
	}
	found, err := e.find(ctx, languages)
	if err != nil {
		return nil, err
	}
	return &setup{program: found.program, languages: languages}, nil
}

// find finds tesseract, with languages. What it found is kept until a language is
// missing, which may be installed meanwhile.
func (e *Engine) find(ctx context.Context, languages string) (*installation, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.found != nil && e.found.missing(languages) == "" {
		return e.found, nil
	}
	program, err := exec.LookPath(e.cfg.Program)
	if err != nil {
		return nil, errMissing(e.cfg.Program, err)
	}
	limited, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	out, err := command(limited, program, "--list-langs").CombinedOutput()
	if err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("look for tesseract: %w", ctx.Err())
		}
		return nil, batch.NewError(batch.Configuration, "TesseractBroken",
			"tesseract does not run; install it again").Wrap(err)
	}
	found := &installation{program: program, languages: strings.Fields(string(out))}
	if code := found.missing(languages); code != "" {
		return nil, errLanguage(code)
	}
	e.found = found
	return found, nil
}

// missing is the first of languages that is not installed.
func (i *installation) missing(languages string) string {
	for code := range strings.SplitSeq(languages, "+") {
		if !slices.Contains(i.languages, code) {
			return code
		}
	}
	return ""
}

// run runs tesseract on one page's picture. When ctx ends, its error is returned.
func (e *Engine) run(ctx context.Context, s *setup, page int, pic picture) (result, error) {
	// 3 cuts the page into blocks and leaves it as it lies.
	args := append([]string{"stdin", "stdout", "-l", s.languages, "--psm", "3",
		"-c", "tessedit_create_tsv=1"}, pic.args...)
	cmd := command(ctx, s.program, args...)
	out, complaint := &limitedBuffer{limit: maxOutput}, &limitedBuffer{limit: maxComplaint}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = pic.data, out, complaint

	err := cmd.Start()
	if err == nil {
		limitMemory(cmd.Process.Pid, e.cfg.Memory)
		err = cmd.Wait()
	}
	switch {
	case ctx.Err() != nil:
		return result{}, ctx.Err()
	case err != nil:
		return result{}, e.runError(err, page, complaint.String())
	case out.full:
		return result{}, batch.NewError(batch.Data, "OCRFailed", "page %d gives more than %d bytes of text", page, maxOutput)
	}
	got, err := parseTSV(out.String())
	if err != nil {
		return result{}, batch.NewError(batch.Configuration, "TesseractBroken",
			"tesseract's answer is not understood; install version 4 or 5").Wrap(err)
	}
	return got, nil
}

// runError says why tesseract failed. What it complained of may hold names of
// files, so it is only looked at.
func (e *Engine) runError(err error, page int, complaint string) error {
	var exit *exec.ExitError
	switch {
	case errors.Is(err, os.ErrNotExist):
		return errMissing(e.cfg.Program, err)
	case errors.Is(err, os.ErrPermission):
		return batch.NewError(batch.Configuration, "TesseractBroken", "tesseract may not be run; check its permissions").Wrap(err)
	case !errors.As(err, &exit):
		return batch.NewError(batch.Resource, "OCRStart", "tesseract cannot be started; lower the concurrency").Wrap(err)
	}
	if m := failedLanguage.FindStringSubmatch(complaint); m != nil {
		return errLanguage(m[1])
	}
	if outOfMemory.MatchString(complaint) {
		return batch.NewError(batch.Data, "MemoryLimit",
			"recognising page %d needs more than the limit of %d MiB of memory; scale it down or raise the limit", page, e.cfg.Memory>>20).Wrap(err)
	}
	if ws, ok := exit.Sys().(syscall.WaitStatus); ok && ws.Signaled() && ws.Signal() == syscall.SIGKILL {
		return batch.NewError(batch.Resource, "OCRKilled", "tesseract was killed, likely for want of memory; lower the concurrency").Wrap(err)
	}
	return batch.NewError(batch.Data, "OCRFailed", "page %d cannot be recognised; check its image", page).Wrap(err)
}

// outOfMemory is what tesseract and its libraries say when memory is refused.
var outOfMemory = regexp.MustCompile(`(?i)bad_alloc|malloc fail|calloc fail|cannot allocate memory|out of memory`)

var failedLanguage = regexp.MustCompile(`Failed loading language '([A-Za-z0-9_/]+)'`)

// defaultProgram is looked for unless Config.Program names another.
const defaultProgram = "tesseract"

func errMissing(program string, err error) error {
	if program != defaultProgram {
		return batch.NewError(batch.Configuration, "TesseractMissing",
			"there is no program %s on the worker, which the setting ocr.program names; correct it, or leave it out for %s", program, defaultProgram).Wrap(err)
	}
	return batch.NewError(batch.Configuration, "TesseractMissing",
		"tesseract is not installed: apt-get install tesseract-ocr (Debian, Ubuntu) or brew install tesseract (macOS)").Wrap(err)
}

func errLanguage(code string) error {
	return batch.NewError(batch.Configuration, "TesseractLanguageMissing",
		"tesseract has no data for the language %s: apt-get install tesseract-ocr-%s (Debian, Ubuntu) or brew install tesseract-lang (macOS)",
		code, strings.ReplaceAll(code, "_", "-"))
}

// command runs tesseract on one core: pages side by side are faster than one
// page on several cores.
func command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	cmd.WaitDelay = killGrace
	return cmd
}

// limitedBuffer keeps the first limit bytes written to it.
type limitedBuffer struct {
	bytes.Buffer
	limit int
	full  bool
}

func (b *limitedBuffer) Write(p []byte) (int, error) {
	if room := b.limit - b.Len(); len(p) > room {
		b.full = true
		b.Buffer.Write(p[:max(room, 0)])
		return len(p), nil
	}
	return b.Buffer.Write(p)
}
