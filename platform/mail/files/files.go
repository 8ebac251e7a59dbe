// Package files writes letters into a folder instead of sending them, for a house without a mail server.
package files

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/mail/internal/eml"
)

// Keep is how many letters stay in the folder. Whoever can ask for letters could fill the disk with them otherwise.
const Keep = 1000

// Mailer is a mail.Mailer that writes each letter to a file of its own, as mail programs open it: the time and the
// letter's ID with .eml, so that names sort by time. Only the owner can read them: they hold links that sign people in.
// It is safe for concurrent use, by several processes too.
type Mailer struct {
	dir  string
	from mail.Sender
	now  clock.Clock
	keep int

	pruning sync.Mutex
}

var _ mail.Mailer = (*Mailer)(nil)

// NewMailer returns a Mailer that writes into dir, which it makes when the first letter comes, and keeps the newest Keep
// letters there.
func NewMailer(dir string, from mail.Sender, now clock.Clock) *Mailer {
	return &Mailer{dir: dir, from: from, now: now, keep: Keep}
}

// String names the folder.
func (m *Mailer) String() string { return m.dir }

// Send writes the letter to a file. Errors: mail.ErrMalformed, what the system reports, the context's.
func (m *Mailer) Send(ctx context.Context, letter mail.Message) error {
	_, err := m.Write(ctx, letter)
	return err
}

// Write writes the letter to a file, whole or not at all, and returns its name. Errors: as Send.
func (m *Mailer) Write(ctx context.Context, letter mail.Message) (name string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	at := m.now.Now()
	sealed, err := eml.Seal(m.from, letter, at)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(m.dir, 0o700); err != nil {
		return "", err
	}
	name = filepath.Join(m.dir, at.UTC().Format("20060102T150405.000000Z")+"-"+letter.ID+".eml")
	if err := writeWhole(name, sealed.Message); err != nil {
		return "", err
	}
	if err := m.prune(); err != nil {
		return "", fmt.Errorf("remove old letters: %w", err)
	}
	return name, nil
}

// writeWhole makes a file that its owner alone can read. Nobody sees a part of it under its name.
func writeWhole(name string, content []byte) (err error) {
	file, err := os.CreateTemp(filepath.Dir(name), beginning+"*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	_, err = file.Write(content)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}

// ours are the names of letters, and of none of the other files that somebody may put into the folder.
var ours = regexp.MustCompile(`^[0-9]{8}T[0-9]{6}\.[0-9]{6}Z-[0-9A-Za-z-]+\.eml$`)

const (
	// beginning begins the names of letters that are being written; os.CreateTemp puts digits behind it.
	beginning = ".letter-"
	// abandoned is how old such a file is at least of which nobody is still writing. A letter takes milliseconds.
	abandoned = time.Hour
)

var begun = regexp.MustCompile(`^` + regexp.QuoteMeta(beginning) + `[0-9]+$`)

// Sweep removes beginnings of letters that processes which were killed more than an hour ago have left: they hold links
// that sign people in, as letters do, and nothing else ever removes them. Call it when the program starts. Errors: what
// the system reports.
func (m *Mailer) Sweep() error {
	entries, err := os.ReadDir(m.dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("look for beginnings of letters: %w", err)
	}
	for _, e := range entries {
		if !begun.MatchString(e.Name()) || !e.Type().IsRegular() {
			continue
		}
		// Another process may have removed it.
		if err := m.removeAbandoned(e); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove the beginning of a letter: %w", err)
		}
	}
	return nil
}

func (m *Mailer) removeAbandoned(e os.DirEntry) error {
	info, err := e.Info()
	if err != nil || m.now.Now().Sub(info.ModTime()) <= abandoned {
		return err
	}
	return os.Remove(filepath.Join(m.dir, e.Name()))
}

// prune removes the oldest letters beyond those that stay.
func (m *Mailer) prune() error {
	m.pruning.Lock()
	defer m.pruning.Unlock()
	entries, err := os.ReadDir(m.dir)
	if err != nil {
		return err
	}
	letters := slices.DeleteFunc(entries, func(e os.DirEntry) bool { return !ours.MatchString(e.Name()) })
	for _, old := range letters[:max(0, len(letters)-m.keep)] { // ReadDir sorts by name, which is by time
		if err := os.Remove(filepath.Join(m.dir, old.Name())); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err // another process may have removed it
		}
	}
	return nil
}
