// Package memory keeps letters in memory, for tests.
package memory

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/gavelhq/gavel/platform/mail"
)

// Mailer is a mail.Mailer that keeps what it is given as long as the process lives. It is safe for concurrent use.
type Mailer struct {
	mu      sync.Mutex
	letters []mail.Message
	trouble error
	more    chan struct{} // closed, and made anew, when a letter comes
}

var _ mail.Mailer = (*Mailer)(nil)

// NewMailer returns a Mailer without letters.
func NewMailer() *Mailer { return &Mailer{more: make(chan struct{})} }

// Send keeps the letter. Errors: mail.ErrMalformed, what Break was given, the context's.
func (m *Mailer) Send(ctx context.Context, letter mail.Message) error {
	if err := letter.Check(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.trouble != nil {
		return m.trouble
	}
	m.letters = append(m.letters, letter)
	close(m.more)
	m.more = make(chan struct{})
	return nil
}

// Break makes Send fail with err until it is called with nil.
func (m *Mailer) Break(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.trouble = err
}

// All returns every letter, the oldest first.
func (m *Mailer) All() []mail.Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.letters)
}

// To returns the letters to an address, the oldest first.
func (m *Mailer) To(address string) []mail.Message {
	found, _ := m.to(address)
	return found
}

// Await returns the letters to an address, the oldest first, as soon as there are n: letters are sent off the request's
// path. Errors: the context's, with the number that came until then.
func (m *Mailer) Await(ctx context.Context, address string, n int) ([]mail.Message, error) {
	for {
		found, more := m.to(address)
		if len(found) >= n {
			return found, nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return nil, fmt.Errorf("await %d letters to %s, of which %d came: %w", n, address, len(found), ctx.Err())
		}
	}
}

// to returns the letters to an address, and what is closed when another letter comes.
func (m *Mailer) to(address string) ([]mail.Message, <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []mail.Message
	for _, letter := range m.letters {
		if letter.To == address {
			found = append(found, letter)
		}
	}
	return found, m.more
}
