package domain

import "github.com/google/uuid"

// Telling is the news of a listing's end on its way to its bidders, who may be thousands. A few are told at a time, each
// portion in a unit of work that also moves the telling on, so that everybody is told once. When all are, it is removed. It
// has the listing's id: a listing ends once.
type Telling struct {
	record
	kind, news string
	after      uuid.UUID
}

// TellingState is a telling as plain data for mappers.
type TellingState struct {
	// Listing is the one that has ended.
	Listing uuid.UUID
	Version int64
	// Kind and News are the published event and its payload, which say what there is to tell.
	Kind, News string
	// After is the last member, in the order of their ids, who has been told.
	After uuid.UUID
}

// NewTelling returns the telling that begins behind the member after.
func NewTelling(listing uuid.UUID, kind, news string, after uuid.UUID) *Telling {
	return &Telling{record: record{id: listing, changed: true}, kind: kind, news: news, after: after}
}

// RestoreTelling returns the telling as it was stored, unchecked.
func RestoreTelling(s TellingState) *Telling {
	return &Telling{record: record{id: s.Listing, version: s.Version}, kind: s.Kind, news: s.News, after: s.After}
}

// State returns the telling as plain data.
func (t *Telling) State() TellingState {
	return TellingState{Listing: t.id, Version: t.version, Kind: t.kind, News: t.news, After: t.after}
}

// Snapshot returns an independent copy.
func (t *Telling) Snapshot() *Telling { c := *t; return &c }

// GoOn says that everybody up to the member has been told.
func (t *Telling) GoOn(after uuid.UUID) { t.after, t.changed = after, true }
