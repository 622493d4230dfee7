package written

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// manyNames is a lexicon of so many invented streets beside those of the
// fixture.
func manyNames(t testing.TB, streets int) *fixture {
	f := loadFixture(t)
	syllables := strings.Fields(`Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Văn Thị Minh Khai Phú Lợi Cường
		Hòa Tân Định Bình An Thuận Long Thành Trung Nam Bắc Đông Tây Sơn Hà Hải Quang Hữu Đức Hùng Đào Anh Tuấn Tiến Phước Mỹ Xuân Thu`)
	rnd := rand.New(rand.NewPCG(3, 4))
	for f.lexicon.Len(Street) < streets {
		words := []string{"Đường"}
		for range 2 + rnd.IntN(3) {
			words = append(words, syllables[rnd.IntN(len(syllables))])
		}
		if rnd.IntN(3) == 0 {
			words = append(words, fmt.Sprintf("%02d", rnd.IntN(40)))
		}
		name := strings.Join(words, " ")
		if int(f.lexicon.Add(Street, name)) == len(f.names[Street]) {
			f.names[Street] = append(f.names[Street], name)
		}
	}
	return f
}

func BenchmarkParse(b *testing.B) {
	f := manyNames(b, 10_000)
	for _, c := range []struct{ name, text string }{
		{"to the letter", "12/3 Đường Yersin, Khu phố 2, Phường Phú Cường, Thành phố Thủ Dầu Một, Tỉnh Bình Dương"},
		{"no accents, abbreviated", "15 duong 30/4 kp3 p phu hoa tdm BD"},
		{"error in the street", "12/3 Đường Nguyễn Văn Tết, Khu phố 2, Phường Phú Cường, Thủ Dầu Một, Bình Dương"},
		{"error in the street without a marker", "45 nguyen thi minh kha, phu cuong, tdm"},
		{"two errors in the street", "45 nguyn thi minh kha, phu cuong, tdm"},
		{"error in the commune", "12/3 Đường Yersin, Khu phố 2, Phường Phú Cườg, Thành phố Thủ Dầu Một, Tỉnh Bình Dương"},
		{"error in a marker", "12 duogn yersin, phu cuong, thu dau mot"},
		{"unknown street", "45 Đường Qua Cầu Khỉ, Phường Phú Cường"},
		{"no address at all", "giao hàng giờ hành chính gọi trước khi tới nhé shop"},
		{"unfinished", "12 nguyen v"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Parse(c.text, f.gazetteer, f.lexicon, Options{Unfinished: c.name == "unfinished"})
			}
		})
	}
}
