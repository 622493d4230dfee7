package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"

	"diachiso"
	"diachiso/geo"
	"diachiso/handlers"
	"diachiso/models"
)

// serveCommand serves the registry.
type serveCommand struct {
	database
	signIn
	certificates
	Listen         string           `env:"DIACHISO_LISTEN" default:"127.0.0.1:8080" help:"The address to listen on."`
	LogLevel       string           `env:"DIACHISO_LOG_LEVEL" default:"info" enum:"debug,info,warn,error" help:"debug, info, warn or error; logs are lines of JSON on standard error."`
	RateLimit      quota            `env:"DIACHISO_RATE_LIMIT" default:"600" help:"Requests a minute of a key, or of a client's address without one; 0: any number."`
	ProposalLimit  quota            `env:"DIACHISO_PROPOSAL_LIMIT" default:"20" help:"Proposals and reports an hour of a client's address without a key; 0: any number."`
	TrustedProxies handlers.Proxies `env:"DIACHISO_TRUSTED_PROXIES" placeholder:"NETWORK,…" help:"Addresses and networks of the proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; none: nobody's."`
}

// quota is a number of requests; 0: any.
type quota int

// UnmarshalText reads a whole number that is not negative.
func (q *quota) UnmarshalText(text []byte) error {
	n, err := strconv.Atoi(string(text))
	if err != nil || n < 0 {
		return fmt.Errorf("%q is no number of requests: write a whole one, 1 or more, or 0 for any number", text)
	}
	*q = quota(n)
	return nil
}

// stopWithin is how long requests under way may take when the server stops.
const stopWithin = 10 * time.Second

// Run serves until the context ends (SIGINT, SIGTERM), then lets the requests
// under way finish.
func (c *serveCommand) Run(ctx context.Context, s streams) error {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(s.err, &slog.HandlerOptions{Level: level}))
	options, err := c.options(log, ctx.Done())
	if err != nil {
		return err
	}
	store, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	if key := options.CertificateKey; key != nil {
		if err := store.AddCertificateKey(ctx, key.ID(), key.Public()); err != nil {
			return fmt.Errorf("%s: %w", c.CertificateKeyFile, plainly(err))
		}
		if c.PublicURL == "" {
			log.Warn("certificates name no issuer, and their papers not where its keys are: set DIACHISO_PUBLIC_URL")
		}
	}
	listener, err := net.Listen("tcp", c.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("something listens on %s already: name another address with --listen", c.Listen)
	}
	if err != nil {
		return fmt.Errorf("listen on %s: %w", c.Listen, err)
	}
	server := &http.Server{
		Handler:           handlers.New(store, options),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	defer keepHouse(ctx, store, log)()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	log.Info("serving", "address", listener.Addr().String(), "database", store.Database(), "version", diachiso.Version)
	if err := greet(ctx, s, store, listener.Addr().String()); err != nil {
		log.Warn("greeting", "error", err.Error())
	}
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

// options are what the flags say about the interface.
func (c *serveCommand) options(log *slog.Logger, stopping <-chan struct{}) (handlers.Options, error) {
	key, err := c.certificateKey(log)
	if err != nil {
		return handlers.Options{}, err
	}
	provider, err := c.provider()
	return handlers.Options{
		Version: diachiso.Version, Logger: log, Stopping: stopping,
		RateLimit: int(c.RateLimit), ProposalLimit: int(c.ProposalLimit), TrustedProxies: c.TrustedProxies,
		PublicURL: c.PublicURL, SignIn: provider, CertificateKey: key,
	}, err
}

// adminKeyFile is where make run leaves the key for trying out writes.
const adminKeyFile = "data/admin.key"

// keyToTry says how a shell writes a key, and where one comes from: a registry
// that never had any gets its first, on standard output, because the log must
// not hold it.
func keyToTry(ctx context.Context, s streams, store *models.Store) (string, error) {
	first, err := store.FirstKey(ctx)
	if err != nil {
		return "", err
	}
	if first != "" {
		fmt.Fprintf(s.out, "Writing needs a key. This registry had none; here is its first, an admin's, shown this once:\n  KEY=%s\n", first)
	} else if _, err := os.Stat(adminKeyFile); err == nil {
		return "$(cat " + adminKeyFile + ")", nil
	} else {
		fmt.Fprintln(s.out, "Writing needs a key: KEY=$(diachiso key create --role admin --name try-out)")
	}
	return "$KEY", nil
}

// greet prints where the console is and three calls to try, with an address
// that is registered here.
func greet(ctx context.Context, s streams, store *models.Store, listen string) error {
	address, err := reachable(listen)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "Console: http://%s/docs\n", address)
	key, err := keyToTry(ctx, s, store)
	if err != nil {
		return err
	}
	page, _, err := store.List(ctx, models.ListFilter{Status: models.StatusCurrent, Limit: 1})
	if err != nil {
		return err
	}
	if len(page) == 0 {
		fmt.Fprintln(s.out, "The registry is empty: diachiso demo or diachiso import fills it.")
		return nil
	}
	units, err := store.Units(ctx)
	if err != nil {
		return err
	}
	a := units.Public(page[0], store.Today())
	fmt.Fprintf(s.out, `Try:
  curl http://%[1]s/v1/resolve/%[2]s
  curl 'http://%[1]s/v1/reverse?lat=%[3]s&lng=%[4]s'
  curl http://%[1]s/v1/addresses -H "Authorization: Bearer %[5]s" -H 'Content-Type: application/json' \
    -d '{"kind":"business","name":"Quán Sen","name_public":true,"commune":"%[6]s","lat":%[3]s,"lng":%[4]s}'
`, address, a.Code, geo.FormatE7(int32(a.Position.Lat)), geo.FormatE7(int32(a.Position.Lng)), key, a.Commune.Code)
	return nil
}
