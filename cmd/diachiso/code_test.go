package main

import "testing"

func TestCodeBothWays(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		out  string
	}{
		{"point", []string{"10.9804", "106.6519"}, "code       28XMJ25Q66\nformatted  28XM J25 Q66\nplus code  7P28XMJ2+5Q6\n"},
		{"centre encodes back", []string{"10.9804125", "106.6518906"}, "code       28XMJ25Q66\n"},
		{"pair in one word", []string{"10.9804,106.6519"}, "code       28XMJ25Q66\n"},
		{"code", []string{"28XMJ25Q66"}, "centre     10.9804125,106.6518906 (lat,lng)\ncell       10.9804 to 10.980425 N, 106.651875 to 106.65190625 E\n"},
		{"lower case and spaces", []string{"h72v h2f vp6"}, "plus code  7PH72VH2+FVP\n"},
		{"unit", []string{"W6JPFF42H3223J"}, "door       W6JPFF42H3\nunit       2\n"},
		{"Plus Code", []string{"7PM79878+9G7"}, "code       M798789G7H\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			command(t, append([]string{"code"}, c.args...)...).expect(t, exitDone, c.out, "")
		})
	}
}

func TestCodeThatIsNone(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		err  string
	}{
		{"bad check", []string{"28XMJ25Q67"}, "check symbol does not fit"},
		{"too short", []string{"28XM"}, "an address code has 10 symbols"},
		{"swapped", []string{"106.6519", "10.9804"}, "look exchanged"},
		{"outside", []string{"48.1", "11.5"}, "outside the registry"},
		{"decimal commas", []string{"10,9804", "106,6519"}, "not a decimal number"},
		{"number of the post", []string{"7500100017"}, "only a registry can tell"},
		{"nothing", []string{""}, "there is nothing to read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			command(t, append([]string{"code"}, c.args...)...).expect(t, exitFailed, "", c.err)
		})
	}
}
