package importfile

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestEachMember(t *testing.T) {
	cases := map[string][]string{
		`{}`:                               {},
		`{ }`:                              {},
		`{"a":1}`:                          {"a", "1"},
		`{"a":1,"a":2}`:                    {"a", "1", "a", "2"},
		`{ "a" : -1.5e3 , "b" : null }`:    {"a", "-1.5e3", "b", "null"},
		`{"a":"x,}]\"","b":"\\"}`:          {"a", `"x,}]\""`, "b", `"\\"`},
		`{"a":{"b":[1,{"c":"]"}]},"d":[]}`: {"a", `{"b":[1,{"c":"]"}]}`, "d", "[]"},
		"{\n\t\"\\u0061\"\r:\n true\t\n}":  {"a", "true"},
		`{"":"","\"":"\""}`:                {"", `""`, `"`, `"\""`},
		`{"a":[ "[" , "{" ] , "b":false }`: {"a", `[ "[" , "{" ]`, "b", "false"},
		`{"tên":"Đường","kinh độ":106.6519}`: {"tên", `"Đường"`, "kinh độ", "106.6519"},
	}
	for object, want := range cases {
		got := []string{}
		err := eachMember([]byte(object), func(name string, value json.RawMessage) error {
			got = append(got, name, string(value))
			return nil
		})
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", object, err, diff)
		}
	}
}

func TestEachMemberStopsAtAnError(t *testing.T) {
	stop := errors.New("stop")
	calls := 0
	err := eachMember([]byte(`{"a":1,"b":2}`), func(string, json.RawMessage) error {
		calls++
		return stop
	})
	if err != stop || calls != 1 {
		t.Errorf("%v after %d calls", err, calls)
	}
}

// Whatever the standard library writes, its members are found again.
func TestEachMemberAgreesWithTheStandardLibrary(t *testing.T) {
	key := rapid.StringOfN(rapid.RuneFrom([]rune(`a"\,:{}[]ộ<`)), 0, 5, -1)
	leaf := rapid.OneOf(
		rapid.Map(key, func(s string) any { return s }),
		rapid.Map(rapid.Float64Range(-1e9, 1e9), func(f float64) any { return f }),
		rapid.Map(rapid.SliceOfN(key, 0, 3), func(s []string) any { return s }),
		rapid.Map(rapid.MapOfN(key, key, 0, 3), func(m map[string]string) any { return m }),
		rapid.Just[any](nil),
	)
	rapid.Check(t, func(t *rapid.T) {
		object := rapid.MapOfN(key, leaf, 0, 5).Draw(t, "object")
		indent := rapid.SampledFrom([]string{"", " ", "\t"}).Draw(t, "indent")
		raw, err := json.MarshalIndent(object, "", indent)
		if err != nil {
			t.Fatal(err)
		}
		var want map[string]json.RawMessage
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		got := map[string]json.RawMessage{}
		if err := eachMember(raw, func(name string, value json.RawMessage) error {
			got[name] = value
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s: %s", raw, diff)
		}
	})
}

func TestCellTextKeepsNumbersAsWritten(t *testing.T) {
	for value, want := range map[string]string{
		`5`: "5", `5.00`: "5.00", `-0`: "-0", `1E+2`: "1E+2", `12345678901234567890.1`: "12345678901234567890.1",
		`true`: "true", `false`: "false", `null`: "", `""`: "", `"012"`: "012",
	} {
		if got, err := cellText("x", json.RawMessage(value)); got != want || err != nil {
			t.Errorf("cellText(%s) = %q, %v", value, got, err)
		}
	}
}
