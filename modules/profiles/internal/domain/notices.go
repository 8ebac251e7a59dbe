package domain

import (
	"slices"

	"github.com/google/uuid"
)

// Notice is a kind of letter that a member may do without. Letters about the account itself are always sent.
type Notice string

// The notices.
const (
	NoticeOutbid    Notice = "outbid"
	NoticeWon       Notice = "won"
	NoticeLost      Notice = "lost"
	NoticeSold      Notice = "sold"
	NoticeUnsold    Notice = "unsold"
	NoticeCancelled Notice = "cancelled" // a listing, or bids on it
	NoticeIssue     Notice = "issue"     // news from the help desk
	NoticeNewSignIn Notice = "new_sign_in"
)

// Notices are all of them.
var Notices = []Notice{
	NoticeOutbid, NoticeWon, NoticeLost, NoticeSold, NoticeUnsold, NoticeCancelled, NoticeIssue, NoticeNewSignIn,
}

// NotificationSettings say which notices a member wants. They have the account's id.
type NotificationSettings struct {
	record
	muted []Notice
}

// NotificationSettingsState are settings as plain data for mappers.
type NotificationSettingsState struct {
	ID      uuid.UUID
	Version int64
	// Muted are the notices that are not sent, sorted.
	Muted []Notice
}

// NewNotificationSettings returns the settings of a new member, who wants them all.
func NewNotificationSettings(id uuid.UUID) *NotificationSettings {
	return &NotificationSettings{record: record{id: id, changed: true}}
}

// RestoreNotificationSettings returns the settings as they were stored, unchecked.
func RestoreNotificationSettings(s NotificationSettingsState) *NotificationSettings {
	return &NotificationSettings{record: record{id: s.ID, version: s.Version}, muted: slices.Clone(s.Muted)}
}

// State returns the settings as plain data.
func (n *NotificationSettings) State() NotificationSettingsState {
	return NotificationSettingsState{ID: n.id, Version: n.version, Muted: slices.Clone(n.muted)}
}

// Snapshot returns an independent copy.
func (n *NotificationSettings) Snapshot() *NotificationSettings {
	c := *n
	c.muted = slices.Clone(n.muted)
	return &c
}

// Wants reports whether the notice is to be sent.
func (n *NotificationSettings) Wants(notice Notice) bool { return !slices.Contains(n.muted, notice) }

// Mute says which notices are not sent; all others are. Errors: ErrInvalidNotice.
func (n *NotificationSettings) Mute(notices []Notice) error {
	for _, notice := range notices {
		if !slices.Contains(Notices, notice) {
			return ErrInvalidNotice
		}
	}
	muted := slices.Clone(notices)
	slices.Sort(muted)
	muted = slices.Compact(muted)
	if slices.Equal(muted, n.muted) {
		return nil
	}
	n.muted = muted
	n.changed = true
	return nil
}

// Delete forgets what the member wanted.
func (n *NotificationSettings) Delete() {
	if len(n.muted) == 0 {
		return
	}
	n.muted = nil
	n.changed = true
}
