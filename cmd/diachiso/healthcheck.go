package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// healthcheckCommand is what a container asks of itself.
type healthcheckCommand struct {
	Listen string `env:"DIACHISO_LISTEN" default:"127.0.0.1:8080" help:"The address that the server listens on."`
}

// Run asks /readyz.
func (c *healthcheckCommand) Run(ctx context.Context) error {
	address, err := reachable(c.Listen)
	if err != nil {
		return usagef("--listen: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/readyz", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("no server answers: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the server is not ready: it answers %s", response.Status)
	}
	return nil
}

// reachable is where a server that listens on an address can be asked from the
// same machine: one that listens everywhere, on the loopback address.
func reachable(listen string) (string, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "", err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}
