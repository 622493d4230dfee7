package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"diachiso/models"
	"diachiso/models/certificate"
)

// certificateCommand verifies certificates and looks after their keys.
type certificateCommand struct {
	Verify certificateVerifyCommand `cmd:"" help:"Verify the certificate of an address, with the registry or without."`
	NewKey certificateNewKeyCommand `cmd:"" help:"Make a private key that certificates are signed with and print it, alone and this once."`
	Keys   certificateKeysCommand   `cmd:"" help:"List the keys that certificates were ever signed with: id, state, first use, reason of revoking."`
	Revoke certificateRevokeCommand `cmd:"" help:"Make a key that others may have got hold of prove nothing from now on, and with it every certificate that it signed."`
}

type certificateNewKeyCommand struct{}

// Run prints the key alone on standard output, and what to do with it on
// standard error.
func (certificateNewKeyCommand) Run(s streams) error {
	text, err := certificate.NewKey()
	if err != nil {
		return err
	}
	key, err := certificate.ReadKey(text)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "A new private key, %s. Keep it in a file that the server alone can read, name that in DIACHISO_CERTIFICATE_KEY_FILE\n"+
		"and start the server anew; certificates of an older key stay good. It is no part of the registry's backups: keep a copy in a safe place.\n", key.ID())
	_, err = s.out.Write(text)
	return err
}

type certificateKeysCommand struct{ database }

// Run prints a table of the public keys.
func (c *certificateKeysCommand) Run(ctx context.Context, s streams) error {
	store, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	keys, err := store.CertificateKeys(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "key\tstate\tfirst used\treason")
	for _, k := range keys {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", k.ID, stateOfCertificateKey(k), k.CreatedAt.Format(time.DateOnly), k.Reason)
	}
	return table.Flush()
}

func stateOfCertificateKey(k models.CertificateKey) string {
	if k.RevokedAt.IsZero() {
		return "good"
	}
	return "revoked " + k.RevokedAt.Format(time.DateOnly)
}

type certificateRevokeCommand struct {
	database
	Key    string `arg:"" name:"kid" help:"The id of the key, as certificate keys shows it. One that begins with a dash comes last, behind two dashes: revoke --reason TEXT -- KID."`
	Reason string `required:"" help:"Why, for those who run the registry; it is not published."`
}

// Run says what follows.
func (c *certificateRevokeCommand) Run(ctx context.Context, s streams) error {
	store, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	key, err := store.RevokeCertificateKey(ctx, c.Key, c.Reason)
	if err != nil {
		return plainly(err)
	}
	fmt.Fprintf(s.err, "The key %s proves nothing any more: its certificates are not valid, and servers that have it sign none. Those who verify offline need the new /.well-known/jwks.json.\n", key.ID)
	return nil
}
