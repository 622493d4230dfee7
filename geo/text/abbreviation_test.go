package text_test

import (
	"slices"
	"strings"
	"testing"

	"diachiso/geo/text"
)

func TestAbbreviationIsNotSpelledOut(t *testing.T) {
	for word, want := range map[string]string{
		"ubnd": "Ủy ban nhân dân", "hdnd": "Hội đồng nhân dân", "thcs": "Trung học cơ sở", "thpt": "Trung học phổ thông",
		"cty": "Công ty", "ctcp": "Công ty Cổ phần", "dntn": "Doanh nghiệp tư nhân", "htx": "Hợp tác xã",
		"bvdk": "Bệnh viện Đa khoa", "pkdk": "Phòng khám Đa khoa", "tyt": "Trạm Y tế", "mn": "Mầm non", "vlxd": "Vật liệu xây dựng",
		"ttyt": "Trung tâm Y tế", "phu": "Phú", "th": "th", "cs": "cs",
	} {
		if got := text.Unabbreviated(word); !slices.Equal(got, strings.Fields(text.Fold(want))) {
			t.Errorf("%s: %q", word, got)
		}
	}
}
