// Package stationery is the paper on which the house writes: what all its letters look like, whoever writes them, as plain
// text and as a page that says the same.
//
// The pages load nothing from anywhere: no picture tells a sender that his letter was opened.
package stationery

import (
	_ "embed"
	html "html/template"
	"net/url"
	"strings"
	text "text/template"
	"unicode"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/mail"
)

// Letter is what a letter says, whatever it looks like. All of it is plain text.
type Letter struct {
	// Subject is one line, before which the writer puts the name of the house.
	Subject string
	// Handle is whom it greets; empty where nobody is known.
	Handle string
	// Before and After are the paragraphs around the link.
	Before, After []string
	// Link is what the reader may do; nil if there is nothing to do.
	Link *Link
	// Unsubscribe is the address that ends letters like this one; empty for those that nobody can do without.
	Unsubscribe string
}

// Link is what the reader may do.
type Link struct{ Label, URL string }

// Writer writes letters in the name of a house and gives them to a mail.Post.
type Writer struct {
	// Post takes the letters.
	Post mail.Post
	// Site is the house that they speak for.
	Site Site
	// NewID numbers them.
	NewID func() string
}

// NewWriter returns a writer whose letters have numbers of their own.
func NewWriter(post mail.Post, site Site) *Writer {
	return &Writer{Post: post, Site: site, NewID: func() string {
		return uuid.Must(uuid.NewV7()).String() // fails when the system has no randomness, without which nothing goes on
	}}
}

var (
	//go:embed letter.txt
	textLayout string
	//go:embed letter.html
	htmlLayout string

	asText = text.Must(text.New("letter").Parse(textLayout))
	asPage = html.Must(html.New("letter").Parse(htmlLayout))
)

// Send posts a letter, which is written when it is sent: how long that takes would tell which letter it is.
func (w *Writer) Send(to string, content Letter) {
	id := w.NewID()
	w.Post.Post(mail.Draft{ID: id, To: to, Write: func() mail.Message { return w.Write(id, to, content) }})
}

// Write writes the letter with that id.
func (w *Writer) Write(id, to string, content Letter) mail.Message {
	content.Subject = w.Site.Name + ": " + content.Subject
	sheet := struct {
		Letter
		Site Site
	}{content, w.Site}
	var plain, page strings.Builder
	for _, err := range []error{asText.Execute(&plain, sheet), asPage.Execute(&page, sheet)} {
		if err != nil {
			panic(err) // the layouts are constants and the tests write every letter
		}
	}
	return mail.Message{ID: id, To: to, Subject: content.Subject, Text: plain.String(), HTML: page.String(), Unsubscribe: content.Unsubscribe}
}

// Page returns a link to a page of the house, with a parameter where there is one.
func (w *Writer) Page(label, path, parameter, value string) *Link {
	target := w.Site.URL + path
	if parameter != "" {
		target += "?" + url.Values{parameter: {value}}.Encode()
	}
	return &Link{Label: label, URL: target}
}

// OneLine makes one line of what people wrote.
func OneLine(written string) string {
	visible := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(written, ""))
	return strings.Join(strings.Fields(visible), " ")
}
