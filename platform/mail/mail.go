// Package mail sends letters. Mailer is the port; its adapters are smtp, files and memory. Postman sends off the
// request's path.
package mail

import (
	"context"
	"errors"
)

// ErrNoServer is a mail server that was not ready for letters: it could not be reached, or refused before anything of the
// letter was said. Any other letter would have failed alike.
var ErrNoServer = errors.New("no mail server is ready for letters")

// ErrRefused is a mail server that refused this letter, or its reader, for good: trying it again would not help, and says
// nothing of others.
var ErrRefused = errors.New("the mail server refused the letter for good")

// Message is one letter to one address.
type Message struct {
	// ID identifies the notice: the same notice sent twice has the same Message-ID, so that the reader's program shows it
	// once. Letters, digits and hyphens.
	ID string
	// To is the address of the reader.
	To string
	// Subject is one line of plain text.
	Subject string
	// Text is the letter as plain text, HTML the same as a page; HTML may be empty.
	Text, HTML string
	// Unsubscribe is the address of a page that ends letters like this one; empty for none. Where it is encrypted, a reader's
	// program can end them by itself, with an empty POST (RFC 8058).
	Unsubscribe string
}

// Mailer hands letters to whoever delivers them.
type Mailer interface {
	// Send returns when the letter was accepted for delivery. Errors: ErrMalformed, ErrRefused, ErrNoServer, what kept it from being accepted; they
	// name no address and no content of the letter, nor what a server said about it, so that they can be logged.
	Send(ctx context.Context, letter Message) error
}

// Draft is a letter that is yet to be written.
type Draft struct {
	// ID and To are those of the letter.
	ID, To string
	// Write writes the letter. It is called once at most, when the letter is sent.
	Write func() Message
}

// Post takes letters, and writes and sends them later, so that no request waits for a mail server and no answering time
// tells which letter was sent, or whether any was.
type Post interface {
	// Post takes the letter. It never fails and never waits: a letter that cannot be sent, or does not fit into the queue,
	// is logged without its content and counted.
	Post(letter Draft)
}

// Written returns a letter that is written as the draft of itself.
func Written(letter Message) Draft {
	return Draft{ID: letter.ID, To: letter.To, Write: func() Message { return letter }}
}
