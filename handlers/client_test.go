package handlers

import (
	"crypto/tls"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/gin-gonic/gin"
)

func proxies(t *testing.T, text string) Proxies {
	t.Helper()
	var list Proxies
	if err := list.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return list
}

// Nobody but a trusted forwarder chooses the address that is counted.
func TestClientChoosesItsAddress(t *testing.T) {
	const ours = "10.0.0.0/8, 192.0.2.1, fd00::/8"
	for _, c := range []struct {
		name, trusted, peer string
		forwarded           []string
		want                string
	}{
		{"nobody is trusted", "", "198.51.100.7:4000", []string{"203.0.113.9"}, "198.51.100.7"},
		{"not even this machine", "", "127.0.0.1:4000", []string{"203.0.113.9"}, "127.0.0.1"},
		{"an untrusted peer", ours, "198.51.100.7:4000", []string{"203.0.113.9"}, "198.51.100.7"},
		{"a trusted one", ours, "10.1.2.3:4000", []string{"203.0.113.9"}, "203.0.113.9"},
		{"a trusted one that says nothing", ours, "10.1.2.3:4000", nil, "10.1.2.3"},
		{"an empty header", ours, "10.1.2.3:4000", []string{""}, "10.1.2.3"},
		{"the client put one before", ours, "10.1.2.3:4000", []string{"1.1.1.1, 203.0.113.9"}, "203.0.113.9"},
		{"the client put a trusted one before", ours, "10.1.2.3:4000", []string{"10.9.9.9, 203.0.113.9"}, "203.0.113.9"},
		{"in a header of its own", ours, "10.1.2.3:4000", []string{"1.1.1.1", "203.0.113.9"}, "203.0.113.9"},
		{"two forwarders", ours, "10.1.2.3:4000", []string{"1.1.1.1, 203.0.113.9, 192.0.2.1"}, "203.0.113.9"},
		{"all of them forwarders", ours, "10.1.2.3:4000", []string{"10.0.0.7,10.0.0.8"}, "10.0.0.7"},
		{"garbage from the client", ours, "10.1.2.3:4000", []string{"evil<>, 203.0.113.9"}, "203.0.113.9"},
		{"garbage from the forwarder", ours, "10.1.2.3:4000", []string{"203.0.113.9, unknown"}, "10.1.2.3"},
		{"nothing but commas", ours, "10.1.2.3:4000", []string{",,,"}, "10.1.2.3"},
		{"a port", ours, "10.1.2.3:4000", []string{"203.0.113.9:51234"}, "203.0.113.9"},
		{"IPv6", ours, "[fd00::1]:4000", []string{"2001:db8::1"}, "2001:db8::1"},
		{"IPv6 in brackets with a port", ours, "[fd00::1]:4000", []string{"[2001:db8::1]:443"}, "2001:db8::1"},
		{"IPv6 in brackets", ours, "[fd00::1]:4000", []string{"[2001:db8::1]"}, "2001:db8::1"},
		{"a zone", ours, "[fd00::1]:4000", []string{"fe80::1%eth0"}, "fe80::1"},
		{"IPv4 written as IPv6", ours, "[::ffff:10.1.2.3]:4000", []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
		{"IPv4 written as IPv6 from anybody", ours, "[::ffff:198.51.100.7]:4000", []string{"203.0.113.9"}, "198.51.100.7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAPI(nil, Options{TrustedProxies: proxies(t, c.trusted)})
			asked := contextOf(c.peer)
			if c.forwarded != nil {
				asked.Request.Header["X-Forwarded-For"] = c.forwarded
			}
			asked.Request.Header["X-Real-Ip"] = []string{"8.8.8.8"}
			asked.Request.Header["Forwarded"] = []string{"for=8.8.4.4"}
			if got := a.clientAddress(asked).String(); got != c.want {
				t.Errorf("%s is counted, want %s", got, c.want)
			}
		})
	}
	if got := newAPI(nil, Options{}).clientAddress(contextOf("@")); got.IsValid() {
		t.Errorf("a socket without an address is %s", got)
	}
}

// A machine has 2^64 addresses of IPv6 to choose from.
func TestOneMachineIsManyClients(t *testing.T) {
	a := newAPI(nil, Options{})
	for peer, want := range map[string]string{
		"[2001:db8:1:2:3:4:5:6]:80": "2001:db8:1:2::", "[2001:db8:1:2:ffff::1]:80": "2001:db8:1:2::", "[2001:db8:1:3::1]:80": "2001:db8:1:3::",
		"198.51.100.7:80": "198.51.100.7", "[::ffff:198.51.100.7]:80": "198.51.100.7",
	} {
		if got := a.clientNetwork(contextOf(peer)).String(); got != want {
			t.Errorf("%s is counted as %s, want %s", peer, got, want)
		}
	}
}

func contextOf(peer string) *gin.Context {
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = httptest.NewRequest("GET", "/", nil)
	c.Request.RemoteAddr = peer
	return c
}

func TestClientSaysThatItIsSecure(t *testing.T) {
	a := newAPI(nil, Options{TrustedProxies: proxies(t, "10.0.0.1")})
	for _, c := range []struct {
		name, peer string
		proto      []string
		want       bool
	}{
		{"plain", "198.51.100.7:1", nil, false},
		{"by its own word", "198.51.100.7:1", []string{"https"}, false},
		{"behind a forwarder with TLS", "10.0.0.1:1", []string{"https"}, true},
		{"behind two, plain between them", "10.0.0.1:1", []string{"HTTPS, http"}, true},
		{"behind a forwarder without", "10.0.0.1:1", []string{"http"}, false},
		{"behind one that says nothing", "10.0.0.1:1", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked := contextOf(c.peer)
			if c.proto != nil {
				asked.Request.Header["X-Forwarded-Proto"] = c.proto
			}
			if got := a.secure(asked); got != c.want {
				t.Errorf("secure is %t", got)
			}
		})
	}
	own := contextOf("198.51.100.7:1")
	if own.Request.TLS = new(tls.ConnectionState); !a.secure(own) {
		t.Error("TLS of our own is not secure")
	}
}

func TestTrustedProxiesAreMistyped(t *testing.T) {
	for _, text := range []string{"0.0.0.0/0", "::/0", "10.0.0.0/33", "proxy.example", "10.0.0.1-10.0.0.9", "::ffff:10.0.0.0/104"} {
		var list Proxies
		if err := list.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%s is taken for %v", text, list)
		}
	}
	if got := proxies(t, " 10.0.0.5/8 ,::1,, "); !slices.Equal(got, proxies(t, "10.0.0.0/8,::1/128")) {
		t.Errorf("read as %v", got)
	}
}
