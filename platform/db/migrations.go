package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"
)

// Migrations are one module's schema, as goose migrations in SQL: one DDL statement each, with a way back.
type Migrations struct {
	// Module names the version table, goose_MODULE.
	Module string
	// FS holds the folders migrations/sqlite and migrations/postgres, with the same versions in both.
	FS fs.FS
}

// ErrSchemaNewer means that a newer program has migrated this database.
var ErrSchemaNewer = errors.New("the database's schema is newer than this program: use the newer program, or restore a backup made by this one")

// ErrPending means that migrations have not been run.
var ErrPending = errors.New("the database's schema is older than this program: run the migrations")

// Migrator brings the schema of all modules in step with the program. It is safe with several servers at once: they
// wait for each other.
type Migrator struct {
	pool       *Pool
	sets       []Migrations
	backup     func(ctx context.Context) error
	afterwards func(ctx context.Context)
	restoring  bool // between BeginRestore and EndRestore
}

// NewMigrator returns a migrator. backup, if not nil, runs before migrations touch a database that is not empty; its
// error stops them.
func NewMigrator(pool *Pool, sets []Migrations, backup func(ctx context.Context) error) *Migrator {
	sorted := slices.Clone(sets)
	slices.SortFunc(sorted, func(a, b Migrations) int { return strings.Compare(a.Module, b.Module) })
	return &Migrator{pool: pool, sets: sorted, backup: backup}
}

// Afterwards makes fn run each time that migrations which a backup preceded have all succeeded, while the schema is still
// locked. Call it before the migrator is used.
func (m *Migrator) Afterwards(fn func(ctx context.Context)) { m.afterwards = fn }

// ModuleStatus is how far one module's schema is.
type ModuleStatus struct {
	Module  string
	Version int64    // of the database; 0 if it has nothing of the module
	Head    int64    // of the program
	Pending []string // names of the files that would run, in their order
}

// Status returns the state of every module, by name. It changes nothing, and makes no database where there is none.
// Errors: ErrUnavailable.
func (m *Migrator) Status(ctx context.Context) ([]ModuleStatus, error) {
	versions := map[string]int64{}
	if m.pool.Exists() {
		var err error
		if versions, err = SchemaVersions(ctx, m.pool.Read()); err != nil {
			return nil, fmt.Errorf("read the schema's version: %w", err)
		}
	}
	status := make([]ModuleStatus, 0, len(m.sets))
	for _, set := range m.sets {
		s, err := m.status(set, versions[set.Module])
		if err != nil {
			return nil, fmt.Errorf("schema of %s: %w", set.Module, err)
		}
		status = append(status, s)
	}
	return status, nil
}

func (m *Migrator) status(set Migrations, version int64) (ModuleStatus, error) {
	p, err := m.provider(set)
	if err != nil {
		return ModuleStatus{}, err
	}
	s := ModuleStatus{Module: set.Module, Version: version}
	for _, source := range p.ListSources() {
		s.Head = max(s.Head, source.Version)
		if source.Version > version {
			s.Pending = append(s.Pending, path.Base(source.Path))
		}
	}
	return s, nil
}

// Check tells whether the schema fits the program; it is the readiness check. Errors: ErrSchemaNewer, ErrPending,
// ErrRestoring, ErrUnavailable.
func (m *Migrator) Check(ctx context.Context) error {
	if err := m.usable(ctx); err != nil {
		return err
	}
	status, err := m.Status(ctx)
	if err != nil {
		return err
	}
	for _, s := range status {
		if s.Version != s.Head {
			return fmt.Errorf("%s: version %d, not %d: %w", s.Module, s.Version, s.Head, s.mismatch())
		}
	}
	return nil
}

func (s ModuleStatus) mismatch() error {
	switch {
	case s.Version > s.Head:
		return ErrSchemaNewer
	case s.Version < s.Head:
		return ErrPending
	default:
		return nil
	}
}

// Up runs what is pending, module by module, under a lock and after the backup, and returns the names of the files that
// ran, as MODULE/FILE. Each file is a transaction; those before one that failed stay. Errors: ErrSchemaNewer and
// ErrRestoring before anything has run, ErrUnavailable, or what the migration, the lock or the backup reports.
func (m *Migrator) Up(ctx context.Context) ([]string, error) {
	// The usual start, on a schema that fits, leaves the lock alone.
	if m.Check(ctx) == nil {
		return nil, nil
	}
	return m.locked(ctx, func(ctx context.Context, status []ModuleStatus) ([]string, error) {
		return m.up(ctx, status, nil)
	})
}

// UpTo is Up, but no further than the given versions. Modules that are not among them stay as they are. Errors: as Up.
func (m *Migrator) UpTo(ctx context.Context, versions map[string]int64) ([]string, error) {
	return m.locked(ctx, func(ctx context.Context, status []ModuleStatus) ([]string, error) {
		return m.up(ctx, status, versions)
	})
}

func (m *Migrator) up(ctx context.Context, status []ModuleStatus, versions map[string]int64) ([]string, error) {
	pending, used := 0, false
	for _, s := range status {
		if errors.Is(s.mismatch(), ErrSchemaNewer) {
			return nil, fmt.Errorf("migrate %s: version %d, this program knows %d: %w", s.Module, s.Version, s.Head, ErrSchemaNewer)
		}
		pending += len(s.Pending)
		used = used || s.Version > 0
	}
	if pending == 0 {
		return nil, nil
	}
	run := func() ([]string, error) { return m.upAll(ctx, status, versions) }
	if !used {
		return run()
	}
	return m.backedUp(ctx, run)
}

// backedUp changes the schema between the backup and what comes afterwards.
func (m *Migrator) backedUp(ctx context.Context, change func() ([]string, error)) ([]string, error) {
	if m.backup != nil {
		if err := m.backup(ctx); err != nil {
			return nil, fmt.Errorf("back up before migrating: %w", err)
		}
	}
	ran, err := change()
	if err == nil && m.backup != nil && m.afterwards != nil {
		m.afterwards(ctx)
	}
	return ran, err
}

func (m *Migrator) upAll(ctx context.Context, status []ModuleStatus, versions map[string]int64) ([]string, error) {
	var ran []string
	for i, set := range m.sets {
		target := status[i].Head
		if versions != nil {
			target = versions[set.Module]
		}
		if target <= status[i].Version {
			continue
		}
		done, err := m.migrate(set, func(p *goose.Provider) ([]*goose.MigrationResult, error) { return p.UpTo(ctx, target) })
		ran = append(ran, done...)
		if err != nil {
			return ran, err
		}
	}
	return ran, nil
}

// Down takes back the newest migrations of one module, as many as steps says, after one backup, and returns their names
// in the order in which they went; fewer if there are no more. Errors: an unknown module, otherwise as Up.
func (m *Migrator) Down(ctx context.Context, module string, steps int) ([]string, error) {
	i := slices.IndexFunc(m.sets, func(s Migrations) bool { return s.Module == module })
	if i < 0 {
		return nil, fmt.Errorf("there is no module %q with a schema", module)
	}
	return m.locked(ctx, func(ctx context.Context, status []ModuleStatus) ([]string, error) {
		switch s := status[i]; {
		case s.Version > s.Head:
			return nil, fmt.Errorf("migrate %s down: %w", module, ErrSchemaNewer)
		case s.Version == 0:
			return nil, nil
		}
		return m.backedUp(ctx, func() ([]string, error) {
			return m.migrate(m.sets[i], func(p *goose.Provider) ([]*goose.MigrationResult, error) { return down(ctx, p, steps) })
		})
	})
}

// down takes back the newest migrations of a module, one by one, until there are none.
func down(ctx context.Context, p *goose.Provider, steps int) ([]*goose.MigrationResult, error) {
	var ran []*goose.MigrationResult
	for range steps {
		result, err := p.Down(ctx)
		if errors.Is(err, goose.ErrNoNextVersion) {
			return ran, nil
		}
		if err != nil {
			return ran, err
		}
		ran = append(ran, result)
	}
	return ran, nil
}

// Reset takes back every migration, and with them the tables and all that is in them: for a place that is to be filled
// anew. There is no backup. Errors: as Down.
func (m *Migrator) Reset(ctx context.Context) error {
	_, err := m.locked(ctx, func(ctx context.Context, status []ModuleStatus) ([]string, error) {
		for i, s := range status {
			if s.Version > s.Head {
				return nil, fmt.Errorf("migrate %s down: %w", s.Module, ErrSchemaNewer)
			}
			if s.Version == 0 {
				continue
			}
			_, err := m.migrate(m.sets[i], func(p *goose.Provider) ([]*goose.MigrationResult, error) { return p.DownTo(ctx, 0) })
			if err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
	return err
}

// locked runs fn while nobody else migrates, with the state that it finds then.
func (m *Migrator) locked(
	ctx context.Context, fn func(context.Context, []ModuleStatus) ([]string, error),
) (ran []string, err error) {
	lock, err := m.pool.lockSchema(ctx)
	if err != nil {
		return nil, fmt.Errorf("lock the schema: %w", err)
	}
	defer func() {
		if unlockErr := lock.release(ctx); unlockErr != nil {
			err = errors.Join(err, fmt.Errorf("unlock the schema: %w", unlockErr))
		}
	}()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	status, err := m.Status(ctx)
	if err != nil {
		return nil, err
	}
	return fn(ctx, status)
}

func (m *Migrator) migrate(
	set Migrations, run func(*goose.Provider) ([]*goose.MigrationResult, error),
) ([]string, error) {
	p, err := m.provider(set)
	if err != nil {
		return nil, fmt.Errorf("migrate %s: %w", set.Module, err)
	}
	results, err := run(p)
	var partial *goose.PartialError
	if errors.As(err, &partial) {
		results = append(results, partial.Applied...)
	}
	names := make([]string, len(results))
	for i, r := range results {
		names[i] = set.Module + "/" + path.Base(r.Source.Path)
	}
	if err != nil {
		return names, fmt.Errorf("migrate %s: %w", set.Module, err)
	}
	return names, nil
}

func (m *Migrator) provider(set Migrations) (*goose.Provider, error) {
	folder, err := fs.Sub(set.FS, "migrations/"+string(m.pool.Dialect()))
	if err != nil {
		return nil, fmt.Errorf("find the migrations: %w", err)
	}
	p, err := goose.NewProvider(m.pool.Dialect().goose(), m.pool.write.DB, folder,
		goose.WithTableName(versionTable(set.Module)), goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return p, nil
}

func versionTable(module string) string { return bookkeepingPrefix + module }

// SchemaVersions returns the newest migration of every module that the database has something of. Errors: as
// Querier.Get.
func SchemaVersions(ctx context.Context, q Querier) (map[string]int64, error) {
	tables, err := versionTables(ctx, q)
	if err != nil {
		return nil, err
	}
	versions := map[string]int64{}
	for _, table := range tables {
		var version int64
		if err := q.Get(ctx, &version, "SELECT coalesce(max(version_id), 0) FROM "+table); err != nil {
			return nil, fmt.Errorf("read %s: %w", table, err)
		}
		if version > 0 {
			versions[strings.TrimPrefix(table, bookkeepingPrefix)] = version
		}
	}
	return versions, nil
}

// bookkeepingPrefix begins the names of the tables that belong to the migrations rather than to a module.
const bookkeepingPrefix = "goose_"

// Bookkeeping reports whether a table belongs to the migrations rather than to a module.
func Bookkeeping(table string) bool { return strings.HasPrefix(table, bookkeepingPrefix) }

// versionTables returns those of the bookkeeping tables that hold a module's version.
func versionTables(ctx context.Context, q Querier) ([]string, error) {
	tables, err := bookkeepingTables(ctx, q)
	return slices.DeleteFunc(tables, func(table string) bool { return table == lockTable || table == restoringTable }), err
}

func bookkeepingTables(ctx context.Context, q Querier) ([]string, error) {
	query := `SELECT name FROM pragma_table_list WHERE schema = 'main' AND name LIKE 'goose\_%' ESCAPE '\' ORDER BY name`
	if q.Dialect() == Postgres {
		query = `
			SELECT relname::text FROM pg_class
			WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname LIKE 'goose\_%'
			ORDER BY relname`
	}
	var tables []string
	if err := q.Select(ctx, &tables, query); err != nil {
		return nil, fmt.Errorf("list the version tables: %w", err)
	}
	return tables, nil
}
