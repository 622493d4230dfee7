package handlers

import (
	"math/big"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"diachiso/geo"
)

func TestQualityIgnoresSpecificRanges(t *testing.T) {
	cases := []struct {
		accept string
		want   float64
	}{
		{"", 1}, {"*/*", 1}, {"application/*", 1}, {"application/json", 1}, {"APPLICATION/JSON", 1}, {"text/html", 0},
		{"application/json;q=0.3, */*", 0.3}, {"*/*;q=0.1, application/*;q=0.2", 0.2}, {"application/json ; charset=utf-8 ; Q=0.5", 0.5},
		{"application/json;q=0", 0}, {"application/json;q=2", 0}, {"application/json;q=x", 0}, {"application/json;q=NaN", 0}, {",,", 1},
	}
	for _, c := range cases {
		if got := qualityOf("application/json", mediaRanges(c.accept)); got != c.want {
			t.Errorf("%q: %v, want %v", c.accept, got, c.want)
		}
	}
}

func TestNearestName(t *testing.T) {
	known := []string{"lat", "lng", "limit", "radius"}
	for given, want := range map[string]string{"lmit": "limit", "limits": "limit", "lon": "", "lgn": "", "ln": "lng", "rayon": "", "x": "", "": "", "Lat": "lat", "latitude": ""} {
		if got := nearestName(given, known); got != want {
			t.Errorf("%q is taken for %q, want %q", given, got, want)
		}
	}
}

func TestEditsAreNoDistance(t *testing.T) {
	letters := rapid.StringMatching(`[abđ]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := []rune(letters.Draw(t, "a")), []rune(letters.Draw(t, "b")), []rune(letters.Draw(t, "c"))
		if edits(a, b) != edits(b, a) || edits(a, c) > edits(a, b)+edits(b, c) || (edits(a, b) == 0) != (string(a) == string(b)) {
			t.Fatal("not a metric")
		}
	})
}

func TestBoxIsRoundedInward(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?(1[0-9]{2}|[1-9]?[0-9])\.[0-9]{1,12}`).Draw(t, "number")
		_, got, err := around(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		exact, _ := new(big.Rat).SetString(text)
		exact.Mul(exact, big.NewRat(1e7, 1))
		above := new(big.Rat).Sub(new(big.Rat).SetInt64(got), exact)
		if above.Sign() < 0 || above.Cmp(big.NewRat(1, 1)) >= 0 {
			t.Fatalf("%s is rounded to %d", text, got)
		}
	})
}

func TestMatchingTag(t *testing.T) {
	for header, want := range map[string]string{
		`"a"`: `"a"`, `W/"a"`: `"a"`, `"b", "a"`: `"a"`, `*`: `"a"`, `"a-gzip"`: `"a-gzip"`, `"a-zstd"`: `"a-zstd"`,
		`"ab"`: "", `a`: "", ``: "", `"b"`: "", `"a-br"`: "",
	} {
		h := http.Header{"If-None-Match": {header}, "Accept-Encoding": {"gzip, zstd"}}
		if got := matchingTag(h, `"a"`); got != want {
			t.Errorf("%s gives %q, want %q", header, got, want)
		}
	}
	if got := matchingTag(http.Header{"If-None-Match": {`"a-zstd"`}, "Accept-Encoding": {"gzip"}}, `"a"`); got != "" {
		t.Errorf("%s matches for a client that can't read it", got)
	}
}

func TestSaneIDs(t *testing.T) {
	for id, want := range map[string]bool{"a": true, "0-9_Z.z": true, "": false, "a b": false, "a\n": false, "ă": false,
		strings.Repeat("a", 64): true, strings.Repeat("a", 65): false} {
		if isSaneID(id) != want {
			t.Errorf("%q: %v", id, !want)
		}
	}
}

func TestPresentedSecret(t *testing.T) {
	for name, c := range map[string]struct {
		header http.Header
		want   string
	}{
		"bearer":            {http.Header{"Authorization": {"Bearer k"}}, "k"},
		"bearer lower case": {http.Header{"Authorization": {"bearer  k"}}, "k"},
		"own header":        {http.Header{"X-Api-Key": {" k "}}, "k"},
		"no token":          {http.Header{"Authorization": {"Bearer "}}, ""},
		"no scheme":         {http.Header{"Authorization": {"k"}}, ""},
		"both":              {http.Header{"Authorization": {"Bearer k"}, "X-Api-Key": {"k"}}, ""},
		"none":              {http.Header{}, ""},
	} {
		got, err := presentedSecret(c.header)
		if diff := cmp.Diff(c.want, got); diff != "" || (err == nil) != (c.want != "" || len(c.header) == 0) {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}

func FuzzParseObject(f *testing.F) {
	for _, seed := range []string{house, `{}`, `{"kind":1,"kind":null}`, `{"lat":1e400}`, `{"a":[[[]]]}`, `[`, `{"kind":"\ud800"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		o, err := parseObject(body, registrationMembers)
		if err != nil {
			return
		}
		r, err := o.registration("fuzz")
		if err == nil && (!r.Point.InWindow() || r.Kind == "") {
			t.Errorf("%q is taken for %+v", body, r)
		}
	})
}

func FuzzParseBox(f *testing.F) {
	for _, seed := range []string{"106,10,107,11", "1,2,3", "-180,-90,180,90", "1e400,0,0,0", "+106,.5,107,11"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, problem := parseBox(text)
		if problem == nil && (b.West > b.East || b.South > b.North || !meetsWindow(b)) {
			t.Errorf("%q is taken for %+v", text, b)
		}
	})
}

func FuzzMediaRanges(f *testing.F) {
	f.Add("text/html, application/json;q=0.5, */*;q=0")
	f.Fuzz(func(t *testing.T, accept string) {
		if q := qualityOf("application/json", mediaRanges(accept)); q < 0 || q > 1 {
			t.Errorf("%q: %v", accept, q)
		}
	})
}

func TestCellIsDrawnElsewhere(t *testing.T) {
	code, err := geo.Parse("28XMJ25Q66")
	if err != nil {
		t.Fatal(err)
	}
	ring := outline(code).Coordinates[0]
	if len(ring) != 5 || ring[0] != ring[4] || ring[0][0] != 1066518750 || ring[0][1] != 109804000 || ring[2][0] != 1066519063 {
		t.Errorf("the cell is drawn as %v", ring)
	}
}
