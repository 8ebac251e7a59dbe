package domain

import (
	"time"

	"github.com/google/uuid"
)

// watchNamespace makes ids of watches. It must never change: ids in databases were made with it.
var watchNamespace = uuid.MustParse("5b0f6c52-6d0c-5c3f-9a64-2f1f3f2f9b07")

// Watch is a listing on a member's watch list. It is there or not; its identity is made of both. It also knows whether the
// member was told that the listing ends soon, which happens once, whatever becomes of the end afterwards.
type Watch struct {
	record
	member, listing uuid.UUID
	since           time.Time
	announced       time.Time
}

// WatchState is a watch as plain data for mappers.
type WatchState struct {
	// ID is WatchID of the two.
	ID      uuid.UUID
	Version int64
	// Member watches Listing.
	Member, Listing uuid.UUID
	// Since is when it was put on the list.
	Since time.Time
	// Announced is the end that the member was told of, or need not be told of; zero while he is still to be told.
	Announced time.Time
}

// WatchID returns the identity of the watch.
func WatchID(member, listing uuid.UUID) uuid.UUID {
	return uuid.NewSHA1(watchNamespace, append(member[:], listing[:]...))
}

// NewWatch returns a watch of which nothing is announced.
func NewWatch(member, listing uuid.UUID, now time.Time) *Watch {
	return &Watch{
		record: record{id: WatchID(member, listing), changed: true}, member: member, listing: listing, since: micros(now),
	}
}

// RestoreWatch returns the watch as it was stored, unchecked.
func RestoreWatch(s WatchState) *Watch {
	return &Watch{
		record: record{id: s.ID, version: s.Version}, member: s.Member, listing: s.Listing, since: s.Since, announced: s.Announced,
	}
}

// State returns the watch as plain data.
func (w *Watch) State() WatchState {
	return WatchState{
		ID: w.id, Version: w.version, Member: w.member, Listing: w.listing, Since: w.since, Announced: w.announced,
	}
}

// Snapshot returns an independent copy.
func (w *Watch) Snapshot() *Watch { c := *w; return &c }

// Announce notes that the member knows of the end, and reports whether that is news: it is once.
func (w *Watch) Announce(end time.Time) bool {
	if !w.announced.IsZero() {
		return false
	}
	w.announced, w.changed = micros(end), true
	return true
}
