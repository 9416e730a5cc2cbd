package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/config"
)

// healthTimeout is longer than a worker takes to ask all that it depends on.
const healthTimeout = 8 * time.Second

// healthAnswer bounds what is read of an answer, in bytes.
const healthAnswer = 4 << 10

// healthCommand asks the worker of this machine, so that an image needs no other
// program to tell whether its worker lives.
func healthCommand(loader *config.Options) *cobra.Command {
	var ready bool
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Ask the worker on this machine whether it lives",
		Long: `Ask the worker on this machine whether it lives, or with --ready whether it can work, by the address that
metrics.listen names. Prints what it answers. Exit codes: 0 yes, 1 no or no answer, 2 bad usage.`,
		Example: `  worker health                               # CASELOAD_METRICS_LISTEN=9464 is set
  worker health --ready --metrics-listen 9464`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := config.Load(*loader)
			if err != nil {
				return usageError{err}
			}
			url, err := healthURL(cfg.Metrics.Listen, ready)
			if err != nil {
				return usageError{err}
			}
			return askHealth(cmd.Context(), url, cmd.OutOrStdout())
		},
	}
	cmd.Flags().BoolVar(&ready, "ready", false, "whether it can work: the store and Temporal answer, and it asks its queues for work")
	return cmd
}

// healthURL is where a worker that listens on listen is asked from its machine.
func healthURL(listen string, ready bool) (string, error) {
	if listen == "" {
		return "", errors.New("metrics.listen is not set: the worker answers nowhere; set CASELOAD_METRICS_LISTEN for both")
	}
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "", fmt.Errorf("metrics.listen: %w", err)
	}
	if port == "0" {
		return "", errors.New("metrics.listen has port 0: nobody knows which port the worker took; give it one")
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
		if ip != nil && ip.To4() == nil {
			host = "::1"
		}
	}
	path := "/healthz"
	if ready {
		path = "/readyz"
	}
	return "http://" + net.JoinHostPort(host, port) + path, nil
}

func askHealth(ctx context.Context, url string, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	// A proxy of the environment is not the way to this machine.
	resp, err := (&http.Client{Transport: &http.Transport{}}).Do(req)
	if err != nil {
		return fmt.Errorf("no answer from a worker here: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, healthAnswer))
	if err != nil {
		return fmt.Errorf("no answer from a worker here: %w", err)
	}
	fmt.Fprintln(out, strings.TrimSpace(string(body)))
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", url, resp.Status)
	}
	return nil
}
