package config

import (
	"crypto/tls"
	"crypto/x509"
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
	return secretFromFile(set, "redis.password", &r.Password, r.passwordFile)
}

// TLSConfig is how the connection is encrypted; nil if it is not.
func (r Redis) TLSConfig() (*tls.Config, error) {
	if !r.TLS {
		return nil, nil
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: r.ServerName}
	if c.ServerName == "" {
		host, _, err := net.SplitHostPort(r.Address)
		if err != nil {
			return nil, fmt.Errorf("redis.address: %w", err)
		}
		c.ServerName = host
	}
	if r.CAFile != "" {
		pem, err := os.ReadFile(r.CAFile)
		if err != nil {
			return nil, fmt.Errorf("redis.tls_ca_file: %w", err)
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, errors.New("redis.tls_ca_file: there is no certificate in it")
		}
	}
	if r.CertFile != "" {
		cert, err := tls.LoadX509KeyPair(r.CertFile, r.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("redis.tls_cert_file: %w", err)
		}
		c.Certificates = []tls.Certificate{cert}
	}
	return c, nil
}
