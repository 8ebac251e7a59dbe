package sqlstore

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/uow"
)

// writes are what a unit's changes come to, sorted by the statement that makes them.
type writes struct {
	seen     [][]any // id and version of what was only read
	added    [][]any // of addedColumns
	bidding  [][]any // of changedBidding: most bids
	standing [][]any // of changedStanding: openings, closings, and bids that move the end or end the bidding
	terms    [][]any // of changedTerms: what changes more than the standing
	texts    [][]any // of textsColumns
	log      [][]any // of eventColumns
	words    []wordsOf
	removed  []removal
}

// wordsOf are the words under which a listing is to be found from now on.
type wordsOf struct {
	listing uuid.UUID
	words   []string
	fresh   bool // there were none before
}

// removal is a listing to be deleted while it is at that version.
type removal struct {
	listing uuid.UUID
	version int64
}

// kind says what has to be written of a listing that has changed.
type kind int

// The kinds, each of which writes what the ones before it write, too.
const (
	biddingOnly kind = iota
	standingToo
	termsToo
)

// kindOf compares what was loaded with what is to be stored.
func kindOf(before, after domain.State) kind {
	switch {
	case termsOf(before) != termsOf(after) || !before.Terms.Table.Equal(after.Terms.Table) || !sameTexts(before, after):
		return termsToo
	case phaseOf(before) != phaseOf(after):
		return standingToo
	default:
		return biddingOnly
	}
}

func sameTexts(before, after domain.State) bool {
	return before.Description == after.Description && slices.Equal(before.Additions, after.Additions)
}

// widest returns the kind that covers all changes: one statement takes all locks in their order, two would not.
func widest(changes []uow.Change[*domain.Listing, domain.Event]) kind {
	all := biddingOnly
	for _, c := range changes {
		if c.Kind == uow.Changed {
			all = max(all, kindOf(c.Before.State(), c.After.State()))
		}
	}
	return all
}

// writesFor compares what was loaded with what is to be stored.
func writesFor(d db.Dialect, changes []uow.Change[*domain.Listing, domain.Event]) (*writes, error) {
	w, atLeast := &writes{}, biddingOnly
	if d == db.Postgres { // SQLite has one lock, and writes rows one by one
		atLeast = widest(changes)
	}
	for _, c := range changes {
		var err error
		switch c.Kind {
		case uow.Added:
			err = w.add(c.After.State())
		case uow.Changed:
			err = w.change(c.Before.State(), c.After.State(), atLeast)
		case uow.Checked:
			w.seen = append(w.seen, []any{c.Before.ID(), c.Before.Version()})
		case uow.Removed:
			w.removed = append(w.removed, removal{listing: c.Before.ID(), version: c.Before.Version()})
		}
		if err != nil {
			return nil, err
		}
		if err := w.append(c.Events); err != nil {
			return nil, err
		}
	}
	return w, nil
}

func (w *writes) add(s domain.State) error {
	terms, err := completeTermsOf(s)
	if err != nil {
		return err
	}
	w.added = append(w.added, slices.Concat([]any{s.ID, s.Version}, terms.values(), standingOf(s).values()))
	w.words = append(w.words, wordsOf{listing: s.ID, words: app.ListingWords(s), fresh: true})
	return w.addTexts(s)
}

// change writes what has changed of a listing, and no less than the kind says.
func (w *writes) change(before, after domain.State, atLeast kind) error {
	key := []any{after.ID, before.Version}
	switch max(kindOf(before, after), atLeast) {
	case biddingOnly:
		w.bidding = append(w.bidding, slices.Concat(key, biddingOf(after).values()))
		return nil
	case standingToo:
		w.standing = append(w.standing, slices.Concat(key, standingOf(after).values()))
		return nil
	}
	terms, err := completeTermsOf(after)
	if err != nil {
		return err
	}
	var textsVersion any // NULL keeps what there is
	if !sameTexts(before, after) {
		textsVersion = after.Version
		if err := w.addTexts(after); err != nil {
			return err
		}
	}
	w.terms = append(w.terms, slices.Concat(key, []any{textsVersion}, terms.values(), standingOf(after).values()))
	if !sameTexts(before, after) || before.Title != after.Title {
		w.words = append(w.words, wordsOf{listing: after.ID, words: app.ListingWords(after)})
	}
	return nil
}

func (w *writes) addTexts(s domain.State) error {
	additions, err := encodeAdditions(s.Additions)
	if err != nil {
		return fmt.Errorf("listing %s: %w", s.ID, err)
	}
	w.texts = append(w.texts, []any{s.ID, s.Version, s.Description, additions})
	return nil
}

func (w *writes) append(recorded []domain.Event) error {
	for _, e := range recorded {
		row, err := eventRowOf(e)
		if err != nil {
			return err
		}
		w.log = append(w.log, row.values())
	}
	return nil
}

// write makes the writes; those that there are none of cost nothing. The heads come first: they tell conflicts. What every
// bid writes is left to the end of the transaction.
func (s *listingStore) write(ctx context.Context, tx *db.Tx, w *writes) error {
	err := s.insertListings(ctx, tx, w.added)
	if err == nil {
		err = s.sql.check.Later(tx, w.seen, nil)
	}
	if err == nil {
		err = s.sql.updateBidding.Later(tx, w.bidding, nil)
	}
	if err == nil {
		err = s.sql.updateStanding.Later(tx, w.standing, nil)
	}
	if err == nil {
		err = s.sql.updateTerms.Later(tx, w.terms, nil)
	}
	if err == nil {
		err = s.remove(ctx, tx, w.removed)
	}
	if err == nil {
		err = s.sql.writeTexts.Exec(ctx, tx, w.texts)
	}
	if err == nil {
		err = s.sql.insertLog.Later(tx, w.log, recordedAlready)
	}
	if err == nil {
		err = s.search.write(ctx, tx, w.words)
	}
	return err
}

func (s *listingStore) insertListings(ctx context.Context, tx *db.Tx, rows [][]any) error {
	err := s.sql.insertListings.Exec(ctx, tx, rows)
	if db.Violates(err, "listings_pkey") {
		return fmt.Errorf("%w: %w", app.ErrListingExists, err)
	}
	return err
}

// recordedAlready names what keeps the log from being appended to: a command id that is there was accepted by another unit
// meanwhile, which running again will find; so will it the listing of which another has written the seq.
func recordedAlready(err error) error {
	if db.Violates(err, "listing_log_command_key") || db.Violates(err, "listing_log_pkey") {
		return fmt.Errorf("%w: %w", uow.ErrConflict, err)
	}
	return err
}

// remove deletes listings with what belongs to them. A listing that was ever published is not removed, so there is no
// log.
func (s *listingStore) remove(ctx context.Context, tx *db.Tx, removed []removal) error {
	for _, r := range removed {
		deleted, err := tx.Exec(ctx, `DELETE FROM listings WHERE id = $1 AND version = $2`, r.listing, r.version)
		if err != nil {
			return fmt.Errorf("delete listing %s: %w", r.listing, err)
		}
		if deleted == 0 {
			return fmt.Errorf("%w: listing %s is not at version %d any more", uow.ErrConflict, r.listing, r.version)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM listing_texts WHERE listing_id = $1`, r.listing); err != nil {
			return fmt.Errorf("delete the texts of listing %s: %w", r.listing, err)
		}
		if err := s.search.remove(ctx, tx, r.listing); err != nil {
			return err
		}
	}
	return nil
}
