package demo

import (
	"math/rand/v2"
	"strconv"
)

// house is an address with a number; street and number come later.
func (g *generator) house(p *place) Row {
	if p.publics.due() {
		return p.publics.next(p.frame.Hamlet)
	}
	shops, businesses, publics := 110, 130, 12 // in a thousand
	if !p.urban {
		shops, businesses = 70, 80
	}
	switch n := g.rng.IntN(1000); {
	case n < publics:
		return p.publics.next(p.frame.Hamlet)
	case n < publics+shops:
		return g.named("shop", shopNames())
	case n < publics+shops+businesses:
		return g.named("business", businessNames())
	}
	return Row{Kind: "household", AccuracyM: pick(houseAccuracies(), g.rng), PositionKind: pick(housePositions(), g.rng)}
}

// named is a shop or business; some would rather not have their name shown.
func (g *generator) named(kind string, names []string) Row {
	return Row{
		Kind: kind, Name: pick(names, g.rng) + " " + pick(brands(), g.rng), NamePublic: g.mostlyTrue(),
		AccuracyM: pick(houseAccuracies(), g.rng), PositionKind: "entrance",
	}
}

func (g *generator) mostlyTrue() string { return strconv.FormatBool(g.rng.IntN(4) > 0) }

// field is an address without a number, outside the settlement: mostly a
// farm, or a landmark, or a household on its own.
func (g *generator) field(p *place) Row {
	r := Row{PositionKind: "parcel", AccuracyM: pick(fieldAccuracies(), g.rng)}
	switch n := g.rng.IntN(100); {
	case n < landmarkPercent(p.urban):
		r.Kind, r.NamePublic, r.PositionKind = "landmark", "true", "gate"
		r.Name = pick(landmarkNames(), g.rng) + " " + pick(fieldNames(), g.rng)
	case n < 80:
		r.Kind, r.NamePublic = "farm", g.mostlyTrue()
		r.Name = pick(farmNames(), g.rng) + " " + pick(fieldNames(), g.rng)
	default:
		r.Kind, r.PositionKind = "household", "gate"
	}
	return r
}

func landmarkPercent(urban bool) int {
	if urban {
		return 25
	}
	return 4
}

// publicNames hands out the public bodies of a part: first the offices of the
// commune, which stand in its main part, then schools and the houses of
// hamlets.
type publicNames struct {
	*part
	given int
}

// due tells whether the part still lacks its first office; without one a
// small part might have none.
func (n *publicNames) due() bool { return n.given == 0 && n.rest >= leastForOffice }

const leastForOffice = 20

func (n *publicNames) next(hamlet string) Row {
	r := Row{Kind: "public", NamePublic: "true", AccuracyM: "5", PositionKind: "gate"}
	offices := n.offices()
	if n.given < len(offices) {
		r.Name = offices[n.given]
	} else {
		r.Name = n.school(n.given-len(offices), hamlet)
	}
	n.given++
	return r
}

func (n *publicNames) offices() []string {
	if !n.main {
		return []string{"Trường Mầm non " + n.name}
	}
	return []string{
		"Ủy ban nhân dân " + n.fullName, "Trạm Y tế " + n.fullName, "Công an " + n.fullName,
		"Trường Mầm non " + n.name, "Trường Tiểu học " + n.name, "Trường Trung học cơ sở " + n.name, "Bưu cục " + n.name,
	}
}

func (n *publicNames) school(i int, hamlet string) string {
	number := strconv.Itoa(i/4 + 2)
	switch i % 4 {
	case 0:
		return "Nhà văn hóa " + hamlet
	case 1:
		return "Trường Mầm non " + n.name + " " + number
	case 2:
		return "Phòng khám đa khoa " + n.name + " " + number
	default:
		return "Trường Tiểu học " + n.name + " " + number
	}
}

func hamletName(p *part, number int, rng *rand.Rand) string {
	if p.urban {
		return "Khu phố " + strconv.Itoa(number)
	}
	if names := hamletNames(); rng.IntN(2) == 0 {
		return "Ấp " + names[(number-1)%len(names)]
	}
	return "Ấp " + strconv.Itoa(number)
}

func hamletNames() []string {
	return []string{"Bến Tranh", "Suối Cát", "Đồng Chinh", "Cây Khô", "Bàu Lòng", "Gò Mối",
		"Tân Tiến", "Hòa Thuận", "Bình Phú", "Cây Dừng", "Rạch Bé", "Lồ Ô"}
}

func houseAccuracies() []string { return []string{"3", "3", "4", "5", "5", "6", "8", "10"} }

func housePositions() []string { return []string{"entrance", "entrance", "gate", "building"} }

func fieldAccuracies() []string { return []string{"5", "6", "8", "10", "12", "15", "20"} }

func towerNames() []string {
	return []string{"Hướng Dương", "Hoa Sen", "Sông Xanh", "Bình Minh", "Thịnh Vượng", "Ánh Sao", "Phố Vườn", "Đại Phú"}
}

func stallGoods() []string {
	return []string{"Rau củ", "Trái cây", "Thịt heo", "Cá biển", "Cá đồng", "Gạo", "Vải", "Quần áo", "Giày dép",
		"Gia vị", "Hoa tươi", "Hàng khô", "Bún tươi", "Trứng", "Chén dĩa"}
}

func shopNames() []string {
	return []string{"Tạp hóa", "Quán cơm", "Quán cà phê", "Nhà thuốc", "Tiệm bánh mì", "Cửa hàng điện thoại",
		"Tiệm vàng", "Quán phở", "Quán bún bò", "Cửa hàng vật liệu xây dựng", "Tiệm sửa xe", "Cửa hàng gas",
		"Tiệm tóc", "Cửa hàng sữa", "Nhà sách", "Tiệm giặt ủi", "Cửa hàng nông sản", "Siêu thị mini"}
}

func businessNames() []string {
	return []string{"Công ty TNHH Gỗ", "Công ty TNHH May mặc", "Công ty TNHH Bao bì", "Công ty TNHH Cơ khí",
		"Công ty TNHH Vận tải", "Công ty Cổ phần Gốm sứ", "Xưởng mộc", "Xưởng sơn mài", "Cơ sở gốm", "Nhà trọ",
		"Kho hàng", "Công ty TNHH Nhựa", "Công ty TNHH Thực phẩm", "Cơ sở may", "Garage ô tô", "Công ty TNHH Cao su"}
}

// brands are words of good omen or of the place, never names of people.
func brands() []string {
	return []string{"Phú Quý", "Thịnh Vượng", "An Khang", "Phát Đạt", "Sông Bé", "Cây Dầu", "Đồng Xanh", "Ngã Tư",
		"Bến Sông", "Hoa Sen", "Hưng Thịnh", "Đại Phát", "Tân Tiến", "Hòa Thuận", "Miền Đông", "Bình Dương",
		"Đất Thủ", "Bưng Cầu", "Vườn Xoài", "Cổng Xanh", "Ngã Sáu", "Suối Giữa", "Gò Đậu", "Bến Thế"}
}

func farmNames() []string {
	return []string{"Vườn bưởi", "Vườn măng cụt", "Vườn sầu riêng", "Vườn cam", "Vườn quýt", "Vườn chuối",
		"Vườn mít", "Vườn cao su", "Vườn tiêu", "Vườn lan", "Vườn rau sạch", "Trại gà", "Trại heo", "Trại bò",
		"Trại nấm", "Nhà màng dưa lưới", "Ao cá"}
}

func fieldNames() []string {
	return []string{"Suối Tre", "Bàu Sen", "Gò Chai", "Đồng Dài", "Bưng Đĩa", "Rạch Sơn", "Trảng Lớn", "Xóm Mới",
		"Cù Lao", "Đất Đỏ", "Hàng Dừa", "Cây Trường", "Suối Đá", "Bàu Cá", "Gò Dưa", "Đồi Sim", "Bờ Tràm", "Sông Thị",
		"Đồng Sen", "Vàm Rạch"}
}

func landmarkNames() []string {
	return []string{"Đình", "Miếu", "Chùa", "Cầu", "Công viên", "Bia tưởng niệm", "Sân bóng", "Bến đò"}
}
