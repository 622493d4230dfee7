package written

import "testing"

func TestTwoErrorsInShortWords(t *testing.T) {
	for _, tt := range []struct {
		name, typed string
		part, want  bool
	}{
		{"Nguyễn Thái Học", "nguyen thi hoa", false, false},
		{"Nguyễn Thái Học", "nguyn thi hoc", false, true},
		{"Nguyễn Thái Học", "ngyn thai hoc", false, true},
		{"Nguyễn Thái Học", "nguyen thai hoc", false, true},
		{"Nguyễn Thái Học", "nguyenn thaai hoc", false, true},
		{"Nguyễn Thái Học", "nguyen tahi hco", false, false},
		{"Nguyễn Thái Học", "nugyen thia", true, true},
		{"Nguyễn Thái Học", "nguyen tahx", true, false},
		{"Thủ Dầu Một", "thu dua mott", false, false},
		{"Truông Bồng Bông", "truong bng bon", false, false},
		{"Yersin", "yrsn", false, true},
	} {
		name, _ := cut(clean(tt.name), nil)
		typed, _ := cut(tt.typed, nil)
		got := mayHoldBoth(string(compact(name, nil)), string(compact(typed, nil)), endsOf(name), tt.part)
		if got != tt.want {
			t.Errorf("%q for %q: %v, want %v", tt.typed, tt.name, got, tt.want)
		}
	}
}
