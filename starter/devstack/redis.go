package devstack

import (
	"fmt"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// Redis is a Redis server inside this process. Keys expire as time passes. It
// keeps across restarts what it is told to, which costs no document if it fails:
// cache and metrics are all that is in it.
type Redis struct {
	server *miniredis.Miniredis
	done   chan struct{}
	wg     sync.WaitGroup
	save   func() error // nil if nothing is kept
}

// redisTick is how exact expiry is.
const redisTick = 200 * time.Millisecond

// StartRedis starts a server on a free loopback port.
func StartRedis() (*Redis, error) {
	m := miniredis.NewMiniRedis()
	if err := m.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("start embedded Redis: %w", err)
	}
	r := &Redis{server: m, done: make(chan struct{})}
	r.wg.Go(r.expire)
	return r, nil
}

// expire moves the server's clock, which stands still by itself.
func (r *Redis) expire() {
	tick := time.NewTicker(redisTick)
	defer tick.Stop()
	last := time.Now()
	for {
		select {
		case <-r.done:
			return
		case now := <-tick.C:
			r.server.FastForward(now.Sub(last))
			last = now
		}
	}
}

// Addr is the server's host:port.
func (r *Redis) Addr() string { return r.server.Addr() }

// Close stops the server.
func (r *Redis) Close() { _ = r.end() }

// end stops the server. Its error says why what it held is not kept.
func (r *Redis) end() (err error) {
	close(r.done)
	r.wg.Wait()
	if r.save != nil {
		if err = r.save(); err != nil {
			err = fmt.Errorf("keep what the embedded Redis holds: %w", err)
		}
	}
	r.server.Close()
	return err
}
