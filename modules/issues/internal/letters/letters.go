// Package letters writes what visitors who reported an issue are told by e-mail. Members are told by notices.
package letters

import (
	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/mail/stationery"
)

// Letters is the app.Letters that writes in English.
type Letters struct{ paper *stationery.Writer }

var _ app.Letters = (*Letters)(nil)

// New returns Letters on the paper of a house.
func New(paper *stationery.Writer) *Letters { return &Letters{paper: paper} }

// ConfirmReport asks to confirm that the address is the visitor's. It goes to people who may never have heard of the house,
// and so does not repeat what a stranger wrote in their name.
func (l *Letters) ConfirmReport(to, link string) {
	l.paper.Send(to, stationery.Letter{
		Subject: "confirm your report",
		Before: []string{
			"Somebody, probably you, reported something to the help desk of " + l.paper.Site.Name + " and gave this address. Please confirm that it is yours, within " +
				stationery.Lasts(domain.ConfirmLifetime) + ": before that nobody reads the report.",
		},
		Link:  l.paper.Page("Confirm the report", "/issues/confirm", "token", link),
		After: []string{"If it was not you, ignore this letter: the report is deleted, and there will be no other letter about it."},
	})
}

// ReportConfirmed brings the link by which the visitor follows his issue.
func (l *Letters) ReportConfirmed(to, title, link string) {
	l.send(to, "your report has arrived", title,
		"Thank you, the help desk of "+l.paper.Site.Name+" has your report. We write to this address when there is something new.", link)
}

// SomethingNew tells that there is something new in the visitor's issue, and brings another link to it. It says no more:
// letters are read by others, too.
func (l *Letters) SomethingNew(to, title, link string) {
	l.send(to, "something new about your report", title,
		"There is something new about your report to the help desk of "+l.paper.Site.Name+".", link)
}

// FollowAgain brings another link to an issue whose earlier ones the visitor does not find any more.
func (l *Letters) FollowAgain(to, title, link string) {
	l.send(to, "another link to your report", title,
		"Somebody, probably you, asked the help desk of "+l.paper.Site.Name+" for another link to your report.", link)
}

// NothingReported tells that a link was asked for with an address from which nothing was reported. It asks for nothing and
// links to nothing.
func (l *Letters) NothingReported(to string) {
	l.paper.Send(to, stationery.Letter{
		Subject: "there is no report from this address",
		Before: []string{
			"Somebody asked the help desk of " + l.paper.Site.Name + " for a link to a report, and gave this address. There is none from it, and nothing has happened.",
			"If it was you, you may have given another address then, or never have confirmed it. If it was not you, there is nothing to do.",
		},
	})
}

// send writes about an issue, with the link to it.
func (l *Letters) send(to, subject, title, news, link string) {
	l.paper.Send(to, stationery.Letter{
		Subject: subject,
		Before:  []string{news, "Your report: " + stationery.OneLine(title)},
		Link:    l.paper.Page("Read and answer", "/issues/follow", "token", link),
		After:   []string{"Whoever has this link can read your report and answer in your name. Give it to nobody."},
	})
}
