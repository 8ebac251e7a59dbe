package app

// Letters writes and posts what members are told by e-mail. No method fails or waits: call them after the unit of work.
type Letters interface {
	// VerifyEmail asks to confirm that the address is the member's.
	VerifyEmail(to, handle, token string)
	// AlreadyRegistered tells the owner of an account that somebody tried to register with the address.
	AlreadyRegistered(to, handle string)
	// ResetPassword brings the link that sets a new password.
	ResetPassword(to, handle, token string)
	// AlreadyVerified tells the owner of an account that nothing is left to be verified.
	AlreadyVerified(to, handle string)
	// NoAccount tells that a letter was asked for an address without an account.
	NoAccount(to string)
	// ConfirmNewEmail goes to the new address.
	ConfirmNewEmail(to, handle, token string)
	// EmailChanged goes to the old address afterwards, with the new one made unrecognisable but for its owner.
	EmailChanged(to, handle, newAddressMasked string)
	// PasswordChanged tells that the password is another one.
	PasswordChanged(to, handle string)
	// Approved tells that an admin has let the member in.
	Approved(to, handle string)
	// Invitation invites.
	Invitation(to, inviter, token string)
	// Suspended tells the reason, too.
	Suspended(to, handle, reason string)
	// Reinstated tells that the suspension is over.
	Reinstated(to, handle string)
	// DeletionRequested tells after how many days without an obligation the account is deleted.
	DeletionRequested(to, handle string, days int)
	// Deleted is the last letter.
	Deleted(to, handle string)
	// NewSignIn tells of a sign-in from a browser that was not known.
	NewSignIn(to, handle, client, userAgent string)
}
