package domain

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"

	"github.com/google/uuid"
)

// Hash is a SHA-256 or HMAC-SHA-256 value. The zero Hash stands for none.
type Hash [sha256.Size]byte

// IsZero reports whether there is no hash.
func (h Hash) IsZero() bool { return h == Hash{} }

// String returns the hash in hexadecimal.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Alias stands for a member within one listing: HMAC-SHA-256 of the member id, keyed by the listing's secret, so that
// nobody can link it to the member or to the member's aliases elsewhere. The zero Alias stands for nobody.
type Alias [sha256.Size]byte

// IsZero reports whether it stands for nobody.
func (a Alias) IsZero() bool { return a == Alias{} }

// String returns what people are shown: the first 16 hexadecimal digits; empty for nobody.
func (a Alias) String() string {
	if a.IsZero() {
		return ""
	}
	return hex.EncodeToString(a[:8])
}

// SecretSize is the number of random bytes in a listing's secret.
const SecretSize = 32

// Secret keys a listing's aliases and nonces. It is drawn when the listing is published, never shown, and prints as
// nothing.
type Secret [SecretSize]byte

// AliasOf returns the member's alias on the listing with this secret; zero for no member.
func (s Secret) AliasOf(member uuid.UUID) Alias {
	if member == uuid.Nil {
		return Alias{}
	}
	return Alias(s.mac(member[:]))
}

func (s Secret) mac(message []byte) Hash {
	m := hmac.New(sha256.New, s[:])
	m.Write(message)
	return Hash(m.Sum(nil))
}

// key is a secret prepared to be used more than once: to prepare it costs as much as two aliases, and for one of them more than
// AliasOf.
type key struct{ mac hash.Hash }

func (s Secret) key() key { return key{mac: hmac.New(sha256.New, s[:])} }

func (k key) of(message []byte) (h Hash) {
	k.mac.Reset()
	k.mac.Write(message)
	k.mac.Sum(h[:0])
	return h
}

func (k key) aliasOf(member uuid.UUID) Alias {
	if member == uuid.Nil {
		return Alias{}
	}
	return Alias(k.of(member[:]))
}

// commitment names what a nonce is for. Member ids are chosen freely and have 16 bytes; a nonce's key material is the
// name and 8 bytes of seq, so no name may have 8 bytes: an alias could then be made to equal a nonce.
type commitment string

const (
	ofCommand     commitment = "command"
	ofMaximum     commitment = "maximum"
	ofReserve     commitment = "reserve"
	ofTitle       commitment = "title"
	ofDescription commitment = "description"
	ofText        commitment = "text"
)

// nonce returns what opens a commitment of the event seq: HMAC(secret, name ‖ seq as 8 bytes, big-endian). It tells
// nothing about any other.
func (k key) nonce(of commitment, seq int64) Hash {
	return k.of(binary.BigEndian.AppendUint64([]byte(of), uint64(seq)))
}

// commitAmount returns SHA-256(nonce ‖ amount as 8 bytes, big-endian).
func commitAmount(nonce Hash, amount int64) Hash {
	return sha256.Sum256(binary.BigEndian.AppendUint64(nonce[:], uint64(amount)))
}

// commitText returns SHA-256(nonce ‖ text).
func commitText(nonce Hash, text string) Hash { return sha256.Sum256(append(nonce[:], text...)) }

// amount commits to an amount of the event seq; zero is an amount like any other.
func (k key) amount(of commitment, seq, amount int64) Hash {
	return commitAmount(k.nonce(of, seq), amount)
}

// text commits to a text of the event seq; to no text with no hash.
func (k key) text(of commitment, seq int64, text string) Hash {
	if text == "" {
		return Hash{}
	}
	return commitText(k.nonce(of, seq), text)
}

// command commits to a command id; to none with no hash.
func (k key) command(seq int64, id uuid.UUID) Hash {
	if id == uuid.Nil {
		return Hash{}
	}
	return k.text(ofCommand, seq, string(id[:]))
}

// chained returns the hash of the event with those canonical bytes that follows the event with the hash previous.
func chained(previous Hash, canonical []byte) Hash {
	h := sha256.New()
	h.Write(previous[:])
	h.Write(canonical)
	return Hash(h.Sum(nil))
}

// seal fills in the commitments to what stands beside the chain.
func (e *Event) seal(secret key) {
	e.Command = secret.command(e.Seq, e.Sealed.Command)
	e.Actor = secret.aliasOf(e.Sealed.Actor)
	e.Bidder = e.Actor
	if e.Sealed.Bidder != e.Sealed.Actor {
		e.Bidder = secret.aliasOf(e.Sealed.Bidder)
	}
	if e.Kind == KindBidPlaced {
		e.Maximum = secret.amount(ofMaximum, e.Seq, e.Sealed.Maximum)
	}
	e.Text = secret.text(ofText, e.Seq, e.Sealed.Text)
	if e.Terms != nil {
		terms := *e.Terms // others may hold the same pointer
		terms.Seller = secret.aliasOf(e.Sealed.Seller)
		terms.Title = secret.text(ofTitle, e.Seq, e.Sealed.Title)
		terms.Description = secret.text(ofDescription, e.Seq, e.Sealed.Description)
		terms.Reserve = secret.amount(ofReserve, e.Seq, e.Sealed.Reserve)
		e.Terms = &terms
	}
}
