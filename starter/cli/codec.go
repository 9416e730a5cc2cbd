package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/codec"
	"github.com/caseload/caseload/worker/process"
)

func (a *app) codecCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "codec",
		Short: "Make keys that encrypt what Temporal keeps; decrypt it for the Web UI",
		Long: `Make keys that encrypt what Temporal keeps of workflows, and decrypt it for the Temporal Web UI and CLI.
docs/security.md tells how keys are put in force and replaced.`,
		Example: `  (umask 077; starter codec keygen > keys)
  CASELOAD_ENCRYPTION_KEYS_FILE=keys starter codec serve`,
		Args: exactArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.codecKeygenCmd(), a.codecServeCmd())
	return cmd
}

func (a *app) codecKeygenCmd() *cobra.Command {
	var id, format string
	cmd := &cobra.Command{
		Use:   "keygen",
		Short: "Make a key",
		Long: `Make a key and write it to stdout as encryption.keys_file has it: a line ID=KEY. Whoever has it reads what
Temporal keeps, and without it nobody does: keep a copy where no disk failure reaches it.

To replace a key, append the new one to every program's file and restart them; then move its line to the
top, so that it encrypts. The old one stays, below it, for as long as Temporal keeps what it encrypted.`,
		Example: `  (umask 077; starter codec keygen > keys)
  starter codec keygen --id 2027 >> keys`,
		Args: exactArgs(0),
		RunE: func(*cobra.Command, []string) error {
			key, err := codec.NewKey(id)
			if err != nil {
				return usagef("--id: %w", err)
			}
			if format == formatJSON {
				return a.json(map[string]string{"id": id, "key": strings.TrimPrefix(key, id+"=")})
			}
			fmt.Fprintln(a.out, key)
			return nil
		},
	}
	outputFlag(cmd, &format)
	cmd.Flags().StringVar(&id, "id", time.Now().UTC().Format(time.DateOnly), "the key's name, of letters, digits, dots, dashes and underscores")
	return cmd
}

func (a *app) codecServeCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Decrypt for the Temporal Web UI and CLI",
		Long: `Decrypt for the Temporal Web UI and CLI, until Ctrl-C. Callers know codec.token: as a bearer token, or in a
browser as the password of basic authentication, with any user's name. Browsers are answered that show
a Web UI of codec.origins. The development stack has a codec server of its own.`,
		Example: `  starter codec serve --origins https://temporal.example.org
  temporal workflow show -w batch/ID --codec-endpoint http://127.0.0.1:8234 --codec-auth "Bearer $(cat token)"`,
		Args: exactArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.codecServe(cmd.Context()) },
	}
	a.loader.BindFlag(cmd.Flags(), "codec.listen", "listen", "host:port, or a port on loopback")
	a.loader.BindFlag(cmd.Flags(), "codec.origins", "origins", "origins of Web UIs, separated by commas")
	return cmd
}

func (a *app) codecServe(ctx context.Context) error {
	keys, err := process.EncryptionKeys(a.cfg)
	if err != nil {
		return err
	}
	if keys.Active() == "" {
		return errors.New("there are no keys to decrypt with: set encryption.keys_file; `starter codec keygen` makes a key")
	}
	if a.cfg.Codec.Token == "" {
		return errors.New("the codec server needs a token that its callers know: set codec.token_file, for example after `(umask 077; openssl rand -base64 24 > token)`")
	}
	s, err := newCodecServer(a.cfg.Codec)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.serve(keys, string(a.cfg.Codec.Token), a.cfg.Codec.Origins); err != nil {
		return usageError{err}
	}
	fmt.Fprintf(a.err, "Decrypting at %s with keys %v.\nCtrl-C stops.\n", s.url, keys.IDs())
	select {
	case <-ctx.Done():
		return nil
	case err := <-s.failed:
		return err
	}
}
