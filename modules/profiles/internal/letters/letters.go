// Package letters writes what members are told by e-mail.
package letters

import (
	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/platform/mail/stationery"
)

// Letters is the app.Letters that writes in English.
type Letters struct {
	paper *stationery.Writer
	site  stationery.Site
}

var _ app.Letters = (*Letters)(nil)

// New returns Letters on the paper of a house.
func New(paper *stationery.Writer) *Letters { return &Letters{paper: paper, site: paper.Site} }

type (
	letter = stationery.Letter
	link   = stationery.Link
)

func (l *Letters) send(to string, content letter) { l.paper.Send(to, content) }

func (l *Letters) page(label, path, parameter, value string) *link {
	return l.paper.Page(label, path, parameter, value)
}
