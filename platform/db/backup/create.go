package backup

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/schema"
)

// Request says what goes into an archive beside the tables.
type Request struct {
	Program string
	Created time.Time
	Files   []File
	// Check, if not nil, looks at what ToFile has written, which does not have its name yet; its error removes the file.
	Check func(ctx context.Context, path string) error
	// Progress, if not nil, is told now and then how many rows have been copied.
	Progress func(rows int64)
}

// progressRows is how many rows are copied between two tellings.
const progressRows = 1000

// tell tells how many rows there are so far.
func tell(progress func(int64), rows int64) {
	if progress != nil && rows%progressRows == 0 {
		progress(rows)
	}
}

// File is something to attach: pictures, the heads of chains.
type File struct {
	Name string
	// Write writes the content. The snapshot is the one that the tables are copied from. It must not outlive the call.
	Write func(ctx context.Context, s *db.Snapshot, w io.Writer) error
}

// partialSuffix ends the name of an archive that is being written.
const partialSuffix = ".partial"

// ToFile writes an archive to a new file that only its owner can read, and returns when it is on disk. Until then it has
// another name, so that half an archive is never taken for one. Errors: os.ErrExist, what Check returns, otherwise as
// Write.
func ToFile(ctx context.Context, pool *db.Pool, request Request, path string) (m Manifest, err error) {
	if _, err := os.Lstat(path); err == nil {
		return Manifest{}, fmt.Errorf("back up to %s: %w", path, os.ErrExist)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return Manifest{}, fmt.Errorf("back up: %w", err)
	}
	partial := path + partialSuffix
	// What is there may be somebody else's, or lead to him: it is not written into.
	if err := os.Remove(partial); err != nil && !errors.Is(err, os.ErrNotExist) {
		return Manifest{}, fmt.Errorf("back up: %w", err)
	}
	f, err := os.OpenFile(partial, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return Manifest{}, fmt.Errorf("back up: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(partial))
		}
	}()
	buffered := bufio.NewWriterSize(f, 1<<20)
	m, err = Write(ctx, pool, request, buffered)
	err = errors.Join(err, buffered.Flush(), f.Sync(), f.Close())
	if err == nil && request.Check != nil {
		err = request.Check(ctx, partial)
	}
	if err != nil {
		return Manifest{}, fmt.Errorf("back up to %s: %w", path, err)
	}
	if err := os.Rename(partial, path); err != nil {
		return Manifest{}, fmt.Errorf("back up: %w", err)
	}
	return m, syncFolder(filepath.Dir(path))
}

// syncFolder puts a folder's new entry on disk.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	return nil
}

// Write writes an archive of the database as it is at one instant after the call. Others go on reading and writing. It
// uses the same memory however many rows there are. Errors: what the database, a File or w reports.
func Write(ctx context.Context, pool *db.Pool, request Request, w io.Writer) (Manifest, error) {
	m := Manifest{Format: format, Program: request.Program, Created: request.Created.UTC(), Dialect: pool.Dialect()}
	archive := &writer{zip: zip.NewWriter(w), created: m.Created, progress: request.Progress}
	err := pool.Read().Snapshot(ctx, func(ctx context.Context, s *db.Snapshot) error {
		var err error
		if m.Schema, err = db.SchemaVersions(ctx, s); err != nil {
			return err
		}
		tables, err := schema.Read(ctx, s)
		if err != nil {
			return err
		}
		for _, t := range tables {
			described, err := archive.table(ctx, s, t)
			if err != nil {
				return fmt.Errorf("copy table %s: %w", t.Name, err)
			}
			m.Tables = append(m.Tables, described)
		}
		for _, f := range request.Files {
			described, err := archive.file(ctx, s, f)
			if err != nil {
				return fmt.Errorf("attach %s: %w", f.Name, err)
			}
			m.Files = append(m.Files, described)
		}
		return nil
	})
	if err != nil {
		return Manifest{}, err
	}
	return m, archive.finish(m)
}

type writer struct {
	zip      *zip.Writer
	created  time.Time
	progress func(rows int64)
	rows     int64
}

func (w *writer) table(ctx context.Context, s *db.Snapshot, t schema.Table) (Table, error) {
	e, err := w.entry(tableEntry(t.Name))
	if err != nil {
		return Table{}, err
	}
	described := Table{Name: t.Name}
	for _, c := range t.Columns {
		described.Columns = append(described.Columns, portable(c))
	}
	line := json.NewEncoder(e)
	line.SetEscapeHTML(false)
	for values, err := range db.Values(ctx, s, selectAll(s.Dialect(), t)) {
		if err != nil {
			return Table{}, err
		}
		if err := export(t.Columns, values); err != nil {
			return Table{}, err
		}
		if err := line.Encode(values); err != nil {
			return Table{}, err
		}
		described.Rows++
		w.rows++
		tell(w.progress, w.rows)
	}
	described.SHA256 = e.sum()
	return described, nil
}

func (w *writer) file(ctx context.Context, s *db.Snapshot, f File) (Attachment, error) {
	e, err := w.entry(fileEntry(f.Name))
	if err != nil {
		return Attachment{}, err
	}
	if err := f.Write(ctx, s, e); err != nil {
		return Attachment{}, err
	}
	return Attachment{Name: f.Name, Size: e.size, SHA256: e.sum()}, nil
}

// finish writes the manifest, which comes last because only then all is known.
func (w *writer) finish(m Manifest) error {
	e, err := w.entry(manifestName)
	if err != nil {
		return err
	}
	text := json.NewEncoder(e)
	text.SetIndent("", "  ")
	if err := text.Encode(m); err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	return w.zip.Close()
}

func (w *writer) entry(name string) (*entry, error) {
	to, err := w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: w.created})
	if err != nil {
		return nil, fmt.Errorf("begin %s: %w", name, err)
	}
	return &entry{to: to, hash: sha256.New()}, nil
}

// entry counts and sums what is written to it.
type entry struct {
	to   io.Writer
	hash hash.Hash
	size int64
}

// Write writes on.
func (e *entry) Write(p []byte) (int, error) {
	n, err := e.to.Write(p)
	e.hash.Write(p[:n])
	e.size += int64(n)
	return n, err
}

func (e *entry) sum() string { return hex.EncodeToString(e.hash.Sum(nil)) }
