// Package letters writes what visitors who reported an issue are told by e-mail. Members are told by notices.
package letters

import (
	"context"
	"fmt"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/mail/stationery"
)

// Letters is the app.VisitorMail that writes in English and hands the letters to a mail.Mailer.
type Letters struct {
	mailer mail.Mailer
	paper  *stationery.Writer
}

var _ app.VisitorMail = (*Letters)(nil)

// New returns Letters on the paper of a house.
func New(mailer mail.Mailer, paper *stationery.Writer) *Letters {
	return &Letters{mailer: mailer, paper: paper}
}

// Mail returns when the letter was accepted. Its Message-ID is made of its ID, each time. Errors: those of a mail.Mailer; an
// unknown kind.
func (l *Letters) Mail(ctx context.Context, letter app.VisitorLetter) error {
	content, err := l.content(letter)
	if err != nil {
		return err
	}
	return l.mailer.Send(ctx, l.paper.Write(letter.ID.String(), letter.To, content))
}

// content returns what the letter says. Errors: an unknown kind.
func (l *Letters) content(letter app.VisitorLetter) (stationery.Letter, error) {
	house := l.paper.Site.Name
	switch letter.Kind {
	case domain.LetterConfirm:
		return l.confirm(letter), nil
	case domain.LetterConfirmed:
		return l.about(letter, "your report has arrived",
			"Thank you, the help desk of "+house+" has your report. We write to this address when there is something new."), nil
	case domain.LetterNews: // it says no more, because letters are read by others, too
		return l.about(letter, "something new about your report",
			"There is something new about your report to the help desk of "+house+"."), nil
	case domain.LetterAgain:
		return l.about(letter, "another link to your report",
			"Somebody, probably you, asked the help desk of "+house+" for another link to your report."), nil
	case domain.LetterNothing:
		return l.nothing(), nil
	default:
		return stationery.Letter{}, fmt.Errorf("%w: no letter is a %q", mail.ErrMalformed, letter.Kind)
	}
}

// confirm asks to confirm that the address is the visitor's. It goes to people who may never have heard of the house, and so
// does not repeat what a stranger wrote in their name.
func (l *Letters) confirm(letter app.VisitorLetter) stationery.Letter {
	return stationery.Letter{
		Subject: "confirm your report",
		Before: []string{
			"Somebody, probably you, reported something to the help desk of " + l.paper.Site.Name + " and gave this address. Please confirm that it is yours, within " +
				stationery.Lasts(domain.ConfirmLifetime) + ": before that nobody reads the report.",
		},
		Link:  l.paper.Page("Confirm the report", "/issues/confirm", "token", letter.Link),
		After: []string{"If it was not you, ignore this letter: the report is deleted, and there will be no other letter about it."},
	}
}

// nothing asks for nothing and links to nothing.
func (l *Letters) nothing() stationery.Letter {
	return stationery.Letter{
		Subject: "there is no report from this address",
		Before: []string{
			"Somebody asked the help desk of " + l.paper.Site.Name + " for a link to a report, and gave this address. There is none from it, and nothing has happened.",
			"If it was you, you may have given another address then, or never have confirmed it. If it was not you, there is nothing to do.",
		},
	}
}

// about is about an issue, with the link to it.
func (l *Letters) about(letter app.VisitorLetter, subject, news string) stationery.Letter {
	return stationery.Letter{
		Subject: subject,
		Before:  []string{news, "Your report: " + stationery.OneLine(letter.Title)},
		Link:    l.paper.Page("Read and answer", "/issues/follow", "token", letter.Link),
		After:   []string{"Whoever has this link can read your report and answer in your name. Give it to nobody."},
	}
}
