package config

import (
	"fmt"
	"slices"

	"github.com/spf13/pflag"
)

// Options says where Load reads from. The zero value reads the environment and,
// if there is one, DefaultFile.
type Options struct {
	File string // the configuration file; empty means what FileEnv names, or else DefaultFile

	flags map[string]*pflag.Flag // by key
}

// BindFlags adds --config and the flags that every program has to fs.
func (o *Options) BindFlags(fs *pflag.FlagSet) {
	fs.StringVar(&o.File, "config", o.File, fmt.Sprintf("configuration file (default: %s, or else %s here if there is one)", FileEnv, DefaultFile))
	o.BindFlag(fs, "data_dir", "data-dir", "folder for what this machine keeps")
	o.BindFlag(fs, "log.level", "log-level", "debug, info, warn or error")
	o.BindFlag(fs, "log.format", "log-format", "text or json")
	o.BindFlag(fs, "temporal.address", "temporal-address", "Temporal's host:port (default: the development stack's)")
	o.BindFlag(fs, "temporal.namespace", "temporal-namespace", "Temporal namespace")
}

// BindWorkerFlags adds the flags of a worker process to fs.
func (o *Options) BindWorkerFlags(fs *pflag.FlagSet) {
	o.BindFlag(fs, "worker.queues", "queues", "bands to serve, separated by commas")
	o.BindFlag(fs, "worker.concurrency", "concurrency", "documents worked on at once; 0 is one per core")
	o.BindFlag(fs, "worker.stop_timeout", "stop-timeout", "how long documents in work have to end")
	o.BindFlag(fs, "worker.build_id", "build-id", "version of this worker, which starter deploy promote gives work to (default: not versioned)")
	o.BindFlag(fs, "metrics.listen", "metrics-listen", "host:port, or port on loopback, of /metrics, /healthz and /readyz")
}

// BindFlag adds a flag to fs that overrides one key. It panics if there is no
// such key. The key's default shows in the flag's help.
func (o *Options) BindFlag(fs *pflag.FlagSet, name, flag, usage string) {
	i := slices.IndexFunc(keys, func(k key) bool { return k.Key == name })
	if i < 0 {
		panic("config: no key " + name)
	}
	value := &flagValue{key: keys[i], text: keys[i].Default}
	if o.flags == nil {
		o.flags = map[string]*pflag.Flag{}
	}
	f := fs.VarPF(value, flag, "", usage)
	if value.Type() == "bool" {
		f.NoOptDefVal = "true"
	}
	o.flags[name] = f
}

// flagValue is a flag's text, which is a value of its key.
type flagValue struct {
	key  key
	text string
}

func (f *flagValue) String() string { return f.text }

func (f *flagValue) Set(s string) error {
	if err := f.key.set(&Config{}, s); err != nil {
		return err
	}
	f.text = s
	return nil
}

// Type is the word that stands for a value in help.
func (f *flagValue) Type() string {
	switch f.key.Type {
	case "boolean":
		return "bool" // pflag prints none for it
	case "text", "path":
		return "string"
	default:
		return f.key.Type
	}
}
