package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/viper"
)

// DefaultFile is read from the working directory when no file is named.
const DefaultFile = "caseload.yaml"

// FileEnv is the environment variable that names the file.
const FileEnv = envPrefix + "CONFIG"

// Load reads the configuration. For each key the first of these that has a
// value wins: a flag that was given, an environment variable that is not empty,
// the file, the default. A named file must exist, DefaultFile need not. The error
// joins one per key that is unknown, of the wrong type or out of its range,
// each with where it comes from.
func Load(o Options) (*Config, error) {
	v := viper.New()
	file, err := readFile(v, o.File)
	if err != nil {
		return nil, err
	}
	errs := checkFileKeys(v, file)
	for _, k := range keys {
		v.SetDefault(k.Key, k.Default)
		if err := v.BindEnv(append([]string{k.Key}, k.Env...)...); err != nil {
			return nil, err
		}
		if flag := o.flags[k.Key]; flag != nil {
			if err := v.BindPFlag(k.Key, flag); err != nil {
				return nil, err
			}
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	c := &Config{}
	for _, k := range keys {
		raw := v.Get(k.Key)
		if err := k.set(c, raw); err != nil {
			errs = append(errs, k.invalid(raw, source(v, o, k, file), err))
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	isSet := func(name string) bool {
		i := slices.IndexFunc(keys, func(k key) bool { return k.Key == name })
		return source(v, o, keys[i], file) != sourceDefault
	}
	if err := c.resolve(isSet); err != nil {
		return nil, err
	}
	return c, c.validate()
}

// readFile reads the file that is to be read into v and returns its path, which
// is empty if there is none.
func readFile(v *viper.Viper, named string) (string, error) {
	if named == "" {
		named = os.Getenv(FileEnv)
	}
	file := named
	if file == "" {
		file = DefaultFile
	}
	v.SetConfigFile(file)
	v.SetConfigType("yaml")
	err := v.ReadInConfig()
	switch {
	case err == nil:
		return file, nil
	case named == "" && errors.Is(err, fs.ErrNotExist):
		return "", nil
	case strings.Contains(err.Error(), "cannot unmarshal"): // quotes the value, which may be a secret
		return "", fmt.Errorf("configuration file %s: want a mapping of keys to values", file)
	default:
		return "", fmt.Errorf("configuration file %s: %w", file, err)
	}
}

const sourceDefault = "default"

// source is where k's value comes from, for people.
func source(v *viper.Viper, o Options, k key, file string) string {
	if f := o.flags[k.Key]; f != nil && f.Changed {
		return "--" + f.Name
	}
	for _, name := range k.Env {
		if os.Getenv(name) != "" {
			return name
		}
	}
	if v.InConfig(k.Key) {
		return file
	}
	return sourceDefault
}

// invalid is the error that raw, which comes from source, is not a value of k.
func (k key) invalid(raw any, source string, want error) error {
	if k.secret || strings.Contains(fmt.Sprint(raw), "://") { // a URL may hold a password
		return fmt.Errorf("%s (from %s): not valid: %w", k.Key, source, want)
	}
	return fmt.Errorf("%s (from %s): %v is not valid: %w", k.Key, source, quoted(raw), want)
}

func quoted(raw any) string {
	if s, ok := raw.(string); ok {
		return fmt.Sprintf("%q", s)
	}
	return fmt.Sprint(raw)
}
