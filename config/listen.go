package config

import (
	"net"
	"strconv"
	"strings"
)

// listenAddress reads host:port, or a port alone, which is on loopback: an
// address that others reach must be asked for. Port 0 is a free one.
func listenAddress() kind[string] {
	return kind[string]{"address", "host:port, or a port alone, which is on loopback", func(raw any) (string, bool) {
		s, isText := raw.(string)
		if n, ok := raw.(int); ok {
			s, isText = strconv.Itoa(n), true
		}
		if s == "" {
			return "", isText
		}
		if !strings.Contains(s, ":") {
			s = ":" + s
		}
		host, port, err := net.SplitHostPort(s)
		if host == "" {
			host = "127.0.0.1"
		}
		n, bad := strconv.Atoi(port)
		return net.JoinHostPort(host, port), err == nil && bad == nil && n >= 0 && n <= 65535
	}}
}
