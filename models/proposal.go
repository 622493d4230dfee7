package models

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"diachiso/geo"
)

// Statuses of a proposal. All but the first are for good.
const (
	ProposalProposed  = "proposed"
	ProposalVerified  = "verified"
	ProposalRejected  = "rejected"
	ProposalWithdrawn = "withdrawn"
	ProposalExpired   = "expired"
)

// proposalDays is how long a proposal waits for an officer.
const proposalDays = 90

// Proposal is what somebody asks to have registered. It is a row of its own:
// no list, search or feed of addresses knows it.
type Proposal struct {
	id        int64
	Number    string
	Status    string
	Asked     Asked
	CommuneID int64
	Expected  geo.Code // the code that was free when it came or was corrected: a preview
	Version   int64
	CreatedAt time.Time
	ExpiresAt time.Time
	DecidedAt time.Time
	Reason    string    // why it was rejected
	Address   *geo.Code // once verified

	// LooksLike are current addresses that it may repeat, as of the question.
	LooksLike []geo.Code
}

// Propose keeps a registration for an officer to verify and answers its owner
// token, which is told this once. It is checked as a registration is; what it
// looks like is no reason to refuse it.
func (s *Store) Propose(ctx context.Context, r Registration) (*Proposal, string, error) {
	units, err := s.Units(ctx)
	if err != nil {
		return nil, "", err
	}
	var p *Proposal
	var token string
	err = s.transaction(ctx, func(tx *gorm.DB) (err error) {
		if p, err = s.draftProposal(tx, units, r, Actor{}); err != nil {
			return err
		}
		if err := s.insertProposal(tx, p); err != nil {
			return err
		}
		if r.Contact != nil {
			if err := s.insertContact(tx, r.Contact, p.id); err != nil {
				return err
			}
		}
		token, err = s.insertOwnerToken(tx, p.id)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("keep a proposal: %w", err)
	}
	return p, token, nil
}

// draftProposal checks a registration by somebody and finds its commune, the
// code it would get now and what it looks like.
func (s *Store) draftProposal(tx *gorm.DB, units *Units, r Registration, by Actor) (*Proposal, error) {
	d := newDraft(r, by, units, s.Today())
	if err := cmp.Or(d.err, d.unlocated); err != nil {
		return nil, forProposers(err)
	}
	expected, err := s.expectedCode(tx, d)
	if err != nil {
		return nil, err
	}
	duplicates := s.duplicatesOf
	if by.Name == "" { // no officer
		duplicates = s.shownDuplicatesOf
	}
	alike, err := duplicates(tx, d)
	if err != nil {
		return nil, err
	}
	now := s.now()
	p := &Proposal{
		Status: ProposalProposed, Asked: askedOf(d.Registration), CommuneID: d.address.CommuneID, Expected: expected,
		Version: 1, CreatedAt: now, ExpiresAt: now.AddDate(0, 0, proposalDays),
	}
	for _, a := range alike {
		p.LooksLike = append(p.LooksLike, a.Code)
	}
	return p, nil
}

// forProposers says of a point in no commune what somebody without a hand on
// the registry can do.
func forProposers(err error) error {
	if e, ok := errors.AsType[*Error](err); ok && e.Code == "no-commune" {
		return invalid(e.Field, e.Code, "The place is in none of the communes of this registry: check the point, lat and lng.",
			"Vị trí này không thuộc xã/phường nào của hệ thống: hãy kiểm tra lại tọa độ (lat, lng).")
	}
	return err
}

// expectedCode is the code that a draft would be issued now; it takes none.
func (s *Store) expectedCode(tx *gorm.DB, d *draft) (geo.Code, error) {
	occ := &occupancy{tx: tx, s: s, doors: map[geo.Code]*door{}}
	if err := occ.loadFor([]*draft{d}); err != nil {
		return 0, err
	}
	code, err := occ.candidate(d)
	return code, cmp.Or(err, d.err)
}

// insertProposal gives a proposal its number and its row.
func (s *Store) insertProposal(tx *gorm.DB, p *Proposal) error {
	asked, err := json.Marshal(p.Asked)
	if err != nil {
		return err
	}
	for range maxAttempts { // a number may have been drawn before: one in 500,000 at a million proposals
		p.Number = newNumber('P')
		err = first(tx.Raw(`INSERT INTO proposals (number, status, registration, commune_id, expected_id, version, created_at, expires_at, decided_by, reason)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', '') ON CONFLICT (number) DO NOTHING RETURNING id`,
			p.Number, p.Status, string(asked), p.CommuneID, p.Expected.ID(), p.Version, p.CreatedAt, p.ExpiresAt)).Scan(&p.id)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	return err
}

// Proposal answers a proposal to its owner, the officers of its commune and
// admins; to everybody else there is none.
func (s *Store) Proposal(ctx context.Context, caller Caller, number string) (*Proposal, error) {
	p, err := s.findProposal(s.read.WithContext(ctx), caller, number)
	if err != nil {
		return nil, s.translate(err)
	}
	return p, nil
}

// selectProposals reads proposals p, of one that became an address with the
// commune where that is now.
const selectProposals = `SELECT p.id, p.number, p.status, p.registration,
	COALESCE((SELECT a.commune_id FROM addresses a WHERE a.id = p.address_id), p.commune_id), p.expected_id, p.version,
	p.created_at, p.expires_at, p.decided_at, p.reason, p.address_id FROM proposals p `

// findProposal reads a proposal that a caller may see, expired from the
// instant on when its time is over.
func (s *Store) findProposal(db *gorm.DB, caller Caller, number string) (*Proposal, error) {
	number, ok := parseNumber('P', number)
	if !ok {
		return nil, proposalNotFound()
	}
	list, err := scanProposals(db.Raw(selectProposals+"WHERE p.number = ?", number).Rows())
	if err != nil {
		return nil, fmt.Errorf("read a proposal: %w", err)
	}
	if len(list) == 0 || !caller.sees(list[0]) {
		return nil, proposalNotFound()
	}
	list[0].expire(s.now())
	return list[0], nil
}

func proposalNotFound() *Error {
	return notFound("", "proposal-not-found", "There is no proposal with this number that you may see: its owner sees it by the owner token, an officer where it lies in the own commune.",
		"Không có đề nghị mang số này mà bạn được xem: chủ sở hữu xem bằng mã chủ sở hữu, cán bộ chỉ xem trong địa bàn của mình.")
}

// scanProposals reads all rows of a selectProposals.
func scanProposals(rows *sql.Rows, err error) ([]*Proposal, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []*Proposal
	for rows.Next() {
		var p Proposal
		var asked string
		var expected int64
		var decided sql.NullTime
		var address sql.NullInt64
		err := rows.Scan(&p.id, &p.Number, &p.Status, &asked, &p.CommuneID, &expected, &p.Version,
			&p.CreatedAt, &p.ExpiresAt, &decided, &p.Reason, &address)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(asked), &p.Asked); err != nil {
			return nil, fmt.Errorf("read what the proposal %s asks: %w", p.Number, err)
		}
		p.CreatedAt, p.ExpiresAt, p.DecidedAt = p.CreatedAt.UTC(), p.ExpiresAt.UTC(), decided.Time.UTC()
		p.Expected = geo.Code(expected)
		if address.Valid {
			code := geo.Code(address.Int64)
			p.Address = &code
		}
		list = append(list, &p)
	}
	return list, rows.Err()
}

// expire makes a proposal read as expired also before the job has run.
func (p *Proposal) expire(now time.Time) {
	if p.Status == ProposalProposed && !now.Before(p.ExpiresAt) {
		p.Status, p.DecidedAt = ProposalExpired, p.ExpiresAt
	}
}

// sees reports whether a proposal exists for a caller.
func (c Caller) sees(p *Proposal) bool {
	if c.Role == RoleOwner {
		return c.ProposalID == p.id
	}
	return c.scopeOf().holds(p.CommuneID)
}
