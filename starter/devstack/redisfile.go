package devstack

import (
	"bufio"
	"encoding/gob"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/alicebob/miniredis/v2"
)

const (
	// redisFile is what the server is read from and written to, in the data folder.
	redisFile = "redis.gob"
	// redisFormat is the version of that file. Another one is not read.
	redisFormat = 1
	// saveEvery is how often the server is written to the file, at least: where that
	// takes long it is less often, so that it takes a twentieth of the time at most.
	saveEvery = time.Minute
)

// savedRedis begins the file: Keys savedKeys follow.
type savedRedis struct {
	Format int
	At     time.Time
	Keys   int
}

// savedKey is a key. One of String, Hash and Set is its value, as Type says.
type savedKey struct {
	Key, Type string
	TTL       time.Duration // 0 for ever
	String    string
	Hash      map[string]string
	Set       map[string]float64
}

// keepIn reads the keys that keep says yes to from a file, if it is there, and
// writes them to it from now on, and when the server is closed. What the file lacks
// costs no document, and a file that cannot be read is written over. Its error says
// why it was not read.
func (r *Redis) keepIn(path string, keep func(key string) bool) error {
	err := r.load(path)
	r.save = func() error { return r.saveTo(path, keep) }
	r.wg.Go(func() {
		tick := time.NewTicker(saveEvery)
		defer tick.Stop()
		var next time.Time
		commands := r.server.CommandCount()
		for {
			select {
			case <-r.done:
				return
			case now := <-tick.C:
				if n := r.server.CommandCount(); n == commands || now.Before(next) {
					continue
				}
				commands = r.server.CommandCount()
				if r.save() == nil { // closing tells of an error that stays
					next = now.Add(20 * time.Since(now))
				}
			}
		}
	})
	return err
}

func (r *Redis) load(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	d := gob.NewDecoder(bufio.NewReaderSize(f, 1<<20))
	var head savedRedis
	if err := d.Decode(&head); err != nil {
		return fmt.Errorf("damaged: %w", err)
	}
	if head.Format != redisFormat {
		return fmt.Errorf("of another version (%d)", head.Format)
	}
	passed := max(time.Since(head.At), 0)
	for range head.Keys {
		var k savedKey
		if err := d.Decode(&k); err != nil {
			return fmt.Errorf("damaged: %w", err)
		}
		if err := restore(r.server, k, passed); err != nil {
			return fmt.Errorf("damaged: %w", err)
		}
	}
	return nil
}

// restore sets a key as it was, so long ago.
func restore(m *miniredis.Miniredis, k savedKey, passed time.Duration) error {
	if k.TTL > 0 && k.TTL <= passed {
		return nil
	}
	switch k.Type {
	case "string":
		if err := m.Set(k.Key, k.String); err != nil {
			return err
		}
	case "hash":
		for f, v := range k.Hash {
			m.HSet(k.Key, f, v)
		}
	case "zset":
		for member, score := range k.Set {
			if _, err := m.ZAdd(k.Key, score, member); err != nil {
				return err
			}
		}
	}
	if k.TTL > 0 {
		m.SetTTL(k.Key, k.TTL-passed)
	}
	return nil
}

// saveTo writes the file, whole or not at all, for its owner alone.
func (r *Redis) saveTo(path string, keep func(key string) bool) (err error) {
	var keys []string
	for _, k := range r.server.Keys() {
		if keep(k) {
			keys = append(keys, k)
		}
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	w := bufio.NewWriterSize(f, 1<<20)
	e := gob.NewEncoder(w)
	if err := e.Encode(savedRedis{Format: redisFormat, At: time.Now(), Keys: len(keys)}); err != nil {
		return err
	}
	for _, k := range keys {
		if err := e.Encode(saved(r.server, k)); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// saved is a key as it is now; without a value if it has just gone, or is of a type
// that Caseload does not use.
func saved(m *miniredis.Miniredis, key string) savedKey {
	k := savedKey{Key: key, Type: m.DB(0).Type(key), TTL: m.TTL(key)}
	var err error
	switch k.Type {
	case "string":
		k.String, err = m.Get(key)
	case "zset":
		k.Set, err = m.SortedSet(key)
	case "hash":
		var fields []string
		fields, err = m.HKeys(key)
		k.Hash = make(map[string]string, len(fields))
		for _, f := range fields {
			k.Hash[f] = m.HGet(key, f)
		}
	}
	if err != nil {
		return savedKey{Key: key}
	}
	return k
}
