// Package variant writes registered addresses as people do: without accents,
// in Telex keys, with a slip of the finger, abbreviated, cut short, in another
// order, with the units of before the reform. All functions are pure: the same
// address, kind and seed make the same text.
package variant

import (
	"slices"
	"strings"
)

// Record is what the registry answers about an address, as far as its written
// forms need it; it decodes from the JSON of an address.
type Record struct {
	Code     string `json:"code"`
	Name     string `json:"name"` // empty where it is not public
	Text     string `json:"text"`
	Formerly string `json:"formerly"`
	Parts    Parts  `json:"parts"`
	Commune  struct {
		Name string `json:"name"`
	} `json:"commune"`
}

// Parts are the written parts of an address below its commune, as in the
// answers of the registry.
type Parts struct {
	UnitLabel   string `json:"unit_label"`
	Building    string `json:"building"`
	HouseNumber string `json:"house_number"`
	Alley       string `json:"alley"`
	Street      string `json:"street"`
	Group       string `json:"group"`
	Hamlet      string `json:"hamlet"`
}

// component is one piece of a written address between two commas.
type component struct {
	part   string // the name of the part; of a door, that of what it counts along
	number string // the house number before the text, or empty
	text   string
}

func (c component) String() string { return strings.TrimSpace(c.number + " " + c.text) }

// Written is an address taken apart: what stands before the commune, and the
// units from the commune up, those of today and those of before the reform.
type Written struct {
	Record
	front     []component
	units     []string
	former    []string // empty where the address has no former text
	elsewhere []string // districts of before the reform that it is not in
}

// TakeApart reads the written forms of an address back into their components.
// It is false where that can't be done, or where the text names no single
// object: neither a house number, nor a unit of a building, nor, in front of
// the text, a public name.
func TakeApart(r Record) (Written, bool) {
	w := Written{Record: r, front: frontOf(r.Parts)}
	doors := r.Parts.HouseNumber != "" || r.Parts.Building != "" && r.Parts.UnitLabel != ""
	if !doors && r.Name == "" {
		return w, false
	}
	head := join(w.front, nil)
	w.units = unitsBehind(head, r.Text)
	w.former = unitsBehind(head, r.Formerly)
	if !doors {
		w.front = slices.Insert(w.front, 0, component{part: "name", text: r.Name})
	}
	return w, len(w.units) > 0 && w.units[0] == r.Commune.Name
}

// frontOf are the parts in the order in which an address is written.
func frontOf(p Parts) []component {
	door, behind := component{"street", p.HouseNumber, p.Street}, component{}
	if p.Alley != "" {
		door, behind = component{"alley", p.HouseNumber, p.Alley}, component{part: "street", text: p.Street}
	}
	all := []component{{part: "unit_label", text: p.UnitLabel}, {part: "building", text: p.Building},
		door, behind, {part: "group", text: p.Group}, {part: "hamlet", text: p.Hamlet}}
	return slices.DeleteFunc(all, func(c component) bool { return c.String() == "" })
}

// unitsBehind are the units of a text that begins with head.
func unitsBehind(head, text string) []string {
	rest, ok := strings.CutPrefix(text, head)
	if head != "" {
		rest, ok = strings.CutPrefix(rest, ", ")
	}
	if !ok || rest == "" {
		return nil
	}
	return strings.Split(rest, ", ")
}

func join(front []component, units []string) string {
	pieces := make([]string, 0, len(front)+len(units))
	for _, c := range front {
		pieces = append(pieces, c.String())
	}
	return strings.Join(append(pieces, units...), ", ")
}

// Now is the address as the registry writes it today, with the public name in
// front where nothing else tells it from its neighbours.
func (w *Written) Now() string { return join(w.front, w.units) }

// Named tells whether the public name stands in front.
func (w *Written) Named() bool { return len(w.front) > 0 && w.front[0].part == "name" }

// Then is the same with the units of before the reform; empty where there are none.
func (w *Written) Then() string {
	if len(w.former) == 0 {
		return ""
	}
	return join(w.front, w.former)
}

// Elsewhere tells each address which districts of its former province it was
// never in: all those that the addresses name, but its own and such as had a
// commune of the same name, where the text might be right after all.
func Elsewhere(addresses []Written) {
	communes := map[[2]string]map[string]bool{} // by province and district
	for i := range addresses {
		if f := addresses[i].former; len(f) == 3 {
			key := [2]string{f[2], f[1]}
			if communes[key] == nil {
				communes[key] = map[string]bool{}
			}
			communes[key][bareName(f[0])] = true
		}
	}
	for i := range addresses {
		addresses[i].elsewhere = nil
		f := addresses[i].former
		if len(f) != 3 {
			continue
		}
		for key, names := range communes {
			if key[0] == f[2] && key[1] != f[1] && !names[bareName(f[0])] {
				addresses[i].elsewhere = append(addresses[i].elsewhere, key[1])
			}
		}
		slices.Sort(addresses[i].elsewhere)
	}
}
