package domain

import (
	"slices"

	"github.com/google/uuid"
)

// NotificationSettings say which kinds of notices a member wants, and how: by mail, in his list of notices, both or neither.
// They have the account's id.
type NotificationSettings struct {
	record
	muted, unlisted []NoticeKind
	key             Secret
}

// NotificationSettingsState are settings as plain data for mappers.
type NotificationSettingsState struct {
	ID      uuid.UUID
	Version int64
	// Muted are the kinds that are not mailed, Unlisted those that are not listed, sorted.
	Muted, Unlisted []NoticeKind
	// Key makes the links that end a kind's mails, see Unsubscription; zero before the first mail.
	Key Secret
}

// NewNotificationSettings returns the settings of a new member, who wants them all.
func NewNotificationSettings(id uuid.UUID) *NotificationSettings {
	return &NotificationSettings{record: record{id: id, changed: true}}
}

// RestoreNotificationSettings returns the settings as they were stored, unchecked.
func RestoreNotificationSettings(s NotificationSettingsState) *NotificationSettings {
	return &NotificationSettings{
		record: record{id: s.ID, version: s.Version}, muted: slices.Clone(s.Muted), unlisted: slices.Clone(s.Unlisted), key: s.Key,
	}
}

// State returns the settings as plain data.
func (n *NotificationSettings) State() NotificationSettingsState {
	return NotificationSettingsState{
		ID: n.id, Version: n.version, Muted: slices.Clone(n.muted), Unlisted: slices.Clone(n.unlisted), Key: n.key,
	}
}

// Snapshot returns an independent copy.
func (n *NotificationSettings) Snapshot() *NotificationSettings {
	c := *n
	c.muted, c.unlisted = slices.Clone(n.muted), slices.Clone(n.unlisted)
	return &c
}

// WantsMail reports whether notices of the kind are mailed.
func (n *NotificationSettings) WantsMail(kind NoticeKind) bool {
	return !slices.Contains(n.muted, kind)
}

// Mute says which kinds are not mailed; all others are. Errors: ErrInvalidNotice.
func (n *NotificationSettings) Mute(kinds []NoticeKind) error {
	return n.replace(&n.muted, kinds, ErrInvalidNotice)
}

// Unlist says which kinds are not listed; all others are. Errors: ErrInvalidUnlisted.
func (n *NotificationSettings) Unlist(kinds []NoticeKind) error {
	return n.replace(&n.unlisted, kinds, ErrInvalidUnlisted)
}

// replace puts the kinds, sorted and each once, in the place of those that are there. Errors: refusal.
func (n *NotificationSettings) replace(present *[]NoticeKind, kinds []NoticeKind, refusal error) error {
	for _, kind := range kinds {
		if !slices.Contains(NoticeKinds, kind) {
			return refusal
		}
	}
	sorted := slices.Clone(kinds)
	slices.Sort(sorted)
	sorted = slices.Compact(sorted)
	if slices.Equal(sorted, *present) {
		return nil
	}
	*present = sorted
	n.changed = true
	return nil
}

// KeepKey keeps the key with which links are made from now on, unless there is one.
func (n *NotificationSettings) KeepKey(key Secret) {
	if n.key != (Secret{}) {
		return
	}
	n.key = key
	n.changed = true
}

// Delete forgets what the member wanted, and with the key every link that was mailed.
func (n *NotificationSettings) Delete() {
	if len(n.muted) == 0 && len(n.unlisted) == 0 && n.key == (Secret{}) {
		return
	}
	n.muted, n.unlisted, n.key = nil, nil, Secret{}
	n.changed = true
}
