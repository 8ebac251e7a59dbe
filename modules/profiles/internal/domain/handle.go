package domain

import (
	"strings"

	"github.com/google/uuid"
)

// Handle is the public name of a member, for life: 3 to 30 of [a-z0-9_-], beginning with a letter, unique without case.
type Handle struct{ text string }

const (
	minHandle = 3
	maxHandle = 30
)

// deletedPrefix begins the handles of deleted members, which nobody can choose.
const deletedPrefix = "deleted-"

// reserved are names that would be taken for the house, its people or its pages.
var reserved = map[string]bool{
	"about": true, "abuse": true, "account": true, "accounts": true, "admin": true, "administrator": true, "agent": true,
	"anonymous": true, "api": true, "assets": true, "audit": true, "auction": true, "auctions": true, "bid": true,
	"bidder": true, "bids": true, "billing": true, "contact": true, "deleted": true, "docs": true, "everyone": true,
	"gavel": true, "guest": true, "healthz": true, "help": true, "helpdesk": true, "house": true, "info": true,
	"invite": true, "invitations": true, "issues": true, "lead": true, "legal": true, "listing": true, "listings": true,
	"login": true, "logout": true, "mail": true, "mailer-daemon": true, "member": true, "members": true, "metrics": true,
	"moderator": true, "moderators": true, "monolith": true, "news": true, "nobody": true, "noreply": true,
	"no-reply": true, "null": true, "official": true, "operator": true, "owner": true, "postmaster": true, "privacy": true,
	"profile": true, "profiles": true, "readyz": true, "register": true, "reset": true, "root": true, "search": true,
	"security": true, "seller": true, "sessions": true, "settings": true, "setup": true, "sign-in": true, "sign-out": true,
	"signin": true, "signout": true, "signup": true, "staff": true, "static": true, "status": true, "support": true,
	"system": true, "team": true, "terms": true, "tokens": true, "undefined": true, "user": true, "users": true,
	"verify": true, "version": true, "webmaster": true, "www": true,
}

// NewHandle returns the handle, in lower case whatever was written. Errors: ErrInvalidHandle, ErrReservedHandle.
func NewHandle(text string) (Handle, error) {
	text = strings.ToLower(text)
	if len(text) < minHandle || len(text) > maxHandle || text[0] < 'a' || text[0] > 'z' {
		return Handle{}, ErrInvalidHandle
	}
	for i := range len(text) {
		c := text[i]
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-') {
			return Handle{}, ErrInvalidHandle
		}
	}
	if reserved[text] || strings.HasPrefix(text, deletedPrefix) {
		return Handle{}, ErrReservedHandle
	}
	return Handle{text: text}, nil
}

// RestoreHandle returns the handle as it was stored, unchecked.
func RestoreHandle(text string) Handle { return Handle{text: text} }

// String returns the handle.
func (h Handle) String() string { return h.text }

// deletedHandle is what others see of a member who has left.
func deletedHandle(member uuid.UUID) Handle {
	id := strings.ReplaceAll(member.String(), "-", "")
	return Handle{text: deletedPrefix + id[len(id)-12:]}
}

// handleNamespace makes ids of handles. It must never change: ids in databases were made with it.
var handleNamespace = uuid.MustParse("5b0d6f0e-7a1c-5c55-9a34-0d9f6b9a6f02")

// TakenHandle says that a handle was given away, once and for ever. It keeps no more than a hash of it, which is its
// identity, so that it can outlive the member.
type TakenHandle struct {
	record
}

// TakenHandleState is a taken handle as plain data for mappers.
type TakenHandleState struct {
	ID      uuid.UUID
	Version int64
}

// TakeHandle returns the mark that h is taken.
func TakeHandle(h Handle) *TakenHandle {
	return &TakenHandle{record{id: TakenHandleID(h), changed: true}}
}

// TakenHandleID returns the identity of the mark for h.
func TakenHandleID(h Handle) uuid.UUID { return uuid.NewSHA1(handleNamespace, []byte(h.text)) }

// RestoreTakenHandle returns the mark as it was stored.
func RestoreTakenHandle(s TakenHandleState) *TakenHandle {
	return &TakenHandle{record{id: s.ID, version: s.Version}}
}

// State returns the mark as plain data.
func (t *TakenHandle) State() TakenHandleState { return TakenHandleState{ID: t.id, Version: t.version} }

// Snapshot returns an independent copy.
func (t *TakenHandle) Snapshot() *TakenHandle { c := *t; return &c }
