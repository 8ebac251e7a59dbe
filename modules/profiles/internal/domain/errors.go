package domain

import (
	"errors"

	"github.com/gavelhq/gavel/platform/fault"
)

// Refusals of what is not there. Another member's is not there either.
var (
	// ErrMemberNotFound: there is no such member, or he is not to be seen.
	ErrMemberNotFound = fault.New(fault.NotFound, "member_not_found", "There is no such member.")
	// ErrSessionNotFound: the member has no such session.
	ErrSessionNotFound = fault.New(fault.NotFound, "session_not_found", "You have no such session.")
	// ErrTokenNotFound: the member has no such API token.
	ErrTokenNotFound = fault.New(fault.NotFound, "token_not_found", "You have no such token.")
	// ErrInvitationNotFound: there is no such invitation.
	ErrInvitationNotFound = fault.New(fault.NotFound, "invitation_not_found", "There is no such invitation.")
	// ErrNotBlocked: the member is not blocked.
	ErrNotBlocked = fault.New(fault.NotFound, "not_blocked", "You have not blocked this member.")
	// ErrNoticeNotFound: the member has no such notice.
	ErrNoticeNotFound = fault.New(fault.NotFound, "notice_not_found", "You have no such notice.")
	// ErrRecordNotFound: nothing was remembered yet; never shown.
	ErrRecordNotFound = fault.New(fault.NotFound, "record_not_found", "There is no such record.")
)

// ErrInvalidNews: what a module wants to tell members cannot be told; the module is wrong, and no member sees it.
var ErrInvalidNews = errors.New("a notice needs an id, a member, a known kind, a subject, a time and a path on this site")

// ErrInvalidUnsubscription: a link that ends no mails, because it is not whole or its member is gone.
var ErrInvalidUnsubscription = fault.New(fault.Conflict, "invalid_unsubscription",
	"This link is not valid. Follow the whole link in the letter, or sign in and change your notification settings.")

// Refusals of signing in.
var (
	// ErrWrongCredentials: no such account, another password, or an address that is not verified. Nothing tells which.
	ErrWrongCredentials = fault.New(fault.Unauthenticated, "wrong_credentials",
		"The e-mail address or the password is wrong. If you have just registered, first follow the link in the letter that you got.")
	// ErrWrongPassword: a member who is signed in has to give the password again, and it is another one.
	ErrWrongPassword = fault.New(fault.Forbidden, "wrong_password", "The password is wrong.")
	// ErrApprovalPending: an admin has to approve the account first. Told only to who knows the password.
	ErrApprovalPending = fault.New(fault.Forbidden, "approval_pending", "An admin has yet to approve your account. You get an e-mail when it is done.")
	// ErrSuspended: a moderator has suspended the account. Told only to who knows the password.
	ErrSuspended = fault.New(fault.Forbidden, "account_suspended", "Your account is suspended.")
	// ErrTooManyAttempts: wait first; the field retry_after says how long.
	ErrTooManyAttempts = fault.New(fault.Limited, "too_many_attempts", "Too many attempts. Wait for as long as Retry-After says.")
	// ErrInvalidMailedToken: used, expired, replaced by a newer one, or made for something else.
	ErrInvalidMailedToken = fault.New(fault.Conflict, "invalid_token", "This link is not valid, or no longer. Ask for a new one.")
)

// Refusals of registering and of what admins do.
var (
	// ErrRegistrationClosed: only invited people may register.
	ErrRegistrationClosed = fault.New(fault.Forbidden, "invitation_required", "You need an invitation to register here.")
	// ErrInvalidInvitation: used, expired or withdrawn.
	ErrInvalidInvitation = fault.New(fault.Conflict, "invalid_invitation", "This invitation is not valid, or no longer. Ask for a new one.")
	// ErrHandleTaken: somebody has or had it; handles are never given twice.
	ErrHandleTaken = fault.New(fault.Conflict, "handle_taken", "This handle is taken. Choose another one.")
	// ErrEmailTaken: another account has the address. It is told only to who has shown that the address is his.
	ErrEmailTaken = fault.New(fault.Conflict, "email_taken", "Another account has this e-mail address.")
	// ErrAlreadySetUp: the house has an admin.
	ErrAlreadySetUp = fault.New(fault.Conflict, "already_set_up", "This house has an admin already.")
	// ErrInvalidSetupLink: not the link, too late, or opened by another browser first.
	ErrInvalidSetupLink = fault.New(fault.Forbidden, "invalid_setup_link", "This setup link is not valid, or no longer, or was opened in another browser. Restart the server for a new one.")
	// ErrLastAdmin: somebody has to run the house.
	ErrLastAdmin = fault.New(fault.Conflict, "last_admin", "This is the only admin. Appoint another one first.")
	// ErrIsAdmin: take the role away first.
	ErrIsAdmin = fault.New(fault.Conflict, "member_is_admin", "An admin cannot be suspended or leave. The role has to be withdrawn first.")
	// ErrNotPending: nothing waits for approval.
	ErrNotPending = fault.New(fault.Conflict, "not_pending", "This account does not wait for approval.")
	// ErrNotActive: suspended, deleted or not yet approved.
	ErrNotActive = fault.New(fault.Conflict, "not_active", "This account is not active.")
	// ErrNotSuspended: there is nothing to end.
	ErrNotSuspended = fault.New(fault.Conflict, "not_suspended", "This account is not suspended.")
	// ErrAlreadyVerified: the address is known to be the member's.
	ErrAlreadyVerified = fault.New(fault.Conflict, "already_verified", "This e-mail address is verified already.")
	// ErrAlreadyBlocked: nothing to do.
	ErrAlreadyBlocked = fault.New(fault.Conflict, "already_blocked", "You have blocked this member already.")
	// ErrNotLeaving: no deletion was asked for.
	ErrNotLeaving = fault.New(fault.Conflict, "not_leaving", "No deletion of this account was asked for.")
	// ErrAlreadyLeaving: the deletion was asked for.
	ErrAlreadyLeaving = fault.New(fault.Conflict, "already_leaving", "The deletion of this account was asked for already.")
	// ErrLeaving: who leaves the house does not come to run it.
	ErrLeaving = fault.New(fault.Conflict, "member_is_leaving", "This member has asked for the deletion of the account, and would have to take that back first.")
	// ErrVersionMismatch: somebody changed it since the caller read it.
	ErrVersionMismatch = fault.New(fault.Precondition, "version_mismatch", "This has changed since you read it. Read it again.")
	// ErrTooManyTokens: a limit that nobody reaches by honest work.
	ErrTooManyTokens = fault.New(fault.Conflict, "too_many_tokens", "You have 100 tokens. Revoke one first.")
)

// Refusals of fields. Each carries the field's name in the field "field".
var (
	ErrInvalidEmail       = invalid("email", "This is not an e-mail address that letters can be sent to.")
	ErrInvalidHandle      = invalid("handle", "A handle has 3 to 30 of the characters a-z, 0-9, _ and -, and begins with a letter.")
	ErrReservedHandle     = invalid("handle", "This handle is reserved. Choose another one.")
	ErrPasswordLength     = invalid("password", "A password has 10 to 256 characters.")
	ErrCommonPassword     = invalid("password", "This password is too easy to guess. Choose another one.")
	ErrInvalidDisplayName = invalid("display_name", "A display name has 1 to 60 characters in one line.")
	ErrInvalidAbout       = invalid("about", "The text about you has at most 2,000 characters.")
	ErrInvalidLocation    = invalid("location", "A location has at most 80 characters in one line.")
	ErrInvalidTokenName   = invalid("name", "A token's name has 1 to 60 characters in one line.")
	ErrInvalidScopes      = invalid("scopes", "A token needs one or more scopes out of those that your roles allow.")
	ErrInvalidExpiry      = invalid("expires_at", "A token must expire in the future, or never.")
	ErrInvalidRole        = invalid("role", "This role cannot be granted or withdrawn.")
	ErrInvalidReason      = invalid("reason", "Say why, in one line of at most 1,000 characters.")
	ErrInvalidNotice      = invalid("muted", "There is no such notice.")
	ErrInvalidUnlisted    = invalid("unlisted", "There is no such notice.")
	ErrBlockSelf          = invalid("member_id", "You cannot block yourself.")
)

func invalid(field, detail string) *fault.Error {
	return fault.New(fault.Invalid, "invalid_"+field, detail).With("field", field)
}

// Refused is what is wrong with several fields.
type Refused []*fault.Error

// Add notes what a check found; nil is nothing. Errors: err, when it is no fault and so not about a field.
func (r *Refused) Add(err error) error {
	if err == nil {
		return nil
	}
	refusal, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	*r = append(*r, refusal)
	return nil
}

// allOf returns what is wrong with several fields, given what was found about each; nil for nothing. Errors: as Refused.Err.
func allOf(found ...error) error {
	var refused Refused
	for _, err := range found {
		if err := refused.Add(err); err != nil {
			return err
		}
	}
	return refused.Err()
}

// Err returns nil for no refusal; else the first, which carries all of them in the field "errors" as {"field", "code",
// "detail"}.
func (r Refused) Err() error {
	if len(r) == 0 {
		return nil
	}
	all := make([]map[string]string, len(r))
	for i, refusal := range r {
		field, _ := refusal.Fields()["field"].(string)
		all[i] = map[string]string{"field": field, "code": refusal.Code(), "detail": refusal.Detail()}
	}
	return r[0].With("errors", all)
}
