package letters

import (
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/mail/stationery"
)

// VerifyEmail asks to confirm that the address is the member's.
func (l *Letters) VerifyEmail(to, handle, token string) {
	l.send(to, letter{
		Subject: "confirm your e-mail address",
		Handle:  handle,
		Before:  []string{"You registered at " + l.site.Name + ". Please confirm that this address is yours, within " + stationery.Lasts(domain.VerifyLifetime) + "."},
		Link:    l.page("Confirm the address", "/verify", "token", token),
		After:   []string{"If it was not you, ignore this letter: the address stays unconfirmed."},
	})
}

// AlreadyRegistered tells the owner of an account that somebody tried to register with the address.
func (l *Letters) AlreadyRegistered(to, handle string) {
	l.send(to, letter{
		Subject: "you are registered already",
		Handle:  handle,
		Before: []string{
			"Somebody, perhaps you, tried to register at " + l.site.Name + " with this address. It has an account already, which is yours, and nothing has changed.",
			"If it was you, sign in. If you do not know the password any more, ask for a new one there.",
		},
		Link:  l.page("Sign in", "/sign-in", "", ""),
		After: []string{"If it was not you, there is nothing to do."},
	})
}

// AlreadyVerified tells the owner of an account that nothing is left to be verified.
func (l *Letters) AlreadyVerified(to, handle string) {
	l.send(to, letter{
		Subject: "your address is verified already",
		Handle:  handle,
		Before: []string{
			"Somebody, probably you, asked for the letter that verifies this address at " + l.site.Name + ". It is verified already, and you can sign in.",
		},
		Link:  l.page("Sign in", "/sign-in", "", ""),
		After: []string{"If it was not you, there is nothing to do."},
	})
}

// ResetPassword brings the link that sets a new password.
func (l *Letters) ResetPassword(to, handle, token string) {
	l.send(to, letter{
		Subject: "set a new password",
		Handle:  handle,
		Before:  []string{"Somebody, probably you, asked for a new password for your account at " + l.site.Name + ". You can set it within " + stationery.Lasts(domain.ResetLifetime) + "."},
		Link:    l.page("Set a new password", "/reset", "token", token),
		After:   []string{"If it was not you, ignore this letter: your password stays as it is. Give the link to nobody."},
	})
}

// NoAccount tells that a letter was asked for an address without an account. It goes to people who may never have heard of
// the house, and so asks for nothing and links to nothing.
func (l *Letters) NoAccount(to string) {
	l.send(to, letter{
		Subject: "there is no account with this address",
		Before: []string{
			"Somebody asked for a new password, or to verify the address, at " + l.site.Name + " and gave this one. There is no account with it, and nothing has happened.",
			"If it was you, you may have registered with another address. If it was not you, there is nothing to do.",
		},
	})
}

// ConfirmNewEmail goes to the new address.
func (l *Letters) ConfirmNewEmail(to, handle, token string) {
	l.send(to, letter{
		Subject: "confirm your new e-mail address",
		Handle:  handle,
		Before:  []string{"You asked " + l.site.Name + " to write to this address from now on. Please confirm that it is yours, within " + stationery.Lasts(domain.ChangeLifetime) + "."},
		Link:    l.page("Use this address", "/change-email", "token", token),
		After:   []string{"If it was not you, ignore this letter: nothing changes."},
	})
}

// EmailChanged goes to the old address afterwards.
func (l *Letters) EmailChanged(to, handle, newAddressMasked string) {
	l.send(to, letter{
		Subject: "your e-mail address was changed",
		Handle:  handle,
		Before: []string{
			"The address of your account at " + l.site.Name + " is now " + stationery.OneLine(newAddressMasked) + ". This is the last letter to the old one.",
			"If it was not you, somebody else has your account: write to the house at once.",
		},
	})
}

// PasswordChanged tells that the password is another one.
func (l *Letters) PasswordChanged(to, handle string) {
	l.send(to, letter{
		Subject: "your password was changed",
		Handle:  handle,
		Before: []string{
			"The password of your account at " + l.site.Name + " was changed.",
			"If it was not you, ask for a new password at once, and look at the sessions and tokens of your account.",
		},
		Link: l.page("Sign in", "/sign-in", "", ""),
	})
}

// NewSignIn tells of a sign-in from a browser that was not known.
func (l *Letters) NewSignIn(to, handle, client, userAgent string) {
	l.send(to, letter{
		Subject: "a new sign-in",
		Handle:  handle,
		Before: []string{
			"Somebody signed in to your account at " + l.site.Name + " from a device that was not used before: " + browserOf(userAgent) + ", from the address " + stationery.OneLine(client) + ".",
			"If it was you, there is nothing to do. If it was not you, somebody knows your password: set another one, which ends that session.",
		},
		Link: l.page("Go to "+l.site.Name, "/sign-in", "", ""),
	})
}
