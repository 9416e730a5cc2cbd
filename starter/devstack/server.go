package devstack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/caseload/caseload/batch"
)

const (
	readyTimeout = 90 * time.Second
	stopTimeout  = 15 * time.Second
)

// pragmas make the server's one SQLite connection survive a restart and fast: a
// write-ahead log that is merged into the file every 40 MB, not every 4; 64 MiB
// of the file in memory; temporary tables in memory.
var pragmas = []string{"journal_mode=wal", "synchronous=1", "wal_autocheckpoint=10000", "cache_size=-65536", "temp_store=2"}

// dynamicConfig are the server settings that priorities, fairness and throughput
// need; docs/decisions.md has what each was measured to do.
var dynamicConfig = []string{
	"system.enableActivityEagerExecution=true",
	"system.forceSearchAttributesCacheRefreshOnRead=false",
	`history.cacheNonUserContextLockTimeout="10s"`,
	"matching.useNewMatcher=true",
	"matching.enableFairness=true",
	"matching.numTaskqueueReadPartitions=1",
	"matching.numTaskqueueWritePartitions=1",
}

// SearchAttributes are the attributes that a namespace needs, with their types.
func SearchAttributes() map[string]string {
	return map[string]string{
		batch.AttrBatch.GetName():         "Keyword",
		batch.AttrProject.GetName():       "Keyword",
		batch.AttrStatus.GetName():        "Keyword",
		batch.AttrErrorCategory.GetName(): "Keyword",
		batch.AttrPriority.GetName():      "Int",
	}
}

// server is a Temporal dev server as a child process.
type server struct {
	cmd     *exec.Cmd
	address string
	ui      string
	client  client.Client
	ended   chan struct{} // closed when the process has ended
	waitErr error         // set before ended is closed
}

// portTries is how often a server is started whose free ports another process
// takes before it does.
const portTries = 5

func startServer(ctx context.Context, cfg Config, dir string) (*server, error) {
	logPath := filepath.Join(dir, "temporal.log")
	for try := 1; ; try++ {
		s, err := startOnce(ctx, cfg, dir, logPath)
		chosen := cfg.Port == 0 || cfg.UIPort == 0
		if err == nil || !chosen || try == portTries || ctx.Err() != nil || !lostPort(logPath) {
			return s, err
		}
	}
}

// lostPort says whether the log tells that a port was taken.
func lostPort(logPath string) bool {
	raw, err := os.ReadFile(logPath)
	return err == nil && bytes.Contains(raw, []byte("address already in use"))
}

func startOnce(ctx context.Context, cfg Config, dir, logPath string) (*server, error) {
	port, err := choosePort(cfg.Port, "Temporal", "--port")
	if err != nil {
		return nil, err
	}
	uiPort, err := choosePort(cfg.UIPort, "the Temporal Web UI", "--ui-port")
	if err != nil {
		return nil, err
	}
	logFile, err := os.Create(logPath)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	defer logFile.Close()
	args := []string{
		"server", "start-dev", "--ip", "127.0.0.1",
		"--port", strconv.Itoa(port), "--ui-port", strconv.Itoa(uiPort),
		"--db-filename", filepath.Join(dir, "temporal.db"),
		"--log-level", "warn",
	}
	if cfg.UICodec != "" {
		args = append(args, "--ui-codec-endpoint", cfg.UICodec)
	}
	for _, v := range pragmas {
		args = append(args, "--sqlite-pragma", v)
	}
	for _, v := range dynamicConfig {
		args = append(args, "--dynamic-config-value", v)
	}
	for name, typ := range SearchAttributes() {
		args = append(args, "--search-attribute", name+"="+typ)
	}
	s := &server{
		cmd:     exec.Command(cfg.Program, args...),
		address: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)),
		ui:      "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(uiPort)),
		ended:   make(chan struct{}),
	}
	s.cmd.Stdout, s.cmd.Stderr = logFile, logFile
	// A group of its own: Ctrl-C must reach this process alone, which then stops
	// the worker before the server.
	s.cmd.SysProcAttr = processAttributes()
	if err := s.launch(); err != nil {
		return nil, fmt.Errorf("start %s: %w", cfg.Program, err)
	}
	if err := s.await(ctx, cfg); err != nil {
		_ = s.stop() // the first error is the one to tell
		return nil, fmt.Errorf("the Temporal dev server did not start: %w%s; its log is %s, and `rm -r %s` starts afresh",
			err, lastLogLine(logPath), logPath, dir)
	}
	return s, nil
}

// launch starts the process from a thread that lives as long as it does: Linux
// ends the process when the thread that started it ends.
func (s *server) launch() error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := s.cmd.Start()
		started <- err
		if err == nil {
			s.waitErr = s.cmd.Wait()
			close(s.ended)
		}
	}()
	return <-started
}

func (s *server) pid() int { return s.cmd.Process.Pid }

// await returns when the server answers and knows the search attributes.
func (s *server) await(ctx context.Context, cfg Config) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		o := client.Options{HostPort: s.address, Logger: cfg.Log}
		if cfg.Client != nil {
			cfg.Client(&o)
		}
		c, err := client.DialContext(ctx, o)
		if err == nil {
			s.client = c
			select {
			case <-s.ended: // who answered is another
			default:
				return nil
			}
		}
		select {
		case <-s.ended:
			return fmt.Errorf("it ended: %w", cmpErr(s.waitErr))
		case <-ctx.Done():
			return fmt.Errorf("no answer: %w", err)
		case <-tick.C:
		}
	}
}

func cmpErr(err error) error {
	if err == nil {
		return errors.New("without an error")
	}
	return err
}

func (s *server) stop() error {
	if s.client != nil {
		s.client.Close()
	}
	select {
	case <-s.ended:
		return nil
	default:
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop Temporal: %w", err)
	}
	select {
	case <-s.ended:
	case <-time.After(stopTimeout):
		if err := s.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("stop Temporal: %w", err)
		}
		<-s.ended
	}
	return nil
}

// choosePort checks that port is free on loopback; 0 takes one that is.
func choosePort(port int, what, flag string) (int, error) {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return 0, fmt.Errorf("port %d for %s is taken by another process: end it, or choose another with %s (0 takes a free one)", port, what, flag)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func lastLogLine(path string) string {
	raw, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	if line := lastLine(raw); line != "" {
		return ": " + line
	}
	return ""
}

func lastLine(out []byte) string {
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	return strings.TrimSpace(string(lines[len(lines)-1]))
}
