package domain

import "github.com/google/uuid"

// MaxWatches is how many listings a member may watch.
const MaxWatches = 1000

// WatchList counts what one member watches. It is an aggregate of its own because the limit holds over all his watches: a
// watch and the list change in one unit of work, so that two watches at the same time cannot both be the last.
type WatchList struct {
	record
	watches int
}

// WatchListState is a watch list as plain data for mappers.
type WatchListState struct {
	// Member is whose list it is.
	Member  uuid.UUID
	Version int64
	// Watches is how many listings are on it.
	Watches int
}

// NewWatchList returns the list of a member who watches nothing.
func NewWatchList(member uuid.UUID) *WatchList {
	return &WatchList{record: record{id: member, changed: true}}
}

// RestoreWatchList returns the list as it was stored, unchecked.
func RestoreWatchList(s WatchListState) *WatchList {
	return &WatchList{record: record{id: s.Member, version: s.Version}, watches: s.Watches}
}

// State returns the list as plain data.
func (l *WatchList) State() WatchListState {
	return WatchListState{Member: l.id, Version: l.version, Watches: l.watches}
}

// Snapshot returns an independent copy.
func (l *WatchList) Snapshot() *WatchList { c := *l; return &c }

// Grow counts one more. Errors: ErrTooManyWatches.
func (l *WatchList) Grow() error {
	if l.watches >= MaxWatches {
		return ErrTooManyWatches
	}
	l.watches++
	l.changed = true
	return nil
}

// Shrink counts one less.
func (l *WatchList) Shrink() {
	l.watches = max(0, l.watches-1)
	l.changed = true
}
