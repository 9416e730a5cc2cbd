package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
)

// redisAddress reads host:port, or a URL such as rediss://user:password@host:6380/0.
func redisAddress() kind[string] {
	plain := address()
	return kind[string]{"address", "host:port, or redis://[user:password@]host[:port][/db], or the same with rediss for TLS",
		func(raw any) (string, bool) {
			s, ok := raw.(string)
			if !ok || !strings.Contains(s, "://") {
				return plain.read(raw)
			}
			_, ok = parseRedisURL(s)
			return s, ok
		}}
}

func parseRedisURL(s string) (r Redis, ok bool) {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.Opaque != "" || u.RawQuery != "" || u.Fragment != "" {
		return Redis{}, false
	}
	switch u.Scheme {
	case "redis":
	case "rediss":
		r.TLS = true
	default:
		return Redis{}, false
	}
	port := u.Port()
	if port == "" {
		port = "6379"
	}
	r.Address = net.JoinHostPort(u.Hostname(), port)
	if _, ok := address().read(r.Address); !ok {
		return Redis{}, false
	}
	r.Username = u.User.Username()
	password, _ := u.User.Password()
	r.Password = Secret(password)
	if db := strings.TrimPrefix(u.Path, "/"); db != "" {
		if r.DB, err = strconv.Atoi(db); err != nil || r.DB < 0 {
			return Redis{}, false
		}
	}
	return r, true
}

// resolve takes a URL in the address apart and reads the password file. What
// has a value of its own, as set tells, keeps it.
func (r *Redis) resolve(set func(key string) bool) error {
	if strings.Contains(r.Address, "://") {
		parts, _ := parseRedisURL(r.Address) // it parsed when the key was read
		r.Address = parts.Address
		if !set("redis.username") {
			r.Username = parts.Username
		}
		if !set("redis.password") && !set("redis.password_file") {
			r.Password = parts.Password
		}
		if !set("redis.db") {
			r.DB = parts.DB
		}
		if !set("redis.tls") {
			r.TLS = parts.TLS
		}
	}
	if r.passwordFile == "" {
		return nil
	}
	if set("redis.password") {
		return errors.New("redis.password and redis.password_file are both set: leave one out")
	}
	raw, err := os.ReadFile(r.passwordFile)
	if err != nil {
		return fmt.Errorf("redis.password_file: %w", err)
	}
	r.Password = Secret(strings.TrimRight(string(raw), "\r\n"))
	return nil
}
