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

// writesFor compares what was loaded with what is to be stored.
func writesFor(changes []uow.Change[*domain.Listing, domain.Event]) (*writes, error) {
	w := &writes{}
	for _, c := range changes {
		var err error
		switch c.Kind {
		case uow.Added:
			err = w.add(c.After.State())
		case uow.Changed:
			err = w.change(c.Before.State(), c.After.State())
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

func (w *writes) change(before, after domain.State) error {
	sameTerms := termsOf(before) == termsOf(after) && before.Terms.Table.Equal(after.Terms.Table)
	sameTexts := before.Description == after.Description && slices.Equal(before.Additions, after.Additions)
	key := []any{after.ID, before.Version}
	switch {
	case sameTerms && sameTexts && phaseOf(before) == phaseOf(after):
		w.bidding = append(w.bidding, slices.Concat(key, biddingOf(after).values()))
		return nil
	case sameTerms && sameTexts:
		w.standing = append(w.standing, slices.Concat(key, standingOf(after).values()))
		return nil
	}
	terms, err := completeTermsOf(after)
	if err != nil {
		return err
	}
	var textsVersion any // NULL keeps what there is
	if !sameTexts {
		textsVersion = after.Version
		if err := w.addTexts(after); err != nil {
			return err
		}
	}
	w.terms = append(w.terms, slices.Concat(key, []any{textsVersion}, terms.values(), standingOf(after).values()))
	if !sameTexts || before.Title != after.Title {
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

// write makes the writes; those that there are none of cost nothing. The heads come first: they tell conflicts.
func (s *listingStore) write(ctx context.Context, tx *db.Tx, w *writes) error {
	err := s.insertListings(ctx, tx, w.added)
	if err == nil {
		err = update(ctx, tx, s.sql.updateBidding, w.bidding)
	}
	if err == nil {
		err = update(ctx, tx, s.sql.updateStanding, w.standing)
	}
	if err == nil {
		err = update(ctx, tx, s.sql.updateTerms, w.terms)
	}
	if err == nil {
		err = s.remove(ctx, tx, w.removed)
	}
	if err == nil {
		_, err = s.sql.writeTexts.exec(ctx, tx, w.texts)
	}
	if err == nil {
		err = s.insertLog(ctx, tx, w.log)
	}
	if err == nil {
		err = s.search.write(ctx, tx, w.words)
	}
	return err
}

func (s *listingStore) insertListings(ctx context.Context, tx *db.Tx, rows [][]any) error {
	_, err := s.sql.insertListings.exec(ctx, tx, rows)
	if db.Violates(err, "listings_pkey") {
		return fmt.Errorf("%w: %w", app.ErrListingExists, err)
	}
	return err
}

// insertLog appends to the logs. A command id that is there was accepted by another unit meanwhile, which running again
// will find; so will it the listing of which another has written the seq.
func (s *listingStore) insertLog(ctx context.Context, tx *db.Tx, rows [][]any) error {
	_, err := s.sql.insertLog.exec(ctx, tx, rows)
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

// update changes listings, each of which must be at the version that was loaded.
func update(ctx context.Context, tx *db.Tx, statement rowStatement, rows [][]any) error {
	updated, err := statement.exec(ctx, tx, rows)
	if err != nil {
		return err
	}
	if missed := int64(len(rows)) - updated; missed != 0 {
		return fmt.Errorf("%w: %d of %d listings are not at the version that was loaded", uow.ErrConflict, missed, len(rows))
	}
	return nil
}
