package domain

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Unsubscription is what the link in a mail about a notice is good for: to end the mails of one kind to one member, and
// nothing else. It does not expire, since mails are read years later; it ends with the key, when the member is deleted.
type Unsubscription struct {
	Member uuid.UUID
	Kind   NoticeKind
	proof  Hash
}

// NewUnsubscription returns the one that a member with that key has for mails of the kind. Nothing of it is stored but the
// key, which all of the member's have in common.
func NewUnsubscription(key Secret, member uuid.UUID, kind NoticeKind) Unsubscription {
	return Unsubscription{Member: member, Kind: kind, proof: unsubscribing(key, member, kind)}
}

// unsubscribing proves that who knows it was sent a mail of the kind.
func unsubscribing(key Secret, member uuid.UUID, kind NoticeKind) (proof Hash) {
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte("unsubscribe"))
	mac.Write(member[:])
	mac.Write([]byte(kind))
	mac.Sum(proof[:0])
	return proof
}

// String returns the text in the link.
func (u Unsubscription) String() string {
	return base64.RawURLEncoding.EncodeToString(slices.Concat(u.Member[:], u.proof[:], []byte(u.Kind)))
}

// ParseUnsubscription reads what String wrote. Whether it is good, the settings of its member know. Errors:
// ErrInvalidUnsubscription.
func ParseUnsubscription(text string) (u Unsubscription, err error) {
	const most = 200                                           // characters, more than any has
	if len(text) > most || strings.ContainsAny(text, "\r\n") { // which the decoder skips
		return Unsubscription{}, ErrInvalidUnsubscription
	}
	all, err := base64.RawURLEncoding.Strict().DecodeString(text)
	begin := len(u.Member) + len(u.proof)
	if err != nil || len(all) <= begin {
		return Unsubscription{}, ErrInvalidUnsubscription
	}
	copy(u.Member[:], all)
	copy(u.proof[:], all[len(u.Member):])
	u.Kind = NoticeKind(all[begin:])
	return u, nil
}

// Unsubscribe ends the mails that the link is good for; ended ones stay so. Errors: ErrInvalidUnsubscription, also for a
// security notice.
func (n *NotificationSettings) Unsubscribe(u Unsubscription) error {
	if u.Kind.Security() || n.key == (Secret{}) || u.Member != n.id || !u.proof.Equal(unsubscribing(n.key, n.id, u.Kind)) {
		return ErrInvalidUnsubscription
	}
	return n.Mute(append(slices.Clone(n.muted), u.Kind))
}
