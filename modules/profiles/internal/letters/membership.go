package letters

import (
	"fmt"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/mail/stationery"
)

// Approved tells that an admin has let the member in.
func (l *Letters) Approved(to, handle string) {
	l.send(to, letter{
		Subject: "you can sign in now",
		Handle:  handle,
		Before:  []string{"You are a member of " + l.site.Name + " now: your registration was approved."},
		Link:    l.page("Sign in", "/sign-in", "", ""),
	})
}

// Invitation invites. Without an inviter it is the house that does.
func (l *Letters) Invitation(to, inviter, token string) {
	who := "You are invited"
	if inviter != "" {
		who = stationery.OneLine(inviter) + " invites you"
	}
	l.send(to, letter{
		Subject: "you are invited",
		Before:  []string{who + " to become a member of " + l.site.Name + ". You can register within " + stationery.Lasts(domain.InvitationLifetime) + "."},
		Link:    l.page("Register", "/register", "invitation", token),
		After:   []string{"If you do not want to, ignore this letter: there will be no other about it."},
	})
}

// Suspended tells the reason, too.
func (l *Letters) Suspended(to, handle, reason string) {
	content := letter{
		Subject: "your account was suspended",
		Handle:  handle,
		Before:  []string{"Your account at " + l.site.Name + " was suspended. You cannot sign in, sell or bid until it is reinstated."},
	}
	if reason = stationery.OneLine(reason); reason != "" {
		content.Before = append(content.Before, "The reason given: "+reason)
	}
	l.send(to, content)
}

// Reinstated tells that the suspension is over.
func (l *Letters) Reinstated(to, handle string) {
	l.send(to, letter{
		Subject: "your account was reinstated",
		Handle:  handle,
		Before:  []string{"The suspension of your account at " + l.site.Name + " is over. Please sign in again."},
		Link:    l.page("Sign in", "/sign-in", "", ""),
	})
}

// DeletionRequested tells after how many days without an obligation the account is deleted.
func (l *Letters) DeletionRequested(to, handle string, days int) {
	when := "as soon as your last auction and your last sale are done"
	if days > 0 {
		when = counted(days) + " after your last auction and your last sale are done"
	}
	l.send(to, letter{
		Subject: "your account will be deleted",
		Handle:  handle,
		Before: []string{
			"You asked " + l.site.Name + " to delete your account. It is deleted " + when + ".",
			"If you change your mind before, or if it was not you, sign in and keep the account.",
		},
		Link: l.page("Keep the account", "/sign-in", "", ""),
	})
}

// Deleted is the last letter.
func (l *Letters) Deleted(to, handle string) {
	l.send(to, letter{
		Subject: "your account was deleted",
		Handle:  handle,
		Before: []string{
			"Your account at " + l.site.Name + " was deleted, and with it your name, your address and your password. Auctions that are over keep their results, without your name.",
			"This is the last letter. Thank you for having been here.",
		},
	})
}

func counted(days int) string {
	if days == 1 {
		return "one day"
	}
	return fmt.Sprintf("%d days", days)
}
