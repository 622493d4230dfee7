// Package models holds the registry: its tables, its rules and everything
// that asks or changes a database. Handlers and commands call one method of
// Store for one piece of work; a method owns its transaction, and unexported
// functions that take tx compose inside it.
package models

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Options say how a store is opened.
type Options struct {
	URL          string           // postgres://… or the path of a SQLite file; empty: data/diachiso.db
	Connections  int              // reading connections; 0: a sensible number
	Now          func() time.Time // the clock; nil: time.Now
	WithoutUnits bool             // do not bring in the shipped units when there are none
	MustExist    bool             // an SQLite file that is not there is an error, not a new registry
}

// Store is an open registry. It is safe for concurrent use.
type Store struct {
	read, write *gorm.DB
	dialect     dialect
	clock       func() time.Time

	units        atomic.Pointer[unitsAt]
	unitsRefresh sync.Mutex

	vocabulary *vocabulary
	tiles      *tileCache
	feed       feedWatch
	wideBox    int64 // see weighed
	extent     extentWatch
}

// Open connects to the database, brings its tables to this program's version
// under a lock, and loads the shipped units into a registry that has none. A
// database that can't be reached, or whose tables are newer than this
// program, is an error that says so.
func Open(ctx context.Context, o Options) (*Store, error) {
	s, err := connect(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := s.prepare(ctx, o); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func connect(ctx context.Context, o Options) (*Store, error) {
	d := dialectOf(o.URL)
	s := &Store{dialect: d, clock: o.Now, vocabulary: newVocabulary(), tiles: newTileCache(), wideBox: wideBox}
	if s.clock == nil {
		s.clock = time.Now
	}
	var err error
	if s.read, s.write, err = d.open(ctx, o); err != nil {
		return nil, fmt.Errorf("open the %s database: %w", d.name, d.translate(err))
	}
	return s, nil
}

func (s *Store) prepare(ctx context.Context, o Options) error {
	if err := s.migrate(ctx); err != nil {
		return err
	}
	if err := s.countAnew(ctx); err != nil {
		return err
	}
	if o.WithoutUnits {
		return nil
	}
	return s.loadShippedUnits(ctx)
}

// Close ends all connections; requests under way are allowed to finish.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*gorm.DB{s.read, s.write} {
		if pool, err := db.DB(); err == nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}

// Ready asks the database one small question: nil when it answers and has
// this program's tables.
func (s *Store) Ready(ctx context.Context) error {
	var epoch int64
	err := first(s.read.WithContext(ctx).Raw("SELECT units_epoch FROM registry WHERE id = 1")).Scan(&epoch)
	return s.translate(err)
}

// Database names the kind of database behind the store: "sqlite" or "postgres".
func (s *Store) Database() string { return s.dialect.name }

// now is the present instant in UTC, in whole milliseconds as both databases keep it.
func (s *Store) now() time.Time { return s.clock().UTC().Truncate(time.Millisecond) }

// Now is the present instant in UTC, by the clock of the store.
func (s *Store) Now() time.Time { return s.now() }

// Today is the present day in Vietnam.
func (s *Store) Today() Date { return DateOf(s.clock()) }

// transaction runs work in one writing transaction and translates its error.
// Work may be run again from its beginning when another writer's transaction
// got in its way.
func (s *Store) transaction(ctx context.Context, work func(tx *gorm.DB) error) error {
	var err error
	for range maxAttempts {
		if err = s.write.WithContext(ctx).Transaction(work); !collided(err) {
			break
		}
	}
	s.vocabulary.outdate()
	s.tiles.outdate()
	s.feed.wake()
	return s.translate(err)
}

// firstRow is the first row of an answer.
type firstRow struct{ db *gorm.DB }

// first is the first row that a question answers, sql.ErrNoRows where there is
// none. GORM's own Row panics where SQLite can't prepare the question any more
// because its context is over.
func first(question *gorm.DB) firstRow { return firstRow{question} }

// Scan reads the row's columns.
func (r firstRow) Scan(into ...any) error {
	rows, err := r.db.Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	if rows.Next() {
		return cmp.Or(rows.Scan(into...), rows.Close()) // an INSERT may fail behind the row that it returned
	}
	return cmp.Or(rows.Err(), sql.ErrNoRows)
}

// translate turns what a driver says into an *Error where a person can act on
// it; an *Error and nil pass unchanged.
func (s *Store) translate(err error) error {
	var known *Error
	if err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled) {
		return err
	}
	return s.dialect.translate(err)
}

// gormConfig is the same for every connection: no values in logs (addresses
// are personal data), no hidden transactions.
func gormConfig() *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction: true,
		Logger:                 logger.New(nil, logger.Config{LogLevel: logger.Silent, ParameterizedQueries: true}),
	}
}
