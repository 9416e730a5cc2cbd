package process

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/redis/go-redis/v9"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"github.com/caseload/caseload/cachewarm"
	"github.com/caseload/caseload/codec"
	"github.com/caseload/caseload/config"
	"github.com/caseload/caseload/config/stack"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/store"
)

// ErrNoServer says that no Temporal address is configured and no stack runs on
// the data folder.
var ErrNoServer = errors.New("no Temporal server")

// Dial connects to the Temporal server that cfg names, or else to that of the
// development stack on the data folder. What the connection does is told by t.
func Dial(ctx context.Context, cfg *config.Config, t *Telemetry, l log.Logger) (client.Client, error) {
	o, err := ClientOptions(cfg, t, l)
	if err != nil {
		return nil, err
	}
	c, err := client.DialContext(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("no answer from Temporal at %s: start it, or set temporal.address (CASELOAD_TEMPORAL_ADDRESS); "+
			"if it runs, see that TLS and credentials are as it wants them (temporal.profile): %w", o.HostPort, err)
	}
	return c, nil
}

// ClientOptions are the options of every client of Temporal that Caseload has, and
// so of the workers on it: address, TLS, credentials, encryption and telemetry.
func ClientOptions(cfg *config.Config, t *Telemetry, l log.Logger) (client.Options, error) {
	address, err := TemporalAddress(cfg)
	if err != nil {
		return client.Options{}, err
	}
	o := client.Options{HostPort: address, Namespace: cfg.Temporal.Namespace}
	if cfg.Temporal.Address != "" {
		if o, err = cfg.Temporal.ClientOptions(); err != nil {
			return o, err
		}
	}
	o.Logger = l
	equip, err := Equip(cfg, t)
	if err != nil {
		return o, err
	}
	equip(&o)
	return o, nil
}

// Equip is what every client of Temporal has, wherever it connects: encryption as
// cfg says, and telemetry.
func Equip(cfg *config.Config, t *Telemetry) (func(*client.Options), error) {
	keys, err := EncryptionKeys(cfg)
	if err != nil {
		return nil, err
	}
	return func(o *client.Options) {
		o.DataConverter, o.FailureConverter = codec.DataConverter(keys), codec.FailureConverter(keys)
		t.Client(o)
	}, nil
}

// EncryptionKeys are the keys of cfg; none if nothing is encrypted.
func EncryptionKeys(cfg *config.Config) (*codec.Keys, error) {
	return codec.ParseKeys(string(cfg.Encryption.Keys), cfg.Encryption.ActiveKey)
}

// TemporalAddress is the host:port of the Temporal server.
func TemporalAddress(cfg *config.Config) (string, error) {
	if cfg.Temporal.Address != "" {
		return cfg.Temporal.Address, nil
	}
	s, ok, err := stack.Read(cfg.DataDir)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", fmt.Errorf("%w: no stack runs on %s and temporal.address is not set; "+
			"run `starter dev` in another terminal, or set CASELOAD_TEMPORAL_ADDRESS", ErrNoServer, cfg.DataDir)
	}
	return s.Temporal, nil
}

// OpenRedis is a client of the Redis server that cfg names, or else of the
// development stack's; nil where there is neither. It connects when it is used:
// nothing depends on the server being there.
func OpenRedis(cfg *config.Config) (*redis.Client, error) {
	r := cfg.Redis
	if r.Address == "" {
		s, ok, err := stack.Read(cfg.DataDir)
		if err != nil || !ok {
			return nil, err
		}
		r.Address = s.Redis
	}
	o := &redis.Options{
		Addr: r.Address, Username: r.Username, Password: string(r.Password), DB: r.DB,
		DialTimeout: redisTimeout, ReadTimeout: redisTimeout, WriteTimeout: redisTimeout,
		ContextTimeoutEnabled: true, MaxRetries: -1, DialerRetries: 1, // who asks decides what to do without an answer
	}
	var err error
	if o.TLSConfig, err = r.TLSConfig(); err != nil {
		return nil, err
	}
	return redis.NewClient(o), nil
}

// silent is Redis's own log, which says what errors say too, over and over.
type silent struct{}

func (silent) Printf(context.Context, string, ...any) {}

func init() { redis.SetLogger(silent{}) }

// NewCache is the cache that cfg asks for, over a client of OpenRedis; nil for none.
// sink hears of its use, if it is not nil.
func NewCache(cfg *config.Config, client *redis.Client, sink metrics.Sink) *cachewarm.Cache {
	if !cfg.Cache.Enabled {
		return nil
	}
	return cachewarm.New(client, cachewarm.Options{
		Prefix: cfg.Redis.PrefixCache, MaxBytes: int64(cfg.Cache.MaxBytes),
		EntityTTL: cfg.Cache.EntityTTL, DocumentTTL: cfg.Cache.DocumentTTL,
		UseTTL:     time.Duration(cfg.Metrics.TTLDays) * 24 * time.Hour,
		Predictive: cfg.Cache.Predictive, Metrics: sink,
	})
}

// redisTimeout is how long Redis may take for an answer before it counts as gone.
const redisTimeout = time.Second

// OpenStore opens the store that cfg names, by default SQLite in the data
// folder.
func OpenStore(ctx context.Context, cfg *config.Config) (*store.Store, error) {
	url := string(cfg.Database.URL)
	if url == "" {
		path, err := filepath.Abs(StorePath(cfg))
		if err != nil {
			return nil, fmt.Errorf("data folder: %w", err)
		}
		url = "sqlite://" + path
	}
	return store.Open(ctx, url, store.Options{Connections: cfg.Database.Connections})
}

// StorePath is where the store is kept when no database is configured.
func StorePath(cfg *config.Config) string { return filepath.Join(cfg.DataDir, "caseload.db") }
