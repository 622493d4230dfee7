package models

import (
	"slices"
	"strings"

	"diachiso/geo"
)

// Roles say what a request may do.
const (
	RoleAnyone  = ""        // read what is public, propose and report
	RoleOwner   = "owner"   // the bearer of an owner token: see and edit one's own address
	RoleCourier = "courier" // read contacts with a purpose, confirm deliveries
	RoleOfficer = "officer" // review and write in the communes of the key
	RoleAdmin   = "admin"   // write everything
)

// KeyRoles lists the roles that a key can have.
var KeyRoles = [...]string{RoleCourier, RoleOfficer, RoleAdmin}

// Caller is who asks. The zero value is anybody.
type Caller struct {
	Role     string
	Name     string // of the key, for the change log and the list of reads; of no person
	KeyID    int64  // 0: no key
	Communes Scope  // where an officer writes

	SessionID int64 // of somebody signed in; 0: none

	// Of an owner token.
	TokenID    int64
	ProposalID int64     // 0: none
	Owns       *geo.Code // nil: not registered yet
}

// Scope is the communes that somebody may write in, by number of their unit;
// nil: everywhere.
type Scope []int64

// holds reports whether a commune is in the scope.
func (s Scope) holds(communeID int64) bool { return s == nil || slices.Contains(s, communeID) }

// scopeOf is where a caller may write: an admin everywhere, an officer in the
// communes of the key, nobody else anywhere.
func (c Caller) scopeOf() Scope {
	switch c.Role {
	case RoleAdmin:
		return nil
	case RoleOfficer:
		return append(Scope{}, c.Communes...)
	}
	return Scope{}
}

// owns reports whether the caller holds the token of an address.
func (c Caller) owns(code geo.Code) bool { return c.Owns != nil && *c.Owns == code }

// Actor is the caller as one who makes a change, with the level that what it
// brings in has.
func (c Caller) Actor(verification string) Actor {
	return Actor{Name: c.Name, Verification: verification, Scope: c.scopeOf()}
}

// NotAllowed refuses a role what only other roles may do.
func NotAllowed(role string, roles []string) *Error {
	roles = slices.DeleteFunc(slices.Clone(roles), func(role string) bool { return role == RoleAnyone })
	return NewError(Forbidden, "", "not-allowed", "The role %[1]s may not do this; it takes: %[2]s.",
		"Vai trò %[3]s không được phép làm việc này; cần: %[4]s.", role, strings.Join(roles, ", "), InVietnamese(role), strings.Join(inVietnamese(roles), ", "))
}

// check refuses a commune outside a scope.
func (s Scope) check(units *Units, communeID int64) error {
	if s.holds(communeID) {
		return nil
	}
	var names []string
	for _, id := range s {
		if unit := units.byID[id]; unit != nil {
			names = append(names, unit.FullName)
		}
	}
	commune := units.byID[communeID]
	if commune == nil || len(names) == 0 {
		return NewError(Forbidden, "", "not-allowed", "This key may not write addresses.", "Khóa này không được phép ghi địa chỉ.")
	}
	list := strings.Join(names, ", ")
	return NewError(Forbidden, "", "outside-communes", "The place is in %s; this key writes in %s only.",
		"Vị trí thuộc %s; khóa này chỉ được ghi tại %s.", commune.FullName, list)
}
