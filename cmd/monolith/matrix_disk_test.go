package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
)

// disk is what SQLite has stored under a house. Its files are kept open: closing one would drop the locks that SQLite
// holds on it.
type disk struct {
	t     *testing.T
	watch *db.Pool   // one connection, which sees what all others commit
	files []*os.File // in the order of diskFiles; opened when they are there
	kept  state      // of which there is a copy
	copy  string     // its path
}

// diskFiles are what a database consists of, after its path. What its connections share beside them (-shm) is made anew
// from these.
var diskFiles = []string{"", "-wal"}

// state is SQLite's own number of what is stored: another one as soon as anything was committed.
type state int64

// watchDisk watches a database. It is called before the house is opened, so that its files are closed after it; begin is
// called then.
func watchDisk(t *testing.T) *disk {
	t.Helper()
	d := &disk{t: t, files: make([]*os.File, len(diskFiles)), copy: filepath.Join(t.TempDir(), "was.db")}
	t.Cleanup(func() {
		if d.watch != nil {
			require.NoError(t, d.watch.Close())
		}
		for _, f := range d.files {
			if f != nil {
				require.NoError(t, f.Close())
			}
		}
	})
	return d
}

func (d *disk) begin(path string) {
	d.t.Helper()
	watch, err := db.Open(db.Settings{URL: "sqlite:" + path, MaxConnections: 1})
	require.NoError(d.t, err)
	d.watch = watch
}

// state returns the number, which is the same for one connection until another one commits a change: so SQLite promises.
func (d *disk) state() (s state) {
	d.t.Helper()
	require.NoError(d.t, d.watch.Read().Get(context.WithoutCancel(d.t.Context()), &s, `PRAGMA data_version`))
	return s
}

// keep keeps a copy of what is stored, to be compared with what is stored later.
func (d *disk) keep() {
	d.t.Helper()
	if now := d.state(); now != d.kept {
		d.copyTo(d.copy)
		d.kept = now
	}
}

// copyTo copies what is stored, while nothing is.
func (d *disk) copyTo(path string) {
	d.t.Helper()
	for i, name := range diskFiles {
		if d.files[i] == nil {
			f, err := os.Open(d.watch.Path() + name)
			require.NoError(d.t, err)
			d.files[i] = f
		}
		_, err := d.files[i].Seek(0, io.SeekStart)
		require.NoError(d.t, err)
		to, err := os.Create(path + name)
		require.NoError(d.t, err)
		_, err = io.Copy(to, d.files[i])
		require.NoError(d.t, err)
		require.NoError(d.t, to.Close())
	}
}

// changed returns the tables whose content is another one than that which was kept, each as it was and as it is.
func (d *disk) changed() map[string][2][]string {
	d.t.Helper()
	if d.state() == d.kept {
		return nil
	}
	is := filepath.Join(d.t.TempDir(), "is.db")
	d.copyTo(is)
	before, after, found := d.tables(d.copy), d.tables(is), map[string][2][]string{}
	for name := range after {
		if !slices.Equal(before[name], after[name]) {
			found[name] = [2][]string{before[name], after[name]}
		}
	}
	d.kept = 0 // reading has changed the copy's files
	return found
}

// tables returns the content of every table of a copy, those that SQLite keeps beside its index of words among them, and
// none left out: a text for each row, sorted.
func (d *disk) tables(path string) map[string][]string {
	d.t.Helper()
	pool, err := db.Open(db.Settings{URL: "sqlite:" + path})
	require.NoError(d.t, err)
	defer func() { require.NoError(d.t, pool.Close()) }()
	ctx, content := context.WithoutCancel(d.t.Context()), map[string][]string{}
	require.NoError(d.t, pool.Transact(ctx, func(ctx context.Context, tx *db.Tx) error {
		var names []string
		if err := tx.Select(ctx, &names, `SELECT name FROM sqlite_schema WHERE type = 'table'`); err != nil {
			return err
		}
		for _, name := range names {
			rows := []string{}
			for row, err := range db.Values(ctx, tx, `SELECT * FROM "`+name+`"`) {
				if err != nil {
					return err
				}
				rows = append(rows, fmt.Sprintf("%v", row))
			}
			slices.Sort(rows)
			content[name] = rows
		}
		return nil
	}))
	return content
}

// TestAChangeIsSeen shows that the matrix would see a refusal that leaves something behind.
func TestAChangeIsSeen(t *testing.T) {
	t.Parallel()
	d := watchDisk(t)
	pool, err := db.Open(db.Settings{URL: "sqlite:" + filepath.Join(t.TempDir(), "gavel.db")})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	d.begin(pool.Path())
	run := func(query string, fails error) {
		t.Helper()
		require.ErrorIs(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, query)
			return errors.Join(err, fails)
		}), fails)
	}
	run(`CREATE TABLE seen (id INTEGER PRIMARY KEY, at INTEGER) STRICT`, nil)
	run(`CREATE TABLE unseen (id INTEGER PRIMARY KEY) STRICT`, nil)
	run(`INSERT INTO seen VALUES (1, 10)`, nil)

	d.keep()
	run(`INSERT INTO seen VALUES (2, 20)`, errors.ErrUnsupported)
	require.Empty(t, d.changed(), "it was rolled back")

	d.keep()
	run(`UPDATE seen SET at = 11`, nil)
	require.Equal(t, map[string][2][]string{"seen": {{"[1 10]"}, {"[1 11]"}}}, d.changed())

	d.keep()
	run(`UPDATE seen SET at = 11`, nil)
	require.Empty(t, d.changed(), "it wrote what was there")
}
