package models

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"diachiso/geo"
)

// ownerPrefix tells an owner token from a key.
const ownerPrefix = "dco_"

// ownerName is how the change log calls whoever holds an owner token.
const ownerName = "owner"

// notTheOwner refuses an owner at the address of somebody else. Whose address
// was there once hears where it is now.
func (c Caller) notTheOwner(a *Address) *Error {
	if c.Owns != nil && slices.Contains(a.Successors, *c.Owns) {
		return conflict("", "retired", "The address %s is retired: yours is %s now.", "Địa chỉ %s đã ngừng dùng: địa chỉ của bạn nay mang mã %s.", a.Code, *c.Owns)
	}
	return NewError(Forbidden, "", "not-the-owner", "This owner token is that of another address.", "Mã chủ sở hữu này là của địa chỉ khác.")
}

// insertOwnerToken makes the token of a proposal and answers its text, which
// is kept nowhere: the database has its SHA-256.
func (s *Store) insertOwnerToken(tx *gorm.DB, proposalID int64) (string, error) {
	token, hash := newSecret(ownerPrefix)
	// The hash is not the first: GORM takes bytes behind a parenthesis for a list.
	err := tx.Exec("INSERT INTO owner_tokens (proposal_id, hash, created_at) VALUES (?, ?, ?)", proposalID, hash, s.now()).Error
	if err != nil {
		return "", fmt.Errorf("store an owner token: %w", err)
	}
	return token, nil
}

// authenticateOwner answers whose owner token a text is.
func (s *Store) authenticateOwner(ctx context.Context, token string) (Caller, error) {
	hash := sha256.Sum256([]byte(token))
	caller := Caller{Role: RoleOwner, Name: ownerName}
	var proposal, address sql.NullInt64
	err := first(s.read.WithContext(ctx).Raw("SELECT id, proposal_id, address_id FROM owner_tokens WHERE hash = ?", hash[:])).
		Scan(&caller.TokenID, &proposal, &address)
	if errors.Is(err, sql.ErrNoRows) {
		return Caller{}, NewError(Forbidden, "", "bad-token", "The owner token is unknown or was replaced by another: use the newest one.",
			"Mã chủ sở hữu không đúng hoặc đã được thay bằng mã khác: hãy dùng mã mới nhất.")
	}
	if err != nil {
		return Caller{}, fmt.Errorf("look up an owner token: %w", s.translate(err))
	}
	caller.ProposalID = proposal.Int64
	if address.Valid {
		code := geo.Code(address.Int64)
		caller.Owns = &code
	}
	return caller, nil
}
