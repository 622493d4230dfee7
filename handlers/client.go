package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"

	"github.com/gin-gonic/gin"
)

// Proxies are the addresses of the forwarders whose word about clients is
// believed; none: nobody's, not even of this machine.
type Proxies []netip.Prefix

// UnmarshalText reads addresses and networks (CIDR) with commas between them.
// A network of all addresses is refused: everybody could choose a name then.
func (p *Proxies) UnmarshalText(text []byte) error {
	var list Proxies
	for item := range strings.SplitSeq(string(text), ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		network, err := parseNetwork(item)
		if err != nil {
			return err
		}
		list = append(list, network)
	}
	*p = list
	return nil
}

func parseNetwork(text string) (netip.Prefix, error) {
	if address, err := netip.ParseAddr(text); err == nil {
		address = plain4(address)
		return netip.PrefixFrom(address, address.BitLen()), nil
	}
	network, err := netip.ParsePrefix(text)
	switch {
	case err != nil:
		return netip.Prefix{}, fmt.Errorf("%q is neither an address nor a network such as 10.0.0.0/8", text)
	case network.Bits() == 0:
		return netip.Prefix{}, errors.New("a network of all addresses would let everybody choose the address they are counted under")
	case network.Addr().Is4In6():
		return netip.Prefix{}, fmt.Errorf("%q is a network of IPv4 written as IPv6: write it as IPv4", text)
	}
	return network.Masked(), nil
}

// hold reports whether an address is one of a forwarder.
func (p Proxies) hold(address netip.Addr) bool {
	for _, network := range p {
		if network.Contains(address) {
			return true
		}
	}
	return false
}

// plain4 is an address without its zone, an IPv4 one as such.
func plain4(address netip.Addr) netip.Addr { return address.WithZone("").Unmap() }

// peerOf is who is at the other end of the connection; the zero Addr where
// that has no address.
func peerOf(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return plain4(peer.Addr())
}

// clientAddress is the address of whoever asks: the other end of the
// connection or, where that is a trusted forwarder, the last address before
// the trusted ones in X-Forwarded-For. What stands farther to the left, and
// all of it from anybody else, is the client's own word.
func (a *API) clientAddress(c *gin.Context) netip.Addr {
	address := peerOf(c.Request)
	if len(a.proxies) == 0 || !a.proxies.hold(address) {
		return address
	}
	rest := strings.Join(c.Request.Header["X-Forwarded-For"], ",")
	for rest != "" && a.proxies.hold(address) {
		comma := strings.LastIndexByte(rest, ',')
		before, err := parseHop(rest[comma+1:])
		if err != nil {
			break
		}
		address, rest = before, rest[:max(comma, 0)]
	}
	return address
}

// clientNetwork is what one client has of addresses: an IPv4 address, or the
// /64 of an IPv6 one, within which a single machine may choose freely.
func (a *API) clientNetwork(c *gin.Context) netip.Addr {
	address := a.clientAddress(c)
	if !address.Is6() {
		return address
	}
	network, err := address.Prefix(64)
	if err != nil {
		panic(err) // an IPv6 address has 64 bits to keep
	}
	return network.Addr()
}

// parseHop reads one address of X-Forwarded-For, to which some forwarders add
// a port.
func parseHop(text string) (netip.Addr, error) {
	text = strings.TrimSpace(text)
	if hop, err := netip.ParseAddrPort(text); err == nil {
		return plain4(hop.Addr()), nil
	}
	hop, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	return plain4(hop), err
}

// secure reports whether the client's connection is encrypted: up to here, or
// up to a trusted forwarder that says so.
func (a *API) secure(c *gin.Context) bool {
	if c.Request.TLS != nil {
		return true
	}
	if len(a.proxies) == 0 || !a.proxies.hold(peerOf(c.Request)) {
		return false
	}
	// The first forwarder, the client's own end, writes first.
	scheme, _, _ := strings.Cut(strings.Join(c.Request.Header["X-Forwarded-Proto"], ","), ",")
	return strings.EqualFold(strings.TrimSpace(scheme), "https")
}

// baseURL is where people reach this server, for links: the public URL that the
// operator has set, or where this request went. It has no slash at its end.
func (a *API) baseURL(c *gin.Context) (string, error) {
	if a.publicURL != "" {
		return a.publicURL, nil
	}
	if !saneHost.MatchString(c.Request.Host) {
		return "", invalid("", "bad-host", "The Host header names no host, so no link can be made of it.",
			"Tiêu đề Host không phải tên máy chủ nên không thể tạo liên kết.")
	}
	scheme := "http://"
	if a.secure(c) {
		scheme = "https://"
	}
	return scheme + c.Request.Host, nil
}
