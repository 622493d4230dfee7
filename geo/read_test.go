package geo

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestNormalize(t *testing.T) {
	tests := []struct {
		name, in, want string
		changed        bool
	}{
		{"plain", "28XMJ25Q66", "28XMJ25Q66", false},
		{"lower case", "28xmj25q66", "28XMJ25Q66", false},
		{"groups", " 28XM J25 Q66\t", "28XMJ25Q66", false},
		{"every separator", "28XM-J25.Q6/6(223)R", "28XMJ25Q66223R", false},
		{"Unicode dashes", "28XM\u2010J2\u20135\u2014Q\u22126\u20156\uFE58\uFF0D", "28XMJ25Q66", false},
		{"invisible characters", "\uFEFF28XM\u200BJ25\u00AD\u2060Q66\u200E", "28XMJ25Q66", false},
		{"no-break space", "28XM\u00A0J25\u202FQ66", "28XMJ25Q66", false},
		{"full width", "２８ＸＭＪ２５Ｑ６６", "28XMJ25Q66", true},
		{"full width lower case", "２８ｘｍ", "28XM", true},
		{"superscript", "28XM²", "28XM2", true},
		{"look-alikes", "OILZSBU", "011258V", true},
		{"look-alikes in lower case", "oilzsbu", "011258V", true},
		{"Telex W", "Ư", "W", true},
		{"Telex W with tones", "ừỬữỰ", "WFWRWXWJ", true},
		{"Telex W decomposed", "u\u031B\u0300", "WF", true},
		{"Telex W with acute has no key in the alphabet", "Ứ", "Ứ", false},
		{"unknown letters stay", "28Đ?_é", "28Đ?_É", false},
		{"two letters stay two", "NE", "NE", false},
		{"empty", "", "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, changed := Normalize(test.in)
			if got != test.want || changed != test.changed {
				t.Errorf("Normalize(%q) = %q, %v, want %q, %v", test.in, got, changed, test.want, test.changed)
			}
		})
	}
}

func TestNormalizeIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once, _ := Normalize(rapid.String().Draw(t, "text"))
		// NFKC may compose what stripping brought together, so only known symbols are stable.
		if strings.Trim(once, checkAlphabet) != "" {
			return
		}
		if again, changed := Normalize(once); again != once || changed {
			t.Fatalf("%q becomes %q, %v", once, again, changed)
		}
	})
}

func TestReadSchemes(t *testing.T) {
	// "WF" and "WX" as a Telex keyboard writes them.
	toneCode := mustAnchor(t, "2WF2WX222").String()
	toneTyped := "2ừ2ữ222" + toneCode[9:]
	near := mustPoint(t, "10.98", "106.652")
	tests := []struct {
		name, in   string
		want       []string // scheme and value
		normalized bool
	}{
		{"door", "28XMJ25Q66", []string{"code 28XMJ25Q66"}, false},
		{"unit in groups", "28xm j25 q66 223r", []string{"code 28XMJ25Q66223R"}, false},
		{"look-alikes", "Z8XMJZSQ66", []string{"code 28XMJ25Q66"}, true},
		{"Vietnamese keyboard", "ưHJưV9RVư4", []string{"code WHJWV9RVW4"}, true},
		{"Vietnamese keyboard with tone keys", toneTyped, []string{"code " + toneCode}, true},
		{"full width", "２８ＸＭＪ２５Ｑ６６", []string{"code 28XMJ25Q66"}, true},
		{"Plus Code", "7P28XMJ2+5Q6", []string{"plus_code 7P28XMJ2+5Q6"}, false},
		{"Plus Code in lower case with a space", "7p28 xmj2+5q6", []string{"plus_code 7P28XMJ2+5Q6"}, false},
		{"Plus Code in full width", "７P28XMJ2＋5Q6", []string{"plus_code 7P28XMJ2+5Q6"}, true},
		{"Plus Code without its plus", "7P28XMJ25Q6", []string{"plus_code 7P28XMJ2+5Q6"}, false},
		{"Plus Code whose plus became a space", "7P28XMJ2 5Q", []string{"plus_code 7P28XMJ2+5Q"}, false},
		{"Plus Code of an area", "7P280000+", []string{"plus_code 7P280000+"}, false},
		{"Plus Code of 15 digits", "7P28XMJ2+5Q6CCCC", []string{"plus_code 7P28XMJ2+5Q6CCCC"}, false},
		{"short Plus Code", "XMJ2+5Q6", []string{"plus_code 7P28XMJ2+5Q6"}, false},
		{"shortest Plus Code", "+5Q", []string{"plus_code 7P28XMJ2+5Q"}, false},
		{"Vpostcode", "75123 XMJ25Q6", []string{"vpostcode 75123XMJ25Q6"}, false},
		{"Vpostcode with look-alikes", "75I23 XMJZSQ6", []string{"vpostcode 75123XMJ25Q6"}, true},
		{"địa chỉ số", "7512300017", []string{"dia_chi_so 7512300017"}, false},
		{"địa chỉ số in groups", "75.123-00017", []string{"dia_chi_so 7512300017"}, false},
		{"địa chỉ số in two groups", "75123 00017", []string{"dia_chi_so 7512300017"}, false},
		{"địa chỉ số with a letter O", "751230OO17", []string{"dia_chi_so 7512300017"}, true},
		{"định danh", "751230001234", []string{"dinh_danh 751230001234"}, false},
		{"định danh and Vpostcode", "751232345678", []string{"dinh_danh 751232345678", "vpostcode 751232345678"}, false},
		{"position", "10.9804,106.6519", []string{"position 10.9804,106.6519"}, false},
		{"position with a space", "10.9804 106.6519", []string{"position 10.9804,106.6519"}, false},
		{"position in brackets", "(10.98040000000, 106.6519)", []string{"position 10.9804,106.6519"}, false},
		{"position with hidden marks", "\u200E10.9804,\u200B106.6519\uFEFF", []string{"position 10.9804,106.6519"}, false},
		{"position in full width", "１０.9804，106.6519", []string{"position 10.9804,106.6519"}, true},
		{"position of forty decimals", "10.9804000000000000000000000000000000000000,106.6519000000000000000000000000000000000000", []string{"position 10.9804,106.6519"}, false},
		{"whole degrees", "10,106", []string{"position 10,106"}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := Read(test.in, &near)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, schemesAndValues(r)); diff != "" || r.Normalized != test.normalized {
				t.Errorf("normalized %v %s", r.Normalized, diff)
			}
		})
	}
}

func schemesAndValues(r Readings) (got []string) {
	for _, reading := range r.All {
		got = append(got, string(reading.Scheme)+" "+reading.Value)
	}
	return got
}

// TestReadNeverGuesses has texts that fit two schemes.
func TestReadNeverGuesses(t *testing.T) {
	// A door code of ten digits, also ten digits of the national line.
	digits := ""
	for c := range uint64(8) {
		door := mustAnchor(t, "22222222"+string(Alphabet[c])).String()
		if last := door[9]; last >= '0' && last <= '9' {
			digits = door
			break
		}
	}
	r, err := Read(digits, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"code " + digits, "dia_chi_so " + digits}, schemesAndValues(r)); diff != "" {
		t.Error(diff)
	}
	// A door at 15 N 114 E whose symbols read as a Plus Code too.
	door := mustAnchor(t, "7P28XMJ22").String()
	if last := door[9]; strings.IndexByte(Alphabet, last) < 0 {
		door = mustAnchor(t, "7P28XMJ23").String()
	}
	r, err = Read(door, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"code " + door, "plus_code " + door[:8] + "+" + door[8:]}, schemesAndValues(r)); diff != "" {
		t.Error(diff)
	}
}

// mustAnchor is the door of nine symbols.
func mustAnchor(t *testing.T, nine string) Code {
	t.Helper()
	lo, _, err := AreaRange(nine)
	if err != nil {
		t.Fatal(err)
	}
	return lo
}

func TestReadCovers(t *testing.T) {
	near := mustPoint(t, "10.98", "106.65")
	tests := []struct{ name, in, lo, hi string }{
		{"a door and its units", "28XMJ25Q66", "28XMJ25Q6 0", "28XMJ25Q6 8000"},
		{"one unit", "28XMJ25Q66223R", "28XMJ25Q6 2", "28XMJ25Q6 2"},
		{"a position's cell", "10.9804,106.6519", "28XMJ25Q6 0", "28XMJ25Q6 8000"},
		{"a Plus Code's cell", "7P28XMJ2+5Q6", "28XMJ25Q6 0", "28XMJ25Q6 8000"},
		{"finer than a cell", "7P28XMJ2+5Q6XXXX", "28XMJ25Q6 0", "28XMJ25Q6 8000"},
		{"10 digits", "XMJ2+5Q", "28XMJ25Q2 0", "28XMJ25QX 8000"},
		{"8 digits", "7P28XMJ2+", "28XMJ2222 0", "28XMJ2XXX 8000"},
		{"6 digits", "7P28XM00+", "28XM22222 0", "28XMXXXXX 8000"},
		{"4 digits", "7P280000+", "282222222 0", "28XXXXXXX 8000"},
		{"2 digits north of 10 N", "7P000000+", "222222222 0", "MXXXXXXXX 8000"},
		{"2 digits south of 10 N", "6P000000+", "P22222222 0", "XXXXXXXXX 8000"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := Read(test.in, &near)
			if err != nil {
				t.Fatal(err)
			}
			got := r.All[0]
			if lo, hi := nineAndUnit(got.Lo), nineAndUnit(got.Hi); lo != test.lo || hi != test.hi {
				t.Errorf("%s to %s, want %s to %s", lo, hi, test.lo, test.hi)
			}
			if got.Code != got.Lo {
				t.Errorf("code %v is not the first, %v", got.Code, got.Lo)
			}
		})
	}
}

func nineAndUnit(c Code) string {
	return c.Nine() + " " + strconv.Itoa(c.Unit())
}

func TestReadParts(t *testing.T) {
	r, err := Read("75123-XMJ25Q6", nil)
	if err != nil || r.All[0].Postcode != "75123" || r.All[0].Seven != "XMJ25Q6" {
		t.Errorf("%+v, %v", r.All, err)
	}
	r, err = Read("10.9804,106.6519", nil)
	if err != nil || r.All[0].Point != (Point{10_9804000, 106_6519000}) || r.Symbols != "" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestReadRefuses(t *testing.T) {
	tests := []struct{ name, in, code string }{
		{"empty", "", "empty-input"},
		{"only separators", " \u200B-/", "empty-input"},
		{"too long", strings.Repeat("2", 65), "too-long"},
		{"far too long", strings.Repeat(" ", 5000), "too-long"},
		{"long with a plus", strings.Repeat("2", 64) + "+", "too-long"},
		{"invalid UTF-8", "28XMJ25Q6\xff", "invalid-utf8"},
		{"short Plus Code without near", "XMJ2+5Q6", "near-needed"},
		{"Plus Code in Paris", "8FW4V75V+8Q", "outside-window"},
		{"Plus Code just north of the window", "7PP20000+", "outside-window"},
		{"Plus Code just south of the window", "6PM20000+", "outside-window"},
		{"plus at an odd place", "7P28XMJ+25Q6", "bad-plus-code"},
		{"plus behind a code", "28XMJ25Q66+", "bad-plus-code"},
		{"Plus Code with look-alikes", "7P28XMJZ+SQ6", "bad-plus-code"},
		{"a telephone number", "+84 912 345 678", "bad-plus-code"},
		{"two pluses", "7P28+XMJ2+5Q", "unreadable"},
		{"position outside", "48.8566,2.3522", "outside-window"},
		{"position exchanged", "106.6519, 10.9804", "swapped"},
		{"position with a minus sign", "10.9804,−106.6519", "outside-window"},
		{"decimal commas", "10,9804; 106,6519", "not-a-number"},
		{"a name", "Chợ Bến Thành", "unreadable"},
		{"eight symbols", "28XMJ25Q", "unreadable"},
		{"twelve symbols", "28XMJ25Q6622", "unreadable"},
		{"sixteen symbols", "28XMJ25Q66223R22", "unreadable"},
		{"bare Plus Code outside the window", "7PX2XMJ25Q6", "check-failed"},
		{"a bad check", "28XMJ25Q67", "check-failed"},
		{"a unit's bad check", "28XMJ25Q66223X", "check-failed"},
		{"nine symbols", "28XMJ25Q6", "check-failed"},
		{"thirteen symbols", "28XMJ25Q6623R", "check-failed"},
		{"fifteen symbols", "28XMJ25Q662223R", "check-failed"},
		{"one unknown symbol", "28XMJ2?Q66", "check-failed"},
		{"one unknown letter", "28XMJ2ĐQ66", "check-failed"},
		{"two unknown symbols", "28XMJ2??66", "unreadable"},
		{"a lost and an unknown symbol", "28XMJ?Q66", "unreadable"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := Read(test.in, nil)
			wantError(t, err, test.code)
			if len(r.All) > 0 {
				t.Errorf("readings %v beside an error", r.All)
			}
			if _, repairable := damaged(r.Symbols); repairable != (test.code == "check-failed") {
				t.Errorf("symbols %q beside %s", r.Symbols, test.code)
			}
		})
	}
}

func TestReadEveryCodeHoweverTyped(t *testing.T) {
	near := mustPoint(t, "10.98", "106.65")
	separators := []string{"", " ", "-", ".", "/", "\u2013", "\u00A0", "\u200B"}
	rapid.Check(t, func(t *rapid.T) {
		c := drawCode(t)
		text := ""
		for _, symbol := range c.String() {
			s := string(symbol)
			if rapid.Bool().Draw(t, "lower") {
				s = strings.ToLower(s)
			}
			text += s + rapid.SampledFrom(separators).Draw(t, "separator")
		}
		r, err := Read(text, &near)
		if err != nil || r.Normalized {
			t.Fatalf("Read(%q) = %+v, %v", text, r, err)
		}
		if !slices.ContainsFunc(r.All, func(x Reading) bool { return x.Scheme == SchemeCode && x.Code == c }) {
			t.Fatalf("%q was not read as %v: %v", text, c, r.All)
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"28XMJ25Q66", "28xm j25 q66 223r", "7P28XMJ2+5Q6", "XMJ2+5Q6", "75123XMJ25Q6", "7512300017", "10.98,106.65",
		"ưừửữự", "２８ＸＭ", "10,98;106,65", "+", "\uFEFF", "ﷺ", "28XMJ2?Q66", "u\u031B\u0300", "...", "1e400,1e400",
	} {
		f.Add(s)
	}
	near := Point{10_9800000, 106_6500000}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := Read(s, &near)
		if (err == nil) != (len(r.All) > 0) {
			t.Fatalf("Read(%q) = %+v, %v", s, r, err)
		}
		if err != nil {
			wantSentences(t, err)
		}
		if !utf8.ValidString(r.Symbols) {
			t.Fatalf("symbols %q", r.Symbols)
		}
		for _, reading := range r.All {
			if !reading.Lo.Valid() || !reading.Hi.Valid() || reading.Lo > reading.Hi {
				t.Fatalf("Read(%q) covers %v to %v", s, reading.Lo, reading.Hi)
			}
			// The canonical form reads as the same thing.
			again, err := Read(reading.Value, &near)
			if err != nil || !slices.Contains(again.All, reading) {
				t.Fatalf("%q reads as %+v, %v, not as %+v", reading.Value, again.All, err, reading)
			}
		}
		for _, repair := range Repairs(r.Symbols) {
			if !repair.Code.Valid() || repair.Position < 1 || repair.Position > maxSymbols {
				t.Fatalf("repair %+v of %q", repair, r.Symbols)
			}
		}
	})
}
