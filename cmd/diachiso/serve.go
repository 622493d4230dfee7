package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"diachiso"
	"diachiso/geo"
	"diachiso/handlers"
	"diachiso/models"
)

// serveCommand serves the registry.
type serveCommand struct {
	database
	Listen   string     `env:"DIACHISO_LISTEN" default:"127.0.0.1:8080" help:"The address to listen on."`
	LogLevel slog.Level `env:"DIACHISO_LOG_LEVEL" default:"info" help:"debug, info, warn or error; logs are lines of JSON on standard error."`
}

// stopWithin is how long requests under way may take when the server stops.
const stopWithin = 10 * time.Second

// Run serves until the context ends (SIGINT, SIGTERM), then lets the requests
// under way finish.
func (c *serveCommand) Run(ctx context.Context, s streams) error {
	log := slog.New(slog.NewJSONHandler(s.err, &slog.HandlerOptions{Level: c.LogLevel}))
	store, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", c.Listen, err)
	}
	server := &http.Server{
		Handler:           handlers.New(store, handlers.Options{Version: diachiso.Version, Logger: log}),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	log.Info("serving", "address", listener.Addr().String(), "database", store.Database(), "version", diachiso.Version)
	greet(ctx, s, store, "http://"+listener.Addr().String())
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	log.Info("stopping", "within", stopWithin.String())
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	if err := server.Shutdown(end); err != nil {
		return fmt.Errorf("requests were still under way after %s: %w", stopWithin, errors.Join(err, server.Close()))
	}
	return nil
}

// greet prints where the console is and three calls to try, with an address
// that is registered here.
func greet(ctx context.Context, s streams, store *models.Store, base string) {
	fmt.Fprintf(s.out, "Console: %s/docs\n", base)
	page, _, err := store.List(ctx, models.ListFilter{Status: models.StatusCurrent, Limit: 1})
	if err != nil || len(page) == 0 {
		fmt.Fprintln(s.out, "The registry is empty: diachiso demo or diachiso import fills it.")
		return
	}
	a := page[0]
	lat, lng := geo.FormatE7(a.Point.Lat), geo.FormatE7(a.Point.Lng)
	fmt.Fprintf(s.out, `Try:
  curl %[1]s/v1/resolve/%[2]s
  curl '%[1]s/v1/reverse?lat=%[3]s&lng=%[4]s'
  curl %[1]s/v1/addresses -H "Authorization: Bearer $(cat data/admin.key)" -H 'Content-Type: application/json' \
    -d '{"kind":"business","name":"Quán Sen","name_public":true,"lat":%[3]s,"lng":%[4]s}'
`, base, a.Code, lat, lng)
}
