// Package letters writes what members are told by e-mail, as plain text and as a page that says the same.
//
// The pages load nothing from anywhere: no picture tells a sender that his letter was opened.
package letters

import (
	_ "embed"
	html "html/template"
	"net"
	"net/url"
	"strings"
	text "text/template"
	"unicode"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/platform/mail"
)

// Site is the house that the letters speak for.
type Site struct {
	Name string
	// URL is where its pages are, without a trailing slash.
	URL string
}

// NewSite returns the house of that name at its address, or where that is empty at the one that its server listens on:
// then the links work on the server's machine at least.
func NewSite(name, address, listener string, encrypted bool) Site {
	if address != "" {
		return Site{Name: name, URL: address}
	}
	if host, port, err := net.SplitHostPort(listener); err == nil {
		if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
			listener = net.JoinHostPort("localhost", port)
		}
	}
	if encrypted {
		return Site{Name: name, URL: "https://" + listener}
	}
	return Site{Name: name, URL: "http://" + listener}
}

// Letters is the app.Letters that writes in English and gives the letters to a mail.Post.
type Letters struct {
	post  mail.Post
	site  Site
	newID func() string
}

var _ app.Letters = (*Letters)(nil)

// New returns Letters of a house.
func New(post mail.Post, site Site) *Letters {
	return &Letters{post: post, site: site, newID: func() string {
		return uuid.Must(uuid.NewV7()).String() // fails when the system has no randomness, without which nothing goes on
	}}
}

// letter is what a letter says, whatever it looks like.
type letter struct {
	Subject string
	Handle  string // whom it greets; empty where nobody is known
	Before  []string
	Link    *link // nil if there is nothing to do
	After   []string
	Site    Site
}

// link is what the reader may do.
type link struct{ Label, URL string }

var (
	//go:embed layout.txt
	textLayout string
	//go:embed layout.html
	htmlLayout string

	asText = text.Must(text.New("letter").Parse(textLayout))
	asPage = html.Must(html.New("letter").Parse(htmlLayout))
)

// send posts a letter, which is written when it is sent: how long that takes would tell which letter it is.
func (l *Letters) send(to string, content letter) {
	id := l.newID()
	l.post.Post(mail.Draft{ID: id, To: to, Write: func() mail.Message { return l.write(id, to, content) }})
}

func (l *Letters) write(id, to string, content letter) mail.Message {
	content.Subject = l.site.Name + ": " + content.Subject
	content.Site = l.site
	var plain, page strings.Builder
	for _, err := range []error{asText.Execute(&plain, content), asPage.Execute(&page, content)} {
		if err != nil {
			panic(err) // the layouts are constants and the tests write every letter
		}
	}
	return mail.Message{ID: id, To: to, Subject: content.Subject, Text: plain.String(), HTML: page.String()}
}

// page returns a link to a page of the house, with a parameter where there is one.
func (l *Letters) page(label, path, parameter, value string) *link {
	target := l.site.URL + path
	if parameter != "" {
		target += "?" + url.Values{parameter: {value}}.Encode()
	}
	return &link{Label: label, URL: target}
}

// oneLine makes one line of what people wrote.
func oneLine(written string) string {
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
