package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"diachiso/geo"
	"diachiso/models"
	"diachiso/models/certificate"
)

// maxCertificate bounds what is read from standard input, in bytes; what is
// longer is no certificate.
const maxCertificate = 64 << 10

type certificateVerifyCommand struct {
	database
	Keys        string `type:"existingfile" placeholder:"FILE" help:"Verify by the public keys in this file alone, as /.well-known/jwks.json has them; without it the registry's database is asked, and what has become of the address."`
	Certificate string `arg:"" help:"What the QR code holds; - reads it from standard input."`
}

// Run prints what the certificate says; the exit code is 0 where it is valid.
func (c *certificateVerifyCommand) Run(ctx context.Context, s streams) error {
	text, err := c.text()
	if err != nil {
		return err
	}
	v, err := c.verdict(ctx, text)
	if err != nil {
		return plainly(err)
	}
	if err := printVerdict(s.out, v); err != nil {
		return err
	}
	if !v.Valid {
		return errQuiet
	}
	return nil
}

func (c *certificateVerifyCommand) text() (string, error) {
	if c.Certificate != "-" {
		return c.Certificate, nil
	}
	text, err := io.ReadAll(io.LimitReader(os.Stdin, maxCertificate))
	if err != nil {
		return "", fmt.Errorf("read the certificate: %w", err)
	}
	return string(text), nil
}

func (c *certificateVerifyCommand) verdict(ctx context.Context, text string) (*certificate.Verdict, error) {
	if c.Keys == "" {
		store, err := c.openExisting(ctx)
		if err != nil {
			return nil, err
		}
		defer store.Close()
		return certificate.Check(ctx, store, text)
	}
	set, err := os.ReadFile(c.Keys)
	if err != nil {
		return nil, fmt.Errorf("read the keys: %w", err)
	}
	keys, err := certificate.ReadSet(set)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Keys, err)
	}
	return certificate.Verify(text, keys, time.Now())
}

// reasonWords say for people why a certificate is not valid.
var reasonWords = map[string]string{
	certificate.ReasonSignature:  "its signature does not fit: something in it was changed or misread",
	certificate.ReasonKeyUnknown: "it is signed with a key that is not among those known here: somebody else's, a revoked one, or one newer than the file of keys",
	certificate.ReasonKeyRevoked: "the key that it is signed with is revoked: anybody might have signed it",
	certificate.ReasonNotYet:     "it is issued in the future: look whether the clock here is right",
	certificate.ReasonExpired:    "it has expired",
}

// printVerdict says a verdict in lines, a word and its meaning in each.
func printVerdict(w io.Writer, v *certificate.Verdict) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(label, text string) {
		if text != "" {
			fmt.Fprintf(table, "%s\t%s\n", label, text)
		}
	}
	if v.Valid {
		line("valid", "yes")
	} else {
		line("valid", "no: "+reasonWords[v.Reason])
	}
	line("key", strings.Trim(fmt.Sprintf("%q", v.KeyID), `"`)) // quoted, because anybody may have written it
	if c := v.Claims; c != nil {
		line("issued by", c.Issuer)
		line("issued", string(c.IssuedOn()))
		line("valid until", string(c.LastDay()))
		line("code", c.Code.Grouped())
		line("kind", c.Kind)
		line("name", cmp.Or(c.Name, ofDigest(c.NameSHA256)))
		line("text", cmp.Or(c.Text, ofDigest(c.TextSHA256)))
		line("position", geo.FormatE7(int32(c.Lat))+","+geo.FormatE7(int32(c.Lng))+" (lat,lng)")
		line("commune", c.Commune)
		line("verification", c.Verification+", "+string(c.VerifiedOn))
		line("address since", string(c.ValidFrom))
		line("version", fmt.Sprint(c.Version))
	}
	line("today", currentWords(v.Current))
	return table.Flush()
}

// ofDigest says that a text is too long for the QR code; empty: it is not.
func ofDigest(sum string) string {
	if sum == "" {
		return ""
	}
	return "as on the paper, if its SHA-256 is " + sum
}

// currentWords say how the registry sees the address now; empty: it was not asked.
func currentWords(now *certificate.Current) string {
	switch {
	case now == nil:
		return ""
	case now.Status == certificate.StatusUnknown:
		return "this registry does not have the address"
	case now.Status == models.StatusRetired && len(now.Successors) == 0:
		return "the address is in use no more"
	case now.Status == models.StatusRetired:
		codes := make([]string, len(now.Successors))
		for i, code := range now.Successors {
			codes[i] = code.Grouped()
		}
		return "the address is in use no more; it is succeeded by " + strings.Join(codes, ", ")
	case now.Same:
		return "the registry says the same"
	}
	return fmt.Sprintf("changed since: %s (version %d)", strings.Join(now.Changed, ", "), now.Version)
}
