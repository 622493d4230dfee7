package demo

import (
	"fmt"
	"math/rand/v2"
	"strconv"
)

// streetSupply hands out the streets of one of today's communes, so that no
// name is given twice in it and a main road's numbers go on from hamlet to
// hamlet.
type streetSupply struct {
	names    []string // not yet given
	mainRoad map[string]int
	villages int // streets called ĐX 001 and so on
}

func newStreetSupply(rng *rand.Rand) *streetSupply {
	names := streetNames()
	rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	return &streetSupply{names: names, mainRoad: map[string]int{}}
}

// take returns a name not given before; empty: there is none left.
func (s *streetSupply) take() string {
	if len(s.names) == 0 {
		return ""
	}
	name := s.names[0]
	s.names = s.names[1:]
	return name
}

// secondPartStreets is where the numbers of streets begin in the smaller part
// of a divided commune.
const secondPartStreets = 100

// hamletStreets names the streets of one hamlet when they are first built on.
type hamletStreets struct {
	supply   *streetSupply
	numbered func() string // the next street without a name of its own
	names    []string      // by street; empty: not yet named
	mainBase int           // what the numbers on the main road begin after
	base     int           // the same on all other streets; even
}

// hamletStreets begins the streets of a hamlet. The first hamlet of a part
// lies on the main road of its district.
func (g *generator) hamletStreets(p *place) *hamletStreets {
	h := &hamletStreets{supply: g.streets, numbered: g.numbering(p), base: 2 * g.rng.IntN(20)}
	h.mainBase = h.base
	if p.number == 1 {
		road := mainRoad(p.districtCode)
		h.names = []string{road}
		h.mainBase = g.streets.mainRoad[road]
		g.streets.mainRoad[road] += axisNumbers
	}
	return h
}

// numbering chooses how a hamlet's lesser streets are called.
func (g *generator) numbering(p *place) func() string {
	planned := 0
	switch style := g.rng.IntN(4); {
	case !p.urban:
		return func() string { g.ward++; return fmt.Sprintf("Đường %s %02d", p.name, g.ward) }
	case style == 0:
		estate := fmt.Sprintf(" KDC %s %d", p.name, p.number)
		return func() string { planned++; return "Đường N" + strconv.Itoa(planned) + estate }
	case style == 1 && p.districtCode == thuDauMot:
		return func() string { g.streets.villages++; return fmt.Sprintf("Đường ĐX %03d", g.streets.villages) }
	default:
		return func() string { g.ward++; return fmt.Sprintf("Đường %s %d", p.name, g.ward) }
	}
}

// address is the name of a street and the house number there.
func (h *hamletStreets) address(street, number int) (name, houseNumber string) {
	base := h.base
	if street == northAxis {
		base = h.mainBase
	}
	return h.name(street), strconv.Itoa(base + number)
}

// square is the address of what stands on the square.
func (h *hamletStreets) square() (name, houseNumber string) {
	name, houseNumber = h.address(northAxis, 1)
	return name, houseNumber + "A"
}

func (h *hamletStreets) name(street int) string {
	for len(h.names) <= street {
		h.names = append(h.names, "")
	}
	if h.names[street] == "" {
		h.names[street] = h.newName(street)
	}
	return h.names[street]
}

// newName gives the axis and the first side streets a name of their own while
// there are any.
func (h *hamletStreets) newName(street int) string {
	if street < firstSide+2 {
		if name := h.supply.take(); name != "" {
			return name
		}
	}
	return h.numbered()
}

const thuDauMot = "718"

// mainRoad is the road that the first hamlets of a district lie on.
func mainRoad(district string) string {
	switch district {
	case thuDauMot:
		return "Đại lộ Bình Dương"
	case "719":
		return "Quốc lộ 13"
	case "720":
		return "ĐT 744"
	case "721":
		return "ĐT 748"
	case "722":
		return "ĐT 741"
	case "723":
		return "ĐT 747"
	case "724":
		return "ĐT 743A"
	case "725":
		return "ĐT 745"
	default:
		return "ĐT 746"
	}
}

// streetNames are names in use for streets in many towns.
func streetNames() []string {
	return []string{
		"Đường 30/4", "Đường 3/2", "Đường 18/9", "Đường 2/9", "Đường 1/5", "Đường 22/12", "Đường Yersin",
		"Đường Cách Mạng Tháng Tám", "Đường Huỳnh Văn Lũy", "Đường Lê Hồng Phong", "Đường Phú Lợi",
		"Đường Hoàng Văn Thụ", "Đường Bạch Đằng", "Đường Nguyễn Tri Phương", "Đường Ngô Quyền",
		"Đường Trần Hưng Đạo", "Đường Hùng Vương", "Đường Lý Thường Kiệt", "Đường Hai Bà Trưng",
		"Đường Nguyễn Du", "Đường Đinh Bộ Lĩnh", "Đường Thích Quảng Đức", "Đường Văn Công Khai",
		"Đường Nguyễn An Ninh", "Đường Nguyễn Thái Học", "Đường Phạm Ngọc Thạch", "Đường Nguyễn Văn Tiết",
		"Đường Trần Văn Ơn", "Đường Ngô Gia Tự", "Đường Bùi Quốc Khánh", "Đường Nguyễn Văn Linh",
		"Đường Lê Lợi", "Đường Lê Lai", "Đường Hồ Văn Cống", "Đường Phan Bội Châu", "Đường Phan Châu Trinh",
		"Đường Nguyễn Chí Thanh", "Đường Tôn Đức Thắng", "Đường Phạm Văn Đồng", "Đường Võ Nguyên Giáp",
		"Đường Nguyễn Thị Minh Khai", "Đường Trần Phú", "Đường Lý Tự Trọng", "Đường Kim Đồng",
		"Đường Võ Thị Sáu", "Đường Nguyễn Đình Chiểu", "Đường Nguyễn Trãi", "Đường Nguyễn Huệ",
		"Đường Quang Trung", "Đường Trương Định", "Đường Nguyễn Trung Trực", "Đường Thủ Khoa Huân",
		"Đường Nguyễn Hữu Cảnh", "Đường Trần Quang Diệu", "Đường Bùi Thị Xuân", "Đường Phạm Ngũ Lão",
		"Đường Yết Kiêu", "Đường Trần Bình Trọng", "Đường Trần Quốc Toản", "Đường Đoàn Thị Điểm",
		"Đường Hồ Xuân Hương", "Đường Bà Huyện Thanh Quan", "Đường Hàn Mặc Tử", "Đường Xuân Diệu",
		"Đường Tố Hữu", "Đường Nam Cao", "Đường Ngô Tất Tố", "Đường Nguyễn Bỉnh Khiêm", "Đường Lê Quý Đôn",
		"Đường Chu Văn An", "Đường Lương Thế Vinh", "Đường Mạc Đĩnh Chi", "Đường Phan Đình Phùng",
		"Đường Phan Đình Giót", "Đường Tô Vĩnh Diện", "Đường Bế Văn Đàn", "Đường Cù Chính Lan",
		"Đường Nguyễn Viết Xuân", "Đường Nguyễn Văn Trỗi", "Đường Hoàng Hoa Thám", "Đường Đề Thám",
		"Đường Lạc Long Quân", "Đường Âu Cơ", "Đường An Dương Vương", "Đường Lý Nam Đế", "Đường Độc Lập",
		"Đường Thống Nhất", "Đường Truông Bồng Bông", "Đường Bà Triệu", "Đường Ngô Văn Trị",
	}
}
