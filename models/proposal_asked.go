package models

import (
	"encoding/json"
	"time"

	"diachiso/geo"
)

// Asked is a registration in the words of the request: how a proposal keeps
// it and shows it. The contact is no part of it.
type Asked struct {
	Kind         string      `json:"kind"`
	Lat          json.Number `json:"lat"` // degrees, exact to 1e-7
	Lng          json.Number `json:"lng"`
	AccuracyM    float64     `json:"accuracy_m,omitempty"`
	PositionKind string      `json:"position_kind,omitempty"`
	Name         string      `json:"name,omitempty"`
	NamePublic   *bool       `json:"name_public,omitempty"`
	Parts
	Parent          *geo.Code `json:"parent,omitempty"`
	Commune         string    `json:"commune,omitempty"`
	AsOf            Date      `json:"as_of,omitempty"`
	ConfirmDistinct bool      `json:"confirm_distinct,omitempty"`
}

// askedOf is a checked registration in the words of the request.
func askedOf(r Registration) Asked {
	return Asked{
		Kind: r.Kind, Lat: json.Number(geo.FormatE7(r.Point.Lat)), Lng: json.Number(geo.FormatE7(r.Point.Lng)), AccuracyM: r.AccuracyM,
		PositionKind: r.PositionKind, Name: r.Name, NamePublic: r.NamePublic, Parts: r.Parts, Parent: r.Parent,
		Commune: r.Commune, AsOf: r.AsOf, ConfirmDistinct: r.ConfirmDistinct,
	}
}

// registration is the registration that a proposal asks for. What the
// proposer says about duplicates is for the officer to read.
func (a Asked) registration() (Registration, error) {
	point, err := geo.ParsePoint(string(a.Lat), string(a.Lng))
	return Registration{
		Kind: a.Kind, Name: a.Name, NamePublic: a.NamePublic, Parts: a.Parts, Point: point, AccuracyM: a.AccuracyM,
		PositionKind: a.PositionKind, Parent: a.Parent, Commune: a.Commune, AsOf: a.AsOf,
	}, err
}

// Position is where a proposal is asked for.
func (p *Proposal) Position() Position {
	r, _ := p.Asked.registration() // it was checked when it was kept
	return Position{Lat: E7(r.Point.Lat), Lng: E7(r.Point.Lng), AccuracyM: r.AccuracyM, Kind: r.PositionKind}
}

// withoutPerson is what stays of a proposal that has ended: a name may be a
// person's, now or when it is public no more. That of an address is with it.
func (a Asked) withoutPerson() Asked {
	a.Name = ""
	return a
}

// ShownProposal is a proposal as its owner and its officers see it. Absent
// members are left out.
type ShownProposal struct {
	Number       string        `json:"number"`
	Formatted    string        `json:"formatted"`
	Status       string        `json:"status"`
	ExpectedCode string        `json:"expected_code,omitempty"` // while proposed
	Asked        Asked         `json:"asked"`
	Text         string        `json:"text"` // with the units of today
	Commune      UnitRef       `json:"commune"`
	LooksLike    []geo.Code    `json:"looks_like,omitempty"`
	CreatedAt    time.Time     `json:"created_at"`
	ExpiresAt    time.Time     `json:"expires_at"`
	DecidedAt    time.Time     `json:"decided_at,omitzero"`
	Reason       string        `json:"reason,omitempty"`
	Address      *geo.Code     `json:"address,omitempty"` // once verified
	Version      int64         `json:"version"`
	Links        ProposalLinks `json:"links"`
}

// ProposalLinks are where to go from a proposal.
type ProposalLinks struct {
	Self    string `json:"self"`
	Slip    string `json:"slip,omitempty"`    // for the owner, while there is something to print
	Contact string `json:"contact,omitempty"` // for officers
	Address string `json:"address,omitempty"`
}

// Proposal is a proposal as it is shown on a day.
func (u *Units) Proposal(p *Proposal, day Date) ShownProposal {
	commune := u.byID[p.CommuneID]
	shown := ShownProposal{
		Number: p.Number, Formatted: grouped(p.Number), Status: p.Status, Asked: p.Asked,
		Text: u.text(&Address{Parts: p.Asked.Parts}, commune, day), Commune: UnitRef{commune.Code, commune.FullName, commune.ValidFrom},
		LooksLike: p.LooksLike, CreatedAt: p.CreatedAt, ExpiresAt: p.ExpiresAt, DecidedAt: p.DecidedAt,
		Reason: p.Reason, Address: p.Address, Version: p.Version, Links: ProposalLinks{Self: "/v1/proposals/" + p.Number},
	}
	if p.Status == ProposalProposed {
		shown.ExpectedCode = p.Expected.String()
	}
	if p.Status == ProposalProposed || p.Status == ProposalVerified {
		shown.Links.Slip = shown.Links.Self + "/slip.svg"
	}
	if p.Address != nil {
		shown.Links.Address = "/v1/addresses/" + p.Address.String()
	}
	return shown
}
