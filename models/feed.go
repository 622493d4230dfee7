package models

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"diachiso/geo"
)

// FeedPosition is a place in the change feed: just after the change Seq. The
// zero value is the beginning.
type FeedPosition struct {
	Epoch string // that Seq belongs to; empty: not said, and nothing protects from a restored backup
	Seq   int64
}

// String writes the position as ParseFeedPosition reads it.
func (p FeedPosition) String() string { return p.Epoch + "." + strconv.FormatInt(p.Seq, 10) }

var feedPositionForm = regexp.MustCompile(`^(?:([a-z0-9]{8})\.)?([0-9]{1,18})$`)

// ParseFeedPosition reads "<epoch>.<seq>", or a number alone; false: it is
// neither.
func ParseFeedPosition(text string) (FeedPosition, bool) {
	found := feedPositionForm.FindStringSubmatch(text)
	if found == nil {
		return FeedPosition{}, false
	}
	seq, err := strconv.ParseInt(found[2], 10, 64)
	return FeedPosition{found[1], seq}, err == nil
}

// Change is one change as anybody may know it: without who made it.
type Change struct {
	Seq     int64 // orders all changes of the registry as they were committed; numbers may be left out
	At      time.Time
	Op      string
	Code    geo.Code
	Version int64 // of the address after the change
	Reason  string

	// After is the address as it was just after the change. Where that is its
	// newest, what it supersedes and its successors are those of the moment of
	// reading, which the changes of other addresses alter.
	After *Address

	// Related are addresses, as they are at the moment of reading, that this
	// change may have given something else to supersede or other successors.
	Related []*Address
}

// ChangePage is a page of the change feed.
type ChangePage struct {
	Changes []Change
	Next    FeedPosition // where the page after it begins
	More    bool         // there is one
}

// Changes answers the changes after a position, at most limit, in the order in
// which they were committed. Whoever goes on at Next misses none and gets none
// twice. A position of another epoch, or beyond the newest change, is Gone:
// the reader knows a registry that is no more.
func (s *Store) Changes(ctx context.Context, since FeedPosition, limit int) (ChangePage, error) {
	var page ChangePage
	err := s.read.WithContext(ctx).Transaction(func(tx *gorm.DB) (err error) {
		page, err = s.changesAfter(tx, since, limit)
		return err
	}, &sql.TxOptions{Isolation: s.dialect.snapshot, ReadOnly: true})
	if err != nil {
		return ChangePage{}, fmt.Errorf("read the change feed: %w", s.translate(err))
	}
	return page, nil
}

func (s *Store) changesAfter(tx *gorm.DB, since FeedPosition, limit int) (ChangePage, error) {
	end, err := feedEnd(tx)
	if err != nil {
		return ChangePage{}, err
	}
	if since.Epoch != "" && since.Epoch != end.Epoch || since.Seq > end.Seq {
		return ChangePage{}, resyncError()
	}
	lines, err := scanChanges(tx, selectChanges+"changes c WHERE c.seq > ? ORDER BY c.seq LIMIT ?", since.Seq, limit)
	if err != nil {
		return ChangePage{}, err
	}
	page := ChangePage{Next: FeedPosition{end.Epoch, since.Seq}}
	if len(lines) > 0 {
		page.Next.Seq = lines[len(lines)-1].seq
	}
	page.More = page.Next.Seq < end.Seq
	page.Changes, err = s.changesOf(tx, lines)
	return page, err
}

func resyncError() *Error {
	return NewError(Gone, "since", "resync",
		"The registry was restored from a backup, or this is no position of it: take a new snapshot, /v1/exports/addresses.ndjson, and go on from there.",
		"Sổ đăng ký đã được khôi phục từ bản sao lưu, hoặc đây không phải vị trí của sổ này: hãy tải lại toàn bộ tại /v1/exports/addresses.ndjson rồi đọc tiếp từ đó.")
}

// feedEnd is the position after the newest change.
func feedEnd(db *gorm.DB) (end FeedPosition, err error) {
	err = db.Raw("SELECT epoch, (SELECT COALESCE(max(seq), 0) FROM changes) AS seq FROM registry WHERE id = 1").Scan(&end).Error
	return end, err
}

// NewEpoch makes every reader of the change feed begin again with a snapshot:
// to be called after a backup was restored, because the numbers of the changes
// since then are given out a second time. It answers the new epoch.
func (s *Store) NewEpoch(ctx context.Context) (string, error) {
	epoch := strings.ToLower(rand.Text()[:8])
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		return tx.Exec("UPDATE registry SET epoch = ? WHERE id = 1", epoch).Error
	})
	if err != nil {
		return "", fmt.Errorf("begin a new epoch of the change feed: %w", err)
	}
	return epoch, nil
}
