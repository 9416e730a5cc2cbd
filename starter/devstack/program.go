package devstack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// ErrNoTemporal says that there is no temporal CLI and no source tree to build
// it from.
var ErrNoTemporal = errors.New("the temporal CLI is not installed: run `make build` in Caseload's source tree, which builds it, " +
	"or put `temporal` 1.5 or later on PATH (https://docs.temporal.io/cli)")

// FindTemporal is the path of the temporal CLI: the one beside this program,
// which is the pinned one; else the one on PATH; else the pinned one, built from
// tools/ of the source tree this program lies in. words hears about a build,
// which takes minutes.
func FindTemporal(ctx context.Context, words io.Writer) (string, error) {
	self, err := os.Executable()
	if err == nil {
		if self, err = filepath.EvalSymlinks(self); err == nil {
			if p := filepath.Join(filepath.Dir(self), "temporal"); isProgram(p) {
				return p, nil
			}
		}
	}
	if p, err := exec.LookPath("temporal"); err == nil {
		return p, nil
	}
	if self == "" {
		return "", ErrNoTemporal
	}
	tools := filepath.Join(filepath.Dir(filepath.Dir(self)), "tools")
	if _, err := os.Stat(filepath.Join(tools, "go.mod")); err != nil {
		return "", ErrNoTemporal
	}
	return build(ctx, tools, filepath.Join(filepath.Dir(self), "temporal"), words)
}

func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

func build(ctx context.Context, tools, target string, words io.Writer) (string, error) {
	fmt.Fprintln(words, "Building the temporal CLI, once: about 3 minutes on 2 cores.")
	tmp := target + ".new"
	cmd := exec.CommandContext(ctx, "go", "build", "-o", tmp, "github.com/temporalio/cli/cmd/temporal")
	cmd.Dir = tools
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the temporal CLI in %s: %w: %s", tools, err, lastLine(out))
	}
	if err := os.Rename(tmp, target); err != nil {
		return "", fmt.Errorf("build the temporal CLI: %w", err)
	}
	return target, nil
}
