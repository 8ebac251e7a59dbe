package backup

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/schema"
)

// Archive is a backup that is open for reading.
type Archive struct {
	Manifest Manifest
	// Progress, if not nil, is told now and then how many rows have been restored.
	Progress func(rows int64)

	zip *zip.ReadCloser
}

// OpenFile opens an archive. The caller closes it. Errors: ErrDamaged if it is no backup, ErrNewer, or what the system
// reports.
func OpenFile(path string) (*Archive, error) {
	opened, err := zip.OpenReader(path)
	if errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("open %s: %w: it is no archive, or only a part of one: %w", path, ErrDamaged, err)
	}
	if err != nil {
		return nil, fmt.Errorf("open the backup: %w", err)
	}
	a := &Archive{zip: opened}
	if err := a.readManifest(); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), opened.Close())
	}
	return a, nil
}

func (a *Archive) readManifest() error {
	f, err := a.zip.Open(manifestName)
	if err != nil {
		return fmt.Errorf("%w: it is an archive, but not of this program's: it has no %s", ErrDamaged, manifestName)
	}
	defer func() { _ = f.Close() }()
	if err := json.NewDecoder(&bounded{r: f, left: maxManifest}).Decode(&a.Manifest); err != nil {
		return fmt.Errorf("%w: the manifest: %w", ErrDamaged, err)
	}
	if a.Manifest.Format < 1 {
		return fmt.Errorf("%w: the manifest is not of this program's", ErrDamaged)
	}
	if a.Manifest.Format > format {
		return fmt.Errorf("%w: format %d", ErrNewer, a.Manifest.Format)
	}
	return nil
}

// Close closes the file. Errors: what the system reports.
func (a *Archive) Close() error { return a.zip.Close() }

// Attached writes an attachment to w. Errors: ErrDamaged, or what w reports.
func (a *Archive) Attached(name string, w io.Writer) error {
	i := slices.IndexFunc(a.Manifest.Files, func(f Attachment) bool { return f.Name == name })
	if i < 0 {
		return fmt.Errorf("the backup has no file %q", name)
	}
	return a.read(fileEntry(name), a.Manifest.Files[i].SHA256, func(r io.Reader) error {
		_, err := io.Copy(w, r)
		return err
	})
}

// Verify reads everything and compares it with the manifest. Errors: ErrDamaged, the context's.
func (a *Archive) Verify(ctx context.Context) error {
	all := map[string]string{}
	for _, t := range a.Manifest.Tables {
		all[tableEntry(t.Name)] = t.SHA256
	}
	for _, f := range a.Manifest.Files {
		all[fileEntry(f.Name)] = f.SHA256
	}
	for name, sum := range all {
		if err := a.read(name, sum, func(io.Reader) error { return ctx.Err() }); err != nil {
			return err
		}
	}
	return nil
}

// read lets fn read an entry, then reads what it left, and compares the sum.
func (a *Archive) read(name, sum string, fn func(io.Reader) error) error {
	f, err := a.zip.Open(name)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
	}
	defer func() { _ = f.Close() }()
	hash := sha256.New()
	content := io.TeeReader(f, hash)
	if err := fn(content); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if _, err := io.Copy(io.Discard, content); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
	}
	if got := hex.EncodeToString(hash.Sum(nil)); got != sum {
		return fmt.Errorf("%w: %s has checksum %s, not %s", ErrDamaged, name, got, sum)
	}
	return nil
}

// Restore fills an empty database: with the schema that the archive was made under, then, in one transaction, with its
// rows, and migrates it to what the program needs. At last it calls verify, if that is not nil; when verify, or anything
// before it, reports an error everything is taken out again. Until the end the database is marked, so that no program
// uses it (db.ErrRestoring); what a restore that was killed has left, the next one replaces. Errors: ErrNotEmpty,
// ErrNewer, ErrDamaged, what verify returns, and what the database reports.
func (a *Archive) Restore(ctx context.Context, pool *db.Pool, sets []db.Migrations, verify func(context.Context) error) error {
	migrator := db.NewMigrator(pool, sets, nil)
	err := a.fits(ctx, migrator)
	if err == nil {
		err = vacant(ctx, pool)
	}
	if err != nil {
		return fmt.Errorf("restore into %s: %w", pool, err)
	}
	if err := a.fill(ctx, pool, migrator, verify); err != nil {
		err = fmt.Errorf("restore into %s: %w", pool, err)
		ctx = context.WithoutCancel(ctx)
		if undone := migrator.Reset(ctx); undone != nil {
			return errors.Join(err, undone) // the mark stays
		}
		return errors.Join(err, migrator.EndRestore(ctx))
	}
	return nil
}

// fits returns ErrNewer if the program does not know the schema of the archive.
func (a *Archive) fits(ctx context.Context, migrator *db.Migrator) error {
	status, err := migrator.Status(ctx)
	if err != nil {
		return err
	}
	for module, version := range a.Manifest.Schema {
		i := slices.IndexFunc(status, func(s db.ModuleStatus) bool { return s.Module == module })
		if i < 0 || status[i].Head < version {
			return fmt.Errorf("%w: schema of %s, version %d", ErrNewer, module, version)
		}
	}
	return nil
}

// vacant returns ErrNotEmpty if the database holds anything but what an interrupted restore has left.
func vacant(ctx context.Context, pool *db.Pool) error {
	if !pool.Exists() {
		return nil
	}
	left, err := db.Restoring(ctx, pool.Read())
	if err != nil || left {
		return err
	}
	return empty(ctx, pool.Read())
}

// fill replaces what is in the database, which holds nothing that anybody needs.
func (a *Archive) fill(ctx context.Context, pool *db.Pool, migrator *db.Migrator, verify func(context.Context) error) error {
	if err := migrator.BeginRestore(ctx); err != nil {
		return err
	}
	if err := migrator.Reset(ctx); err != nil {
		return err
	}
	foreign, err := schema.Read(ctx, pool.Read())
	if err != nil {
		return err
	}
	if len(foreign) > 0 {
		return fmt.Errorf("%w: it has a table %s of another program", ErrNotEmpty, foreign[0].Name)
	}
	if _, err := migrator.UpTo(ctx, a.Manifest.Schema); err != nil {
		return err
	}
	if err := pool.Transact(ctx, a.load); err != nil {
		return err
	}
	if _, err := migrator.Up(ctx); err != nil {
		return err
	}
	if verify != nil {
		if err := verify(ctx); err != nil {
			return err
		}
	}
	return migrator.EndRestore(ctx)
}

// CheckEmpty tells whether the database holds nothing but a schema. Errors: ErrNotEmpty, db.ErrUnavailable.
func CheckEmpty(ctx context.Context, pool *db.Pool) error { return empty(ctx, pool.Read()) }

// empty returns ErrNotEmpty if any table has a row.
func empty(ctx context.Context, q db.Querier) error {
	tables, err := schema.Read(ctx, q)
	if err != nil {
		return err
	}
	for _, t := range tables {
		var rows int
		if err := q.Get(ctx, &rows, "SELECT count(*) FROM (SELECT 1 FROM "+quote(t.Name)+" LIMIT 1) AS found"); err != nil {
			return fmt.Errorf("look into %s: %w", t.Name, err)
		}
		if rows > 0 {
			return fmt.Errorf("%w: it has rows in %s", ErrNotEmpty, t.Name)
		}
	}
	return nil
}

// load adds the rows of all tables.
func (a *Archive) load(ctx context.Context, tx *db.Tx) error {
	tables, err := schema.Read(ctx, tx)
	if err != nil {
		return err
	}
	if len(tables) != len(a.Manifest.Tables) {
		return fmt.Errorf("%w: it has %d tables where its schema has %d", ErrDamaged, len(a.Manifest.Tables), len(tables))
	}
	restoreKeys, err := suspendForeignKeys(ctx, tx)
	if err != nil {
		return err
	}
	restored := int64(0)
	for i, t := range tables {
		saved := a.Manifest.Tables[i]
		if err := matches(t, saved); err != nil {
			return err
		}
		err := a.read(tableEntry(t.Name), saved.SHA256, func(r io.Reader) error { return loadTable(ctx, tx, t, saved, r) })
		if err != nil {
			return err
		}
		restored += saved.Rows
		if a.Progress != nil {
			a.Progress(restored)
		}
	}
	return restoreKeys()
}

func matches(t schema.Table, saved Table) error {
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = c.Name
	}
	names := make([]string, len(saved.Columns))
	for i, c := range saved.Columns {
		names[i] = c.Name
	}
	if t.Name != saved.Name || !slices.Equal(columns, names) {
		return fmt.Errorf("%w: it has a table %s (%s) where its schema has %s (%s)", ErrDamaged,
			saved.Name, strings.Join(names, ", "), t.Name, strings.Join(columns, ", "))
	}
	return nil
}

// batchRows and batchBytes bound what is held in memory of an archive, maxManifest and maxRow what one that wants to fill it
// gets there: a few hundred kilobytes can unpack to gigabytes.
const (
	batchRows   = 1000
	batchBytes  = 1 << 20
	maxManifest = 16 << 20
	maxRow      = 32 << 20
)

// bounded reads no more than what is left. Errors: errTooLarge.
type bounded struct {
	r    io.Reader
	left int
}

var errTooLarge = errors.New("it is larger than anything that this program writes")

// Read reads on.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

func loadTable(ctx context.Context, tx *db.Tx, t schema.Table, saved Table, lines io.Reader) error {
	insert, columns := insertAll(tx.Dialect(), t)
	content := &bounded{r: lines, left: maxRow}
	read := json.NewDecoder(content)
	read.UseNumber()
	var (
		batch  [][]any
		loaded int64
		begin  int64
	)
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		args, err := columns.Rows(tx.Dialect(), batch)
		if err != nil {
			return fmt.Errorf("%w: after row %d: %w", ErrDamaged, loaded, err)
		}
		if _, err := tx.Exec(ctx, insert, args...); err != nil {
			return fmt.Errorf("after row %d: %w", loaded, err)
		}
		loaded += int64(len(batch))
		batch, begin = batch[:0], read.InputOffset()
		return nil
	}
	for read.More() {
		content.left = maxRow
		row, err := readRow(read, saved.Columns)
		if err != nil {
			return fmt.Errorf("%w: row %d: %w", ErrDamaged, loaded+int64(len(batch))+1, err)
		}
		batch = append(batch, row)
		if len(batch) == batchRows || read.InputOffset()-begin > batchBytes {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	if loaded != saved.Rows {
		return fmt.Errorf("%w: %d rows instead of %d", ErrDamaged, loaded, saved.Rows)
	}
	return nil
}

func readRow(read *json.Decoder, columns []Column) ([]any, error) {
	var row []any
	if err := read.Decode(&row); err != nil {
		return nil, err
	}
	if len(row) != len(columns) {
		return nil, fmt.Errorf("%d values for %d columns", len(row), len(columns))
	}
	for i, c := range columns {
		value, err := imported(c.Kind, row[i])
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", c.Name, err)
		}
		row[i] = value
	}
	return row, nil
}
