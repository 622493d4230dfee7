package models

// PublicUnit is one admin unit in one of its periods: the shape of every
// answer.
type PublicUnit struct {
	Level       string           `json:"level"`
	Code        string           `json:"code"`
	Name        string           `json:"name"`
	Kind        string           `json:"kind"`
	Parent      string           `json:"parent,omitempty"`
	ValidFrom   Date             `json:"valid_from"`
	ValidTo     Date             `json:"valid_to,omitempty"` // half-open
	Postcodes   []PublicPostcode `json:"postcodes"`
	HasBoundary bool             `json:"has_boundary"`
}

// PublicPostcode is a postcode of a unit in one of its periods.
type PublicPostcode struct {
	Code      string `json:"code"`
	ValidFrom Date   `json:"valid_from"`
	ValidTo   Date   `json:"valid_to,omitempty"`
}

// Public is the public form of a unit.
func (u *AdminUnit) Public() PublicUnit {
	p := PublicUnit{Level: u.Level, Code: u.Code, Name: u.FullName, Kind: u.Kind, Parent: u.ParentCode,
		ValidFrom: u.ValidFrom, ValidTo: u.ValidTo, HasBoundary: u.HasBoundary, Postcodes: make([]PublicPostcode, len(u.Postcodes))}
	for i, code := range u.Postcodes {
		p.Postcodes[i] = PublicPostcode(code)
	}
	return p
}

// PostcodeOn is the postcode on a day, or empty.
func (p PublicUnit) PostcodeOn(day Date) string {
	for _, code := range p.Postcodes {
		if day.within(code.ValidFrom, code.ValidTo) {
			return code.Code
		}
	}
	return ""
}
