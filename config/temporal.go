package config

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
)

// resolve reads the profile, for what has no key of its own, as set tells.
func (t *Temporal) resolve(set func(key string) bool) error {
	if err := secretFromFile(set, "temporal.api_key", &t.APIKey, t.APIKeyFile); err != nil {
		return err
	}
	p, err := t.profile()
	if err != nil {
		return err
	}
	if !set("temporal.address") {
		t.Address = p.Address
	}
	if t.Address != "" && !set("temporal.namespace") && p.Namespace != "" { // the development stack has its own
		t.Namespace = p.Namespace
	}
	return nil
}

// parseLine is where in the file an error of the TOML parser is. Its message may
// quote a secret.
var parseLine = regexp.MustCompile(`toml: line \d+`)

// profile is the Temporal profile, with the variables of Temporal's SDK
// (TEMPORAL_TLS and others) over it. A file counts only if it, or a profile in it, is
// named: documents must not go where a person set up another program to go.
func (t Temporal) profile() (envconfig.ClientConfigProfile, error) {
	if t.ConfigFile != "" {
		if _, err := os.Stat(t.ConfigFile); err != nil {
			return envconfig.ClientConfigProfile{}, fmt.Errorf("temporal.config_file: %w", err)
		}
	}
	p, err := envconfig.LoadClientConfigProfile(envconfig.LoadClientConfigProfileOptions{
		ConfigFilePath: t.ConfigFile, ConfigFileProfile: t.Profile, ConfigFileStrict: true,
		DisableFile: t.ConfigFile == "" && t.Profile == "", EnvLookup: environment{},
	})
	if err == nil {
		return p, nil
	}
	if at := parseLine.FindString(err.Error()); at != "" {
		err = fmt.Errorf("the file is no valid TOML (%s)", at)
	}
	return p, fmt.Errorf("temporal.profile: %w", err)
}

// environment is this process's, in which an empty variable counts as not set.
type environment struct{}

func (environment) LookupEnv(name string) (string, bool) {
	v := os.Getenv(name)
	return v, v != ""
}

func (environment) Environ() []string {
	return slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasSuffix(s, "=") && strings.Count(s, "=") == 1 })
}

// ClientOptions are address, namespace, TLS and credentials of a client of the
// server that is configured. Certificates and keys are read from their files now, an
// API key's file at each call, so that it may be renewed.
func (t Temporal) ClientOptions() (client.Options, error) {
	p, err := t.profile()
	if err != nil {
		return client.Options{}, err
	}
	p.Address, p.Namespace = t.Address, t.Namespace
	if t.APIKey != "" {
		p.APIKey = string(t.APIKey)
	}
	o, err := p.ToClientOptions(envconfig.ToClientOptionsRequest{})
	if err != nil {
		return o, fmt.Errorf("temporal.profile: %w", err)
	}
	if p.APIKey != "" && o.ConnectionOptions.TLS == nil {
		return o, errors.New("temporal.api_key: TLS is switched off, and an API key goes over TLS alone: leave TEMPORAL_TLS, or tls.disabled of the profile, out")
	}
	if t.APIKeyFile != "" {
		o.Credentials = client.NewAPIKeyDynamicCredentials(func(context.Context) (string, error) {
			key, err := readSecret(t.APIKeyFile)
			if err != nil {
				return "", fmt.Errorf("temporal.api_key_file: %w", err)
			}
			return string(key), nil
		})
	}
	return o, nil
}
