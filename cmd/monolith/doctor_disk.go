package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gavelhq/gavel/platform/config"
	"github.com/gavelhq/gavel/platform/db/backup"
)

// How much space is too little. Migrations and backups need about as much as the database, once more.
const (
	spaceToFail = 64 << 20
	spaceToWarn = 1 << 30
)

// dataFolder looks at the folder of the embedded database and the backups.
func (d *doctor) dataFolder(folder string, database config.DatabaseURL) {
	const name = "data folder"
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		above := existing(folder)
		if err := mayWrite(above); err != nil {
			d.fail(name, fmt.Sprintf("%s does not exist and cannot be made: %s: %v", folder, above, err), "let the server's user write there, or set data.dir")
			return
		}
		d.ok(name, "%s does not exist yet; it will be made", folder)
		d.space(above, 0)
		return
	case err != nil:
		d.fail(name, err.Error(), "let the server's user read it, or set data.dir")
		return
	case !info.IsDir():
		d.fail(name, folder+" is no folder", "set data.dir to one")
		return
	}
	if err := mayWrite(folder); err != nil {
		d.fail(name, fmt.Sprintf("%s cannot be written: %v", folder, err), "run this as the server's user; if it is, make the folder his")
		return
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		d.warn(name, fmt.Sprintf("others than its owner may look into %s (mode %04o)", folder, mode), "chmod 700 "+folder)
	} else {
		d.ok(name, "%s is ours alone and can be written", folder)
	}
	d.space(folder, d.databaseFile(database))
}

// databaseFile looks at SQLite's file and returns its size, 0 if there is none.
func (d *doctor) databaseFile(database config.DatabaseURL) int64 {
	path, ok := database.SQLite()
	if !ok {
		return 0
	}
	info, err := os.Stat(path)
	if err != nil {
		return 0 // the database's own check tells
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		d.warn("data folder", fmt.Sprintf("others than its owner may read %s (mode %04o)", path, mode), "chmod 600 "+path)
	}
	return info.Size()
}

// space looks how much of it is left for a database of that size.
func (d *doctor) space(folder string, used int64) {
	const name = "disk"
	free, known := freeSpace(folder)
	enough := max(spaceToWarn, 2*used)
	switch {
	case !known:
		d.ok(name, "nobody can tell here how much space is left")
	case free < spaceToFail:
		d.fail(name, fmt.Sprintf("only %s left for %s", size(free), folder), "make room: the database cannot grow any more")
	case free < enough:
		d.warn(name, fmt.Sprintf("%s left for %s; a backup and a migration need up to %s", size(free), folder, size(enough)), "make room")
	default:
		d.ok(name, "%s left for %s", size(free), folder)
	}
}

// existing returns the nearest folder above path that exists.
func existing(path string) string {
	for {
		above := filepath.Dir(path)
		if _, err := os.Stat(above); err == nil || above == path {
			return above
		}
		path = above
	}
}

// backupAge is how old the newest backup may be before doctor says so.
const backupAge = 7 * 24 * time.Hour

// backups looks at the newest backup; needed says that there is something to back up.
func (d *doctor) backups(folder string, needed bool) {
	const name = "backups"
	const advice = "run monolith backup, best every night, and keep copies on another machine"
	found, err := findBackups(folder)
	if err != nil {
		d.fail(name, err.Error(), "let the server's user read it, or set backup.dir")
		return
	}
	for _, problem := range found.problems {
		d.warn(name, problem, "remove it")
	}
	switch age := d.now.Now().Sub(found.newest.Created); {
	case found.count == 0 && !needed:
		d.ok(name, "none, and nothing to back up yet")
	case found.count == 0:
		d.warn(name, "there is none in "+folder, advice)
	case age > backupAge:
		d.warn(name, fmt.Sprintf("the newest of %d, %s, is %s old", found.count, found.path, roughly(age)), advice)
	default:
		d.ok(name, "the newest of %d, %s, is %s old", found.count, found.path, roughly(age))
	}
}

// foundBackups is what is in a folder of backups.
type foundBackups struct {
	count    int
	newest   backup.Manifest
	path     string   // of the newest
	problems []string // files that are no whole backups
}

// findBackups reads the manifests of a folder's backups. A folder that does not exist has none. Errors: what the system
// reports.
func findBackups(folder string) (foundBackups, error) {
	var found foundBackups
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return found, err
	}
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		switch {
		case e.IsDir() && strings.HasPrefix(e.Name(), tryOutPrefix):
			found.problems = append(found.problems, path+" is where a backup is tried out; unless one is being made, it was interrupted")
		case e.IsDir():
		case strings.HasSuffix(path, ".zip.partial"):
			found.problems = append(found.problems, path+" is the beginning of a backup; unless one is being made, it was interrupted")
		case strings.HasSuffix(path, ".zip"):
			if err := found.add(path); err != nil {
				found.problems = append(found.problems, err.Error())
			}
		}
	}
	return found, nil
}

// add notes a backup. Errors: a file that is none.
func (f *foundBackups) add(path string) error {
	archive, err := backup.OpenFile(path)
	if err != nil {
		return err
	}
	f.count++
	if archive.Manifest.Created.After(f.newest.Created) {
		f.newest, f.path = archive.Manifest, path
	}
	return archive.Close()
}

// roughly writes a duration as people say it.
func roughly(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < 2*time.Minute:
		return "a minute"
	case d < 2*time.Hour:
		return fmt.Sprintf("%d minutes", d/time.Minute)
	case d < 2*day:
		return fmt.Sprintf("%d hours", d/time.Hour)
	default:
		return fmt.Sprintf("%d days", d/day)
	}
}
