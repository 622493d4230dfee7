package models

import (
	"context"
	"errors"
	"fmt"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Migration is one numbered change of the tables.
type Migration struct {
	Version int64
	Name    string
	Applied bool
}

// MigrationStatus lists this program's migrations and applies none; newest is
// the highest version the database has. Where there is no table of versions
// yet it is made.
func MigrationStatus(ctx context.Context, o Options) (list []Migration, newest int64, err error) {
	s, err := connect(ctx, o)
	if err != nil {
		return nil, 0, err
	}
	defer s.Close()
	p, err := s.migrations()
	if err != nil {
		return nil, 0, err
	}
	status, err := p.Status(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("read the migrations: %w", s.translate(err))
	}
	for _, m := range status {
		list = append(list, Migration{Version: m.Source.Version, Name: m.Source.Path, Applied: m.State == goose.StateApplied})
	}
	newest, err = p.GetDBVersion(ctx)
	return list, newest, s.translate(err)
}

// migrate brings the tables to this program's version. Several processes may
// start at once: one migrates, the others wait.
func (s *Store) migrate(ctx context.Context) error {
	p, err := s.migrations()
	if err != nil {
		return err
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the version of the tables: %w", s.translate(err))
	}
	if have > want {
		return NewError(Conflict, "", "newer-schema",
			"The database has tables of version %d, this program knows versions up to %d: run the newer program.",
			"Cơ sở dữ liệu có phiên bản bảng %d, chương trình này chỉ biết đến phiên bản %d: hãy chạy chương trình mới hơn.", have, want)
	}
	for have < want {
		_, err := p.Up(ctx)
		if err == nil {
			return nil
		}
		now, _, again := p.GetVersions(ctx)
		if again != nil || now == have {
			return fmt.Errorf("migrate the tables from version %d to %d: %w", have, want, s.translate(err))
		}
		have = now // on SQLite another process that started with us is faster, one migration after another
	}
	return nil
}

func (s *Store) migrations() (*goose.Provider, error) {
	pool, err := s.write.DB()
	if err != nil {
		return nil, err
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if s.dialect.name == postgres.name {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(s.dialect.goose, pool, s.dialect.migrations(), options...)
	if errors.Is(err, goose.ErrNoMigrations) {
		return nil, errors.New("this build carries no migrations")
	}
	return p, err
}
