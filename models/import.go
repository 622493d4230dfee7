package models

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"gorm.io/gorm"

	"diachiso/geo/text"
	"diachiso/models/importfile"
)

// importChunk is how many rows one transaction holds at most.
const importChunk = 5_000

// ImportOptions say what a file does not say about itself.
type ImportOptions struct {
	Source          string // whose refs its refs are; required when there are any
	AsOf            Date   // the day bare unit codes and names mean; empty: see communeClaim
	WithoutContacts bool   // read past the columns with personal data
	LegalBasis      string // why personal data may be kept without consent; needed where there is any
	Actor           Actor

	// Reject receives every rejected row, in order within a chunk.
	Reject func(importfile.Rejection) error
	// Progress is told the counts after every chunk; nil: nobody.
	Progress func(ImportCounts)
}

// ImportCounts says what became of the rows:
// Inserted + Updated + Unchanged + Rejected = Read.
type ImportCounts struct{ Read, Inserted, Updated, Unchanged, Rejected int }

// importRow is one row on its way: a draft, or a rejection, or both.
type importRow struct {
	draft  *draft
	record *importfile.Record
	reject *importfile.Rejection
}

// Import registers the rows of a file in transactions of at most 5,000 rows.
// A row at fault is rejected and the rest goes on; when the database or the
// file fails the error says so, and what the counts say is in stays in: the
// same file may be imported again. When the context ends Import returns at
// once; the file may be read until the row under way is read. It remembers the
// refs of the file, some 100 bytes each, and nothing else of its rows.
func (s *Store) Import(ctx context.Context, file *importfile.Reader, o ImportOptions) (ImportCounts, error) {
	basis, err := text.Clean(o.LegalBasis, maxLegalBasis)
	if e := textError("legal_basis", err); e != nil {
		return ImportCounts{}, e
	}
	o.LegalBasis = basis
	run := &importRun{s: s, o: o, file: file, refs: map[string]int{}}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	chunks := make(chan importChunkRead, 1)
	go run.readChunks(ctx, chunks)
	for {
		var c importChunkRead
		select {
		case next, more := <-chunks:
			if !more {
				return run.counts, ctx.Err()
			}
			c = next
		case <-ctx.Done():
			return run.counts, ctx.Err()
		}
		if len(c.rows) > 0 {
			if err := run.write(ctx, c.rows); err != nil {
				return run.counts, fmt.Errorf("import the rows from line %d: %w", c.rows[0].line(), err)
			}
		}
		if c.err != nil {
			return run.counts, c.err
		}
	}
}

// importRun is the state of one import.
type importRun struct {
	s      *Store
	o      ImportOptions
	file   *importfile.Reader
	refs   map[string]int // refs seen, with their lines
	counts ImportCounts
	chunks int
}

// importChunkRead is what the reading side hands to the writing side.
type importChunkRead struct {
	rows []importRow
	err  error
}

func (r importRow) line() int {
	if r.reject != nil {
		return r.reject.Line
	}
	return r.record.Line
}

// readChunks reads and checks rows while the chunk before is being written.
func (run *importRun) readChunks(ctx context.Context, out chan<- importChunkRead) {
	defer close(out)
	for {
		rows, err := run.readChunk(ctx)
		end := errors.Is(err, io.EOF)
		if end {
			err = nil
		}
		select {
		case out <- importChunkRead{rows, err}:
		case <-ctx.Done():
			return
		}
		if end || err != nil {
			return
		}
	}
}

func (run *importRun) readChunk(ctx context.Context) (rows []importRow, err error) {
	units, err := run.s.Units(ctx)
	if err != nil {
		return nil, err
	}
	today := run.s.Today()
	rows = make([]importRow, 0, importChunk)
	for len(rows) < importChunk && ctx.Err() == nil {
		record, err := run.file.Next()
		if columns := run.checkColumns(); columns != nil {
			return rows, columns
		}
		var bad *importfile.RowError
		switch {
		case errors.As(err, &bad):
			rows = append(rows, importRow{reject: &importfile.Rejection{Line: bad.Line, Code: bad.Code, En: sentence(bad.En), Vi: bad.Vi, Cells: bad.Cells}})
		case err != nil:
			return rows, err
		default:
			rows = append(rows, run.check(record, units, today))
		}
	}
	return rows, ctx.Err()
}

// checkColumns refuses a file whose columns can't be stored or told apart. A
// GeoJSON shows its columns as it goes, so this is asked of every row.
func (run *importRun) checkColumns() error {
	if run.file.Has(importfile.Ref) && run.o.Source == "" {
		return invalid("source", "source-needed", "The file has refs: say whose they are (--source NAME).",
			"Tệp có cột mã hồ sơ: hãy cho biết của đơn vị nào (--source TÊN).")
	}
	if !run.o.WithoutContacts && run.o.LegalBasis == "" && (run.file.Has(importfile.OwnerName) || run.file.Has(importfile.Phone)) {
		return invalid("owner_name", "legal-basis-needed",
			"The file has names or telephone numbers of owners, who were not asked: say on what legal basis they are kept (--legal-basis TEXT), or leave them out (--without-contacts).",
			"Tệp có tên hoặc số điện thoại của chủ hộ, những người chưa được hỏi ý kiến: hãy nêu căn cứ pháp lý để lưu (--legal-basis VĂN_BẢN), hoặc không nhập các cột đó (--without-contacts).")
	}
	return nil
}

// check does everything about a row that needs no database.
func (run *importRun) check(record *importfile.Record, units *Units, today Date) importRow {
	row := importRow{record: record}
	registration, err := registrationOf(record, run.o)
	if err != nil {
		row.reject = rejection(record, err)
		return row
	}
	d := newDraft(registration, run.o.Actor, units, today)
	if d.err == nil && d.Ref != "" {
		if first, twice := run.refs[d.Ref]; twice {
			d.err = conflict("ref", "ref-twice", "The ref stands on line %d of the file already.", "Mã hồ sơ đã có ở dòng %d của tệp.", first)
		} else {
			run.refs[strings.Clone(d.Ref)] = record.Line // a part of the row would keep all of it
		}
	}
	if d.err != nil {
		row.reject = rejection(record, d.err)
		return row
	}
	for _, c := range importfile.AllColumns() {
		if !run.file.Has(c) {
			d.leavesOut |= 1 << c
		}
	}
	row.draft = d
	return row
}

func rejection(record *importfile.Record, err error) *importfile.Rejection {
	r := importfile.Rejection{Line: record.Line, Cells: record.Cells()}
	r.Code, r.En, r.Vi = reasonOf(err)
	return &r
}

// write puts one chunk into the database and tells what became of its rows.
func (run *importRun) write(ctx context.Context, rows []importRow) error {
	drafts := make([]*draft, 0, len(rows))
	for _, row := range rows {
		if row.draft != nil {
			drafts = append(drafts, row.draft)
		}
	}
	var done ImportCounts
	err := run.s.transaction(ctx, func(tx *gorm.DB) (err error) {
		done, err = run.s.importDrafts(tx, drafts, run.o.Actor)
		return err
	})
	if err != nil {
		return err
	}
	var rejects []importfile.Rejection
	for _, row := range rows {
		if row.draft != nil && row.draft.err != nil {
			row.reject = rejection(row.record, row.draft.err)
		}
		if row.reject != nil {
			rejects = append(rejects, *row.reject)
		}
	}
	run.counts.Read += len(rows)
	run.counts.Inserted += done.Inserted
	run.counts.Updated += done.Updated
	run.counts.Unchanged += done.Unchanged
	run.counts.Rejected += len(rejects)
	for _, r := range rejects { // last, so that the counts are true when this fails
		if err := run.o.Reject(r); err != nil {
			return err
		}
	}
	if run.o.Progress != nil {
		run.o.Progress(run.counts)
	}
	return run.analyze(ctx)
}

// analyze renews the planner's statistics after the first, second, fourth …
// chunk: a plan for an empty table would be used for the whole import.
func (run *importRun) analyze(ctx context.Context) error {
	run.chunks++
	if run.chunks&(run.chunks-1) != 0 || run.s.dialect.analyze == "" {
		return nil
	}
	if err := run.s.write.WithContext(ctx).Exec(run.s.dialect.analyze).Error; err != nil {
		return fmt.Errorf("renew the statistics: %w", run.s.translate(err))
	}
	return nil
}

// prepareChunks prepares a transaction that goes through thousands of rows.
func (s *Store) prepareChunks(tx *gorm.DB) error {
	if s.dialect.chunk == "" {
		return nil
	}
	return tx.Exec(s.dialect.chunk).Error
}

// importDrafts writes the drafts of one chunk inside its transaction.
func (s *Store) importDrafts(tx *gorm.DB, drafts []*draft, actor Actor) (counts ImportCounts, err error) {
	if err := s.prepareChunks(tx); err != nil {
		return counts, err
	}
	plan, err := s.planImport(tx, drafts)
	if err != nil {
		return counts, err
	}
	changes, err := s.insert(tx, plan.fresh, actor)
	if err != nil {
		return counts, err
	}
	counts.Inserted, counts.Unchanged = len(changes), plan.unchanged
	for _, d := range plan.updates {
		c, err := s.update(tx, d, actor)
		if err != nil {
			return counts, err
		}
		changes = append(changes, c)
	}
	counts.Updated = len(plan.updates)
	for _, d := range drafts { // now that the first of them has its code
		if d.same != nil && d.err == nil {
			d.err = cmp.Or(d.same.err, error(repeatedRow(d.same.address.Code)))
		}
	}
	if err := s.importContacts(tx, plan.fresh, drafts); err != nil {
		return counts, err
	}
	return counts, s.appendChanges(tx, changes)
}
