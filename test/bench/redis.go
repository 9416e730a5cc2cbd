package main

import (
	"context"
	"errors"
	"net"
	"os/exec"
	"time"

	"github.com/redis/go-redis/v9"
)

// withRedis starts a Redis server on a free loopback port, runs do, and stops it.
func (r *rig) withRedis(ctx context.Context, do func(ctx context.Context, server *child, c *redis.Client) error) error {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		return errors.New("no redis-server on PATH, which the scenario " + r.name + " needs: install Debian's redis-server or another system's redis")
	}
	port, err := freePort()
	if err != nil {
		return err
	}
	server, err := startChild(program, nil, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", r.dir)
	if err != nil {
		return err
	}
	return server.during(ctx, func(ctx context.Context) error {
		c := redis.NewClient(&redis.Options{Addr: net.JoinHostPort("127.0.0.1", port), MaxRetries: -1})
		defer c.Close()
		if err := awaitRedis(ctx, c); err != nil {
			return err
		}
		return do(ctx, server, c)
	})
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}

func awaitRedis(ctx context.Context, c *redis.Client) error {
	for range 500 {
		if c.Ping(ctx).Err() == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return c.Ping(ctx).Err()
}
