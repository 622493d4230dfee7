package variant

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// Each kind in one address, as a reader would check it.
func TestKindsOfAnAddress(t *testing.T) {
	w := take(t, yersin())
	for name, want := range map[string]string{
		"as-written":           "12/3 Đường Yersin, Khu phố 2, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh",
		"no-accents":           "12/3 Duong Yersin, Khu pho 2, Phuong Thu Dau Mot, Thanh pho Ho Chi Minh",
		"telex":                "12/3 Dduwowngf Yersin, Khu phoos 2, Phuwowngf Thur Daauf Mootj, Thanhf phoos Hoof Chis Minh",
		"upper-case":           "12/3 ĐƯỜNG YERSIN, KHU PHỐ 2, PHƯỜNG THỦ DẦU MỘT, THÀNH PHỐ HỒ CHÍ MINH",
		"lower-case":           "12/3 đường yersin, khu phố 2, phường thủ dầu một, thành phố hồ chí minh",
		"no-commas":            "12/3 Đường Yersin Khu phố 2 Phường Thủ Dầu Một Thành phố Hồ Chí Minh",
		"no-province":          "12/3 Đường Yersin, Khu phố 2, Phường Thủ Dầu Một",
		"bare-commune":         "12/3 Đường Yersin, Khu phố 2, Thủ Dầu Một",
		"to-the-street":        "12/3 Đường Yersin",
		"hamlet-first":         "Khu phố 2, 12/3 Đường Yersin, Phường Thủ Dầu Một, Thành phố Hồ Chí Minh",
		"units-reversed":       "12/3 Đường Yersin, Khu phố 2, Thành phố Hồ Chí Minh, Phường Thủ Dầu Một",
		"old-units":            "12/3 Đường Yersin, Khu phố 2, Phường Phú Cường, Thành phố Thủ Dầu Một, Tỉnh Bình Dương",
		"old-units-no-accents": "12/3 Duong Yersin, Khu pho 2, Phuong Phu Cuong, Thanh pho Thu Dau Mot, Tinh Binh Duong",
		"old-commune-alone":    "12/3 Đường Yersin, Khu phố 2, Phường Phú Cường",
	} {
		if got, ok := kind(t, name).Write(w, 1); !ok || got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestPartsOfAnAlleyMoveTogether(t *testing.T) {
	w := take(t, flat())
	for name, want := range map[string]string{
		"to-the-street": "Căn 3.05, Chung cư Hoa Sen, 7 Hẻm 15, Đường Nguyễn Thị Minh Khai",
		"hamlet-first": "Căn 3.05, Chung cư Hoa Sen, Khu phố Đông Hòa, 7 Hẻm 15, Đường Nguyễn Thị Minh Khai, Tổ 4, " +
			"Phường Thủ Dầu Một, Thành phố Hồ Chí Minh",
		"tone-placement": "Căn 3.05, Chung cư Hoa Sen, 7 Hẻm 15, Đường Nguyễn Thị Minh Khai, Tổ 4, Khu phố Đông Hoà, " +
			"Phường Thủ Dầu Một, Thành phố Hồ Chí Minh",
	} {
		if got, _ := kind(t, name).Write(w, 1); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestWrongDistrictChangesTheDistrictAlone(t *testing.T) {
	w := take(t, yersin())
	seen := map[string]bool{}
	for seed := range uint64(40) {
		got, ok := kind(t, "wrong-district").Write(w, seed)
		if !ok {
			t.Fatal("not written")
		}
		seen[got] = true
	}
	const head, tail = "12/3 Đường Yersin, Khu phố 2, Phường Phú Cường, ", ", Tỉnh Bình Dương"
	for _, district := range w.elsewhere {
		if !seen[head+district+tail] {
			t.Errorf("%s is never written", district)
		}
	}
	if len(seen) != len(w.elsewhere) {
		t.Errorf("%d texts: %v", len(seen), seen)
	}
}

func TestKindsLeaveOutWhatTheyCannotChange(t *testing.T) {
	bare := take(t, record(Parts{HouseNumber: "5"}, "", []string{"Xã An Tây"}, nil))
	bare.elsewhere = nil
	for _, name := range []string{"tone-placement", "no-province", "units-reversed", "to-the-street", "hamlet-first", "substitution",
		"slip-in-name", "unfinished", "old-units", "old-units-abbreviated", "wrong-district", "on-a-parcel"} {
		if got, ok := kind(t, name).Write(bare, 1); ok {
			t.Errorf("%s of %q: %q", name, bare.Now(), got)
		}
	}
	former := take(t, yersin())
	former.elsewhere = nil
	if got, ok := kind(t, "wrong-district").Write(former, 1); ok {
		t.Errorf("a wrong district out of none: %q", got)
	}
}

func TestEveryKindChangesTheTextAndNoDigit(t *testing.T) {
	for _, k := range Kinds() {
		t.Run(k.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				w := anyWritten(t)
				seed := rapid.Uint64().Draw(t, "seed")
				got, ok := k.Write(w, seed)
				if !ok {
					t.Skip("does not apply")
				}
				source := w.Now()
				if k.Former {
					source = w.Then()
				}
				if same := got == source; same != (k.Name == "as-written" || k.Name == "old-units") {
					t.Errorf("%q became %q", source, got)
				}
				if again, _ := k.Write(w, seed); again != got {
					t.Errorf("the same seed made %q and %q", got, again)
				}
				checkDigits(t, k.Name, digits(source), digits(got))
			})
		})
	}
}

// checkDigits compares the digits of a text with those of its variant: all of
// them in order, but in kinds that cut or move parts.
func checkDigits(t *rapid.T, name, was, is string) {
	switch name {
	case "hamlet-first":
		was, is = sorted(was), sorted(is)
	case "to-the-street", "unfinished":
		was = was[:min(len(is), len(was))]
	}
	if was != is {
		t.Errorf("the digits %s became %s", was, is)
	}
}

func TestRetypedTextsAreTheSameLetters(t *testing.T) {
	folds := map[string]func(string) string{
		"no-accents":     plain,
		"nfd":            norm.NFC.String,
		"tone-placement": plain,
		"upper-case":     strings.ToLower,
		"lower-case":     strings.ToLower,
		"no-commas":      func(s string) string { return strings.ReplaceAll(s, ",", "") },
	}
	for name, fold := range folds {
		t.Run(name, func(t *testing.T) {
			k := kind(t, name)
			rapid.Check(t, func(t *rapid.T) {
				w := anyWritten(t)
				got, ok := k.Write(w, 1)
				if !ok {
					t.Skip("nothing to change")
				}
				if fold(got) != fold(w.Now()) {
					t.Errorf("%q became %q", w.Now(), got)
				}
				if name == "no-accents" && !isASCII(got) {
					t.Errorf("accents in %q", got)
				}
				if name == "tone-placement" && otherTone(got) != w.Now() {
					t.Errorf("%q back is %q", got, otherTone(got))
				}
			})
		})
	}
}

func isASCII(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r > 127 }) }

func TestUnfinishedIsABeginningWithASlip(t *testing.T) {
	k := kind(t, "unfinished")
	lengths := map[int]bool{}
	w := take(t, flat())
	whole := plain(w.Now())
	for seed := range uint64(300) {
		got, ok := k.Write(w, seed)
		if !ok { // "Can 3.05, Chun" has no word for a slip
			continue
		}
		slipped := false
		for n := len(got) - 1; n <= min(len(got)+1, len(whole)); n++ {
			slipped = slipped || oneError(whole[:n], got)
		}
		if !slipped || len(got) < leastTyped-3 {
			t.Errorf("%q is no beginning of %q with one slip", got, whole)
		}
		lengths[len(got)] = true
	}
	if len(lengths) < 40 {
		t.Errorf("only %d different lengths", len(lengths))
	}
}

func TestKindsHaveNamesOfTheirOwn(t *testing.T) {
	var names []string
	for _, k := range Kinds() {
		if slices.Contains(names, k.Name) || strings.ContainsAny(k.Name, " ,") {
			t.Errorf("%q can't be asked for", k.Name)
		}
		names = append(names, k.Name)
	}
	if !slices.Contains(names, "as-written") || len(names) < 25 {
		t.Errorf("%d kinds", len(names))
	}
}

func TestKindsDrawIndependently(t *testing.T) {
	a, b := kind(t, "substitution"), kind(t, "deletion")
	if a.Order(1).Uint64() == b.Order(1).Uint64() {
		t.Error("two kinds choose the same addresses")
	}
	if a.Order(1).Uint64() != a.Order(1).Uint64() || a.Order(1).Uint64() == a.Order(2).Uint64() {
		t.Error("the seed does not decide")
	}
}
