package models

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"diachiso/geo/text"
)

// How long somebody stays signed in.
const (
	sessionIdle = 15 * time.Minute // without a request, to the minute
	sessionMost = 12 * time.Hour
)

// sessionPrefix tells the secret of a session from a key.
const sessionPrefix = "dcp_"

// Person is who is signed in, for that person's own eyes.
type Person struct {
	Role     string
	Name     string
	Communes []*AdminUnit
	Until    time.Time // when the session ends if nothing more is asked (UTC); zero: a key, no session
}

// Identity is somebody whom a provider vouches for.
type Identity struct {
	Issuer   string   // of the name Subject
	Subject  string   // names the person for ever
	Name     string   // of the person
	Role     string   // one of KeyRoles
	Communes []string // codes or names of today's communes, for an officer; unknown ones are left out
}

// session is a row of sessions.
type session struct {
	id                  int64
	keyHash, subject    []byte // one of the two
	role, name          string // of a subject
	createdAt, lastSeen time.Time
}

// end is when the session ends if nothing more is asked.
func (n session) end() time.Time {
	end := n.lastSeen.Add(sessionIdle)
	if last := n.createdAt.Add(sessionMost); last.Before(end) {
		return last
	}
	return end
}

// SignIn signs somebody in with a key and answers the secret of the session,
// which is kept nowhere: the database has its SHA-256. The session that was
// open before, if any, ends. An unknown key is Forbidden as in Authenticate; an
// owner token is Invalid.
func (s *Store) SignIn(ctx context.Context, key string, before Caller) (string, Person, error) {
	if strings.HasPrefix(key, ownerPrefix) {
		return "", Person{}, invalid("key", "owner-token", "This is an owner token: it opens its own address and signs nobody in.",
			"Đây là mã chủ sở hữu: mã này chỉ mở địa chỉ của mình, không dùng để đăng nhập.")
	}
	caller, err := s.Authenticate(ctx, key)
	if err != nil {
		return "", Person{}, err
	}
	hash := sha256.Sum256([]byte(key))
	return s.openSession(ctx, session{keyHash: hash[:]}, caller, before)
}

// SignInAs signs somebody in whom a provider vouches for, as SignIn does. An
// officer none of whose communes is one of today is Forbidden.
func (s *Store) SignInAs(ctx context.Context, who Identity, before Caller) (string, Person, error) {
	if !slices.Contains(KeyRoles[:], who.Role) {
		return "", Person{}, fmt.Errorf("sign in with the role %q", who.Role)
	}
	units, err := s.Units(ctx)
	if err != nil {
		return "", Person{}, err
	}
	caller := Caller{Role: who.Role, Communes: who.scope(units, s.Today())}
	if who.Role == RoleOfficer && len(caller.Communes) == 0 {
		return "", Person{}, NewError(Forbidden, "", "no-communes",
			"The provider names no commune of today for this officer: ask whoever looks after the accounts to set it.",
			"Nhà cung cấp đăng nhập không nêu xã/phường hiện nay nào cho cán bộ này: hãy đề nghị người quản lý tài khoản bổ sung.")
	}
	subject := sha256.Sum256([]byte(who.Issuer + "\n" + who.Subject))
	name, err := text.Clean(who.Name, 100)
	if err != nil {
		name = "" // it is only shown: what is no name is left out
	}
	return s.openSession(ctx, session{subject: subject[:], role: who.Role, name: name}, caller, before)
}

// scope finds the communes of an officer.
func (i Identity) scope(units *Units, today Date) Scope {
	var scope Scope
	if i.Role != RoleOfficer {
		return scope
	}
	for _, named := range i.Communes {
		found := units.communesNamed(named, today)
		if len(found) == 1 && !slices.Contains(scope, found[0].ID) {
			scope = append(scope, found[0].ID)
		}
	}
	return scope
}

// openSession writes a session and takes away the one before.
func (s *Store) openSession(ctx context.Context, n session, caller, before Caller) (string, Person, error) {
	secret, hash := newSecret(sessionPrefix)
	n.createdAt, n.lastSeen = s.now(), s.now()
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		if err := tx.Exec("DELETE FROM sessions WHERE id = ?", before.SessionID).Error; err != nil {
			return err
		}
		// The hash can't be first: GORM takes bytes behind a parenthesis for a list.
		err := first(tx.Raw("INSERT INTO sessions (role, name, hash, key_hash, subject, created_at, last_seen_at) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
			n.role, n.name, hash, n.keyHash, n.subject, n.createdAt, n.lastSeen)).Scan(&n.id)
		if err != nil || n.keyHash != nil {
			return err
		}
		return insertSessionCommunes(tx, n.id, caller.Communes)
	})
	if err != nil {
		return "", Person{}, fmt.Errorf("open a session: %w", err)
	}
	caller.SessionID = n.id
	person, err := s.Person(ctx, caller)
	return secret, person, err
}

func insertSessionCommunes(tx *gorm.DB, sessionID int64, communes Scope) error {
	for _, id := range communes {
		if err := tx.Exec("INSERT INTO session_communes (session_id, unit_id) VALUES (?, ?)", sessionID, id).Error; err != nil {
			return err
		}
	}
	return nil
}

// forgetSessions takes away what has ended, and the names of persons with it.
func (s *Store) forgetSessions(ctx context.Context) error {
	return s.endSessions(ctx, "last_seen_at <= ? OR created_at <= ?", s.now().Add(-sessionIdle), s.now().Add(-sessionMost))
}

// SignedIn answers whose session a secret opens. One that is unknown, was idle
// for too long, or whose key opens nothing any more is Forbidden.
func (s *Store) SignedIn(ctx context.Context, secret string) (Caller, error) {
	hash := sha256.Sum256([]byte(secret))
	n, err := s.session(ctx, "hash = ?", hash[:])
	if err != nil {
		return Caller{}, err
	}
	now := s.now()
	if !now.Before(n.end()) {
		return Caller{}, sessionEnded()
	}
	caller, err := s.callerIn(ctx, n)
	if err != nil {
		return Caller{}, err
	}
	if now.Sub(n.lastSeen) > time.Minute {
		err = s.transaction(ctx, func(tx *gorm.DB) error {
			return tx.Exec("UPDATE sessions SET last_seen_at = ? WHERE id = ?", now, n.id).Error
		})
	}
	return caller, err
}

func sessionEnded() *Error {
	return NewError(Forbidden, "", "session-ended", "The session has ended: sign in again.", "Phiên làm việc đã kết thúc: hãy đăng nhập lại.")
}

// session reads the one session that a condition with one value names.
func (s *Store) session(ctx context.Context, condition string, value any) (session, error) {
	var n session
	err := first(s.read.WithContext(ctx).
		Raw("SELECT id, key_hash, subject, role, name, created_at, last_seen_at FROM sessions WHERE "+condition, value)).
		Scan(&n.id, &n.keyHash, &n.subject, &n.role, &n.name, &n.createdAt, &n.lastSeen)
	if errors.Is(err, sql.ErrNoRows) {
		return n, sessionEnded()
	}
	if err != nil {
		return n, fmt.Errorf("look up a session: %w", s.translate(err))
	}
	n.createdAt, n.lastSeen = n.createdAt.UTC(), n.lastSeen.UTC()
	return n, nil
}

// callerIn is who asks in a session: whom its key opens things for now, or whom
// the provider vouched for.
func (s *Store) callerIn(ctx context.Context, n session) (Caller, error) {
	if n.keyHash == nil {
		communes, err := s.sessionCommunes(ctx, n.id)
		return Caller{Role: n.role, Name: "sso:" + hex.EncodeToString(n.subject[:6]), Communes: communes, SessionID: n.id}, err
	}
	key, err := s.sessionKey(ctx, n)
	if err != nil {
		return Caller{}, err
	}
	caller := key.caller()
	caller.SessionID = n.id
	return caller, nil
}

// sessionKey is the key of a session. One that was rotated has another hash and
// is not found.
func (s *Store) sessionKey(ctx context.Context, n session) (Key, error) {
	list, err := scanKeys(s.read.WithContext(ctx).Raw(selectKeys+"WHERE k.hash = ? ORDER BY c.unit_id", n.keyHash).Rows())
	if err != nil {
		return Key{}, fmt.Errorf("look up the key of a session: %w", s.translate(err))
	}
	if len(list) == 0 || !list[0].Open(s.now()) {
		return Key{}, sessionEnded()
	}
	return list[0], nil
}

func (s *Store) sessionCommunes(ctx context.Context, id int64) (Scope, error) {
	var communes Scope
	err := s.read.WithContext(ctx).Raw("SELECT unit_id FROM session_communes WHERE session_id = ? ORDER BY unit_id", id).Scan(&communes).Error
	if err != nil {
		return nil, fmt.Errorf("look up the communes of a session: %w", s.translate(err))
	}
	return communes, nil
}

// Person answers who a caller is, with the name of the person where a provider
// told it. A session that ended meanwhile is Forbidden.
func (s *Store) Person(ctx context.Context, caller Caller) (Person, error) {
	units, err := s.Units(ctx)
	if err != nil {
		return Person{}, err
	}
	who := Person{Role: caller.Role, Name: caller.Name, Communes: units.CommunesOf(Key{Communes: caller.Communes})}
	if caller.SessionID == 0 {
		return who, nil
	}
	n, err := s.session(ctx, "id = ?", caller.SessionID)
	if err != nil {
		return Person{}, err
	}
	if n.keyHash == nil {
		who.Name, who.Until = n.name, n.end()
		return who, nil
	}
	key, err := s.sessionKey(ctx, n)
	if who.Until = n.end(); !key.ExpiresAt.IsZero() && key.ExpiresAt.Before(who.Until) {
		who.Until = key.ExpiresAt
	}
	return who, err
}

// SignOut ends the session of a caller, if there is one.
func (s *Store) SignOut(ctx context.Context, caller Caller) error {
	return s.endSessions(ctx, "id = ?", caller.SessionID)
}

// SignOutEverywhere ends all sessions of a caller's key, or of the person.
func (s *Store) SignOutEverywhere(ctx context.Context, caller Caller) error {
	if caller.KeyID != 0 {
		return s.endSessions(ctx, "key_hash = (SELECT hash FROM api_keys WHERE id = ?)", caller.KeyID)
	}
	return s.endSessions(ctx, "subject = (SELECT o.subject FROM sessions o WHERE o.id = ?)", caller.SessionID)
}

func (s *Store) endSessions(ctx context.Context, condition string, values ...any) error {
	err := s.transaction(ctx, func(tx *gorm.DB) error { return tx.Exec("DELETE FROM sessions WHERE "+condition, values...).Error })
	if err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}
