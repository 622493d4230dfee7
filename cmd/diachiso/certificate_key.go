package main

import (
	"fmt"
	"log/slog"
	"os"

	"diachiso/models/certificate"
)

// certificates are the settings of what signs certificates.
type certificates struct {
	CertificateKeyFile string `name:"certificate-key-file" env:"DIACHISO_CERTIFICATE_KEY_FILE" placeholder:"FILE" help:"A file with the private key that certificates of addresses are signed with, as diachiso certificate new-key prints it; empty: none are given."`
}

// certificateKey reads the key; nil: none is set. Whoever else can read the
// file can sign in the name of the registry.
func (c certificates) certificateKey(log *slog.Logger) (*certificate.Key, error) {
	if c.CertificateKeyFile == "" {
		return nil, nil
	}
	text, err := os.ReadFile(c.CertificateKeyFile)
	if err != nil {
		return nil, fmt.Errorf("read the key of certificates: %w", err)
	}
	key, err := certificate.ReadKey(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.CertificateKeyFile, err)
	}
	if info, err := os.Stat(c.CertificateKeyFile); err == nil && info.Mode().Perm()&0o004 != 0 {
		log.Warn("everybody on this machine can read the key of certificates: chmod 600", "file", c.CertificateKeyFile)
	}
	return key, nil
}
