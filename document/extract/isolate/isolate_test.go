package isolate_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/internal/pdftest"
	"github.com/caseload/caseload/document/extract/isolate"
	"github.com/caseload/caseload/document/extract/pdf"
)

const (
	readerEnv = "CASELOAD_TEST_READER"
	secretEnv = "CASELOAD_TEST_SECRET"
)

func TestMain(m *testing.M) {
	if os.Getenv(readerEnv) != "" {
		fmt.Fprintln(os.Stderr, isolate.Serve(os.Stdin, os.Stdout))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// open is a pool of the test's own.
func open(t *testing.T, change func(*isolate.Config)) *isolate.Pool {
	t.Helper()
	cfg := isolate.Config{
		Setup: isolate.Setup{PDF: pdf.Config{Expendable: true, Workers: 1}, Memory: 1 << 30},
		Env:   []string{readerEnv + "=1", "HOME=" + os.Getenv("HOME")}, Idle: 2, PageTimeout: time.Minute,
		Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&cfg)
	}
	p := isolate.NewPool(cfg)
	t.Cleanup(func() { assert.NoError(t, p.Close()) })
	return p
}

func file(t *testing.T, name, data string) extract.Input {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(data), 0o600))
	return extract.Input{Path: path, Size: int64(len(data)), Name: name}
}

func motion(t *testing.T) extract.Input {
	t.Helper()
	return file(t, "motion.txt", "The motion is granted.")
}

// slow is a PDF that is drawn, and read, for longer than anybody waits.
func slow(t *testing.T) extract.Input {
	t.Helper()
	return file(t, "slow.pdf", string(pdftest.New().Page(pdftest.Nested(10, 9)).Bytes()))
}

// reads says that the pool reads documents as ever.
func reads(t *testing.T, p *isolate.Pool) {
	t.Helper()
	c, err := p.Extract(t.Context(), motion(t))
	require.NoError(t, err)
	assert.Equal(t, "The motion is granted.", c.Pages[0].Text)
}

func requireError(t *testing.T, err error, c batch.Category, typ string) {
	t.Helper()
	e, ok := batch.AsError(err)
	require.True(t, ok, "an untyped error: %v", err)
	require.Equal(t, [2]string{string(c), typ}, [2]string{string(e.Category), e.Type}, e.Message)
}

func TestOneProcessReadsManyDocuments(t *testing.T) {
	t.Parallel()
	p := open(t, nil)
	for range 3 {
		reads(t, p)
	}
	assert.Len(t, p.PIDs(), 1)
}

func TestErrorsOfTheDocumentAreItsOwn(t *testing.T) {
	t.Parallel()
	p := open(t, nil)
	_, err := p.Extract(t.Context(), file(t, "empty.txt", ""))
	requireError(t, err, batch.Data, extract.TypeEmptyFile)
	reads(t, p)
	assert.Len(t, p.PIDs(), 1, "the process goes on")
}

func TestAttachmentsComeAsFiles(t *testing.T) {
	t.Parallel()
	in := file(t, "notice.eml", "From: a@b\r\nSubject: x\r\nMessage-ID: <1@b>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee attached.\r\n"+
		"--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nExhibit A.\r\n--b--\r\n")
	in.Dir = t.TempDir()
	c, err := open(t, nil).Extract(t.Context(), in)
	require.NoError(t, err)
	require.Len(t, c.Parts, 1)
	assert.Empty(t, c.Parts[0].Data)
	assert.Equal(t, in.Dir, filepath.Dir(c.Parts[0].Path))
	data, err := os.ReadFile(c.Parts[0].Path)
	require.NoError(t, err)
	assert.Equal(t, "Exhibit A.", strings.TrimSpace(string(data)))
}

func TestPagesAreDrawnAndPicturesDecoded(t *testing.T) {
	t.Parallel()
	p := open(t, nil)
	in := file(t, "two.pdf", string(pdftest.New().Page(pdftest.Rect(0, 0, 306, 792)).Page(pdftest.Rect(0, 0, 612, 792)).Bytes()))
	var shades []string
	require.NoError(t, p.Render(t.Context(), in.Path, []int{2, 1}, extract.Resolution{Least: 72}, func(page int, img *image.Gray, dpi int) error {
		shades = append(shades, fmt.Sprint(page, img.Rect.Size(), img.GrayAt(10, 10).Y, img.GrayAt(600, 10).Y))
		return nil
	}))
	assert.Equal(t, []string{"2 (612,792) 0 0", "1 (612,792) 0 255"}, shades)

	stop := errors.New("no more")
	require.ErrorIs(t, p.Render(t.Context(), in.Path, []int{1, 2}, extract.Resolution{Least: 72}, func(int, *image.Gray, int) error { return stop }), stop)

	img, err := p.Picture(t.Context(), picture(t, 20), 0)
	require.NoError(t, err)
	assert.Equal(t, image.Pt(20, 20), img.Rect.Size())
}

// picture is the path of a picture in 16-bit colours, side x side pixels.
func picture(t *testing.T, side int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "picture.png")
	f, err := os.Create(path)
	require.NoError(t, err)
	require.NoError(t, (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(f, image.NewRGBA64(image.Rect(0, 0, side, side))))
	require.NoError(t, f.Close())
	return path
}

func TestDocumentThatOutlivesItsTimeIsStopped(t *testing.T) {
	t.Parallel()
	p := open(t, func(c *isolate.Config) { c.Setup.Memory, c.Setup.PDF.MaxMemory = 0, 4<<30 })
	reads(t, p)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := p.Extract(ctx, slow(t))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Empty(t, p.PIDs(), "its process has ended")
	reads(t, p)
}

func TestPageThatIsDrawnForTooLongIsStopped(t *testing.T) {
	t.Parallel()
	p := open(t, func(c *isolate.Config) {
		c.Setup.Memory, c.Setup.PDF.MaxMemory, c.PageTimeout = 0, 4<<30, 50*time.Millisecond
	})
	err := p.Render(t.Context(), slow(t).Path, []int{1}, extract.Resolution{Least: 300}, func(int, *image.Gray, int) error { return nil })
	requireError(t, err, batch.Data, pdf.TypeTimeout)
}

func TestDocumentThatNeedsTooMuchMemoryIsStopped(t *testing.T) {
	t.Parallel()
	p := open(t, func(c *isolate.Config) { c.Setup.Memory = 256 << 20 })
	_, err := p.Picture(t.Context(), picture(t, 6000), 0) // 288 MB
	if !isolate.LimitsMemory {
		t.Skip("memory cannot be bounded here")
	}
	requireError(t, err, batch.Data, isolate.TypeMemoryLimit)
	reads(t, p)

	p = open(t, func(c *isolate.Config) { c.Setup.PDF.MaxMemory = 64 << 20 })
	_, err = p.Extract(t.Context(), slow(t))
	requireError(t, err, batch.Data, pdf.TypeMemory)
}

func TestTheMemoryOfTheProcessesIsTold(t *testing.T) {
	t.Parallel()
	p := open(t, nil)
	assert.Zero(t, p.Resident())
	reads(t, p)
	if isolate.LimitsMemory { // Linux
		assert.Greater(t, p.Resident(), int64(5<<20))
	}
}

func TestProcessThatEndsIsTold(t *testing.T) {
	t.Parallel()
	for signal, want := range map[syscall.Signal]*batch.Error{
		syscall.SIGABRT: {Category: batch.Data, Type: isolate.TypeCrash},
		syscall.SIGKILL: {Category: batch.Resource, Type: isolate.TypeKilled},
	} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			p := open(t, nil)
			in := motion(t)
			in.Path = filepath.Join(t.TempDir(), "pipe") // which nobody writes to
			require.NoError(t, syscall.Mkfifo(in.Path, 0o600))
			answered := make(chan struct{})
			go func() {
				tick := time.NewTicker(10 * time.Millisecond)
				defer tick.Stop()
				for {
					select {
					case <-answered:
						return
					case <-tick.C:
					}
					for _, pid := range p.PIDs() {
						_ = syscall.Kill(pid, signal) // it may have ended
					}
				}
			}()
			_, err := p.Extract(t.Context(), in)
			close(answered)
			requireError(t, err, want.Category, want.Type)
			reads(t, p)
		})
	}
}

func TestStopSignalsOfTheGroupAreTheWorkersToHeed(t *testing.T) {
	t.Parallel()
	p := open(t, nil)
	reads(t, p)
	before := p.PIDs()
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		require.NoError(t, syscall.Kill(before[0], s))
	}
	reads(t, p)
	assert.Equal(t, before, p.PIDs())
}

func TestProcessesHaveNoSecrets(t *testing.T) {
	t.Setenv(secretEnv, "hunter2")
	p := open(t, nil)
	reads(t, p)
	environ, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", p.PIDs()[0]))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the system does not tell")
	}
	require.NoError(t, err)
	assert.Contains(t, string(environ), readerEnv)
	assert.NotContains(t, string(environ), "hunter2")
}

func TestBigProcessIsNotKept(t *testing.T) {
	t.Parallel()
	p := open(t, func(c *isolate.Config) { c.KeepBelow = 1 })
	reads(t, p)
	assert.Empty(t, p.PIDs())
}

func TestCloseEndsWhatIsAtWork(t *testing.T) {
	t.Parallel()
	p := open(t, func(c *isolate.Config) { c.Setup.Memory, c.Setup.PDF.MaxMemory = 0, 4<<30 })
	failed := make(chan error)
	go func() {
		_, err := p.Extract(t.Context(), slow(t))
		failed <- err
	}()
	require.Eventually(t, func() bool { return len(p.PIDs()) == 1 }, time.Minute, time.Millisecond)
	require.NoError(t, p.Close())
	require.Error(t, <-failed)
	_, err := p.Extract(t.Context(), motion(t))
	assert.Error(t, err)
}

func TestMembersOfArchivesAreLeftInFiles(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, data := range map[string]string{"note.txt": "So ordered.", "../out.txt": "x"} {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = w.Write([]byte(data))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	in := file(t, "a.zip", b.String())
	in.Dir = t.TempDir()
	c, err := open(t, nil).Extract(t.Context(), in)
	require.NoError(t, err)
	require.Len(t, c.Parts, 2)
	for _, p := range c.Parts {
		assert.Empty(t, p.Data)
		if p.Refused != nil {
			assert.Equal(t, "UnsafeMember", p.Refused.Type)
			continue
		}
		assert.Equal(t, in.Dir, filepath.Dir(p.Path))
		got, err := os.ReadFile(p.Path)
		require.NoError(t, err)
		assert.Equal(t, "So ordered.", string(got))
	}
}
