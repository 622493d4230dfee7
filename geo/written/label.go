package written

import "strings"

// mostLabelDigits is the most digits of a number of a flat: longer ones are of
// telephones.
const mostLabelDigits = 5

// followLabel proposes flats, floors, rooms and stalls.
func (r *reading) followLabel(c candidate) {
	at := int(c.name)
	to := r.labelCode(at)
	if to == 0 {
		return
	}
	c.to = int16(to)
	joined := to >= at+2 && r.atoms[to-1].before <= dashed && r.atoms[to-1].before >= dotted
	switch {
	case c.marker == nil && !joined && !r.isGluedLabel(at, to):
		return
	case c.marker == nil:
		c.cost += costBareLabel
		if !r.atoms[at].digits && r.atoms[at+1].before == dotted {
			c.cost += costWardAsRoom // Q.1 is no flat
		}
	case c.marker.weak && len(r.atoms[at].fold) < 3: // P.5 is a ward, P.304 a room
		c.cost += costWardAsRoom
	default:
		c.cost += 4
	}
	r.addCandidate(c)
}

// isGluedLabel: A0911 and 0911 are flats right before a building.
func (r *reading) isGluedLabel(at, to int) bool {
	first := &r.atoms[at]
	if to == at+1 && (!first.digits || first.fold[0] != '0') || to > at+2 || to >= len(r.atoms) {
		return false
	}
	digits := len(r.atoms[to-1].fold)
	if !r.atoms[to-1].digits || digits < 3 || digits > 4 {
		return false
	}
	for _, m := range markers.byWord[r.atoms[to].fold] {
		if m.part == Building || m.part == UnitLabel && !m.weak {
			if fits, foreign := m.matches(r.atoms[to:]); fits && !foreign {
				return true
			}
		}
	}
	for i := range r.found[to] {
		if f := &r.found[to][i]; f.list == buildings && f.edits == 0 {
			return true
		}
	}
	return false
}

// labelCode is the end of B, 304, 3.05, A-12.05 or B2-05; 0: there is none.
func (r *reading) labelCode(i int) int {
	switch r.atoms[i].fold {
	case "tret", "lung", "ham", "thuong":
		return i + 1
	}
	if !r.atoms[i].digits {
		if len(r.atoms[i].fold) > 2 || r.atoms[i].fold == "so" {
			return 0
		}
		i++
		if !r.close(i, dashed) || !r.atoms[i].digits || r.atoms[i].before == spaced {
			return i
		}
	}
	if len(r.atoms[i].fold) > mostLabelDigits {
		return 0
	}
	for i++; r.close(i, dashed) && r.atoms[i].digits && r.atoms[i].before >= dotted && !r.border(i) && len(r.atoms[i].fold) <= mostLabelDigits; {
		i++
	}
	if i < len(r.atoms) && r.atoms[i].before == glued && len(r.atoms[i].fold) == 1 {
		i++
	}
	return i
}

// UnitKey is equal for labels of a flat or stall that a reader takes for one:
// "A-09.11", "Căn A0911", "P. A-9.11" and "Căn hộ 0911, Block A"; "Sạp D-04" and
// "D4". The last two of three digits and more are the number on the floor.
func UnitKey(s string) string {
	var l label
	atoms, _ := cut(clean(s), nil)
	for i := 0; i < len(atoms); {
		i = l.read(atoms, i)
	}
	return l.key()
}

// label is what a unit label says.
type label struct {
	block, floor, code []string // words and numbers, without zeros
}

// read takes one word for a kind of label, or all of its code, and returns
// where the next begins.
func (l *label) read(atoms []atom, at int) int {
	into, size := labelWord(atoms[at:])
	switch {
	case size == 0:
		into = 'c'
	case into == 0:
		return at + size
	}
	at += size
	from := at
	for at < len(atoms) && (at == from || !atoms[at].digits && atoms[at].before == glued || atoms[at].digits && atoms[at].before != comma) {
		if _, word := labelWord(atoms[at:]); word > 0 && at > from {
			break
		}
		at++
	}
	switch into {
	case 'b':
		l.block = append(l.block, tokens(atoms[from:at])...)
	case 'f':
		l.floor = append(l.floor, tokens(atoms[from:at])...)
	default:
		l.code = append(l.code, tokens(atoms[from:at])...)
	}
	return at
}

// labelWord reads the words before a code: 'b' of a block, 'f' of a floor, 0 of
// a flat; size is 0 where none stand.
func labelWord(atoms []atom) (of byte, size int) {
	if len(atoms) == 1 {
		return 0, 0
	}
	if f := atoms[0].fold; f == "p" && atoms[1].before > glued || f == "ma" || f == "so" {
		return 0, 1
	}
	m, size := markers.leading(UnitLabel, atoms)
	if m == nil || m.weak {
		return 0, 0
	}
	switch m.text {
	case "Block", "Tháp", "Tòa":
		return 'b', size
	case "Lầu", "Tầng":
		return 'f', size
	}
	return 0, size
}

func tokens(atoms []atom) []string {
	list := make([]string, 0, len(atoms)+1)
	for i := range atoms {
		a := &atoms[i]
		if n := len(a.fold); i == len(atoms)-1 && a.digits && n > 2 {
			list = append(list, withoutZeros(a.fold[:n-2]), withoutZeros(a.fold[n-2:]))
			continue
		}
		list = append(list, a.canon)
	}
	return list
}

func (l *label) key() string {
	code := l.code
	if numbers := countNumbers(code); len(l.floor) == 1 && numbers > 0 {
		switch first := len(code) - numbers; {
		case numbers == 1 && isDigit(code[len(code)-1][0]) && first <= 1:
			code = append(append(append([]string(nil), code[:first]...), l.floor[0]), code[first:]...)
			l.floor = nil
		case numbers > 1 && code[len(code)-2] == l.floor[0]:
			l.floor = nil
		}
	}
	if len(code) > 0 && isDigit(code[0][0]) {
		code = append(append([]string(nil), l.block...), code...)
	} else if !hasPrefix(code, l.block) {
		code = append(append(append([]string(nil), l.block...), "/"), code...)
	}
	if len(l.floor) > 0 {
		code = append(append(code[:len(code):len(code)], "/tang"), l.floor...)
	}
	return joinTokens(code)
}

func countNumbers(tokens []string) int {
	n := 0
	for _, t := range tokens {
		if isDigit(t[0]) {
			n++
		}
	}
	return n
}

func hasPrefix(list, prefix []string) bool {
	return len(prefix) == 0 || len(list) >= len(prefix) && strings.Join(list[:len(prefix)], ".") == strings.Join(prefix, ".")
}

func joinTokens(list []string) string {
	var b strings.Builder
	for i, t := range list {
		if i > 0 && isDigit(t[0]) && isDigit(list[i-1][len(list[i-1])-1]) {
			b.WriteByte('.')
		}
		b.WriteString(t)
	}
	return strings.Trim(b.String(), "/")
}
