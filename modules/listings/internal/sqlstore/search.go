package sqlstore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/db"
)

// Full-text search is what the databases have least in common, so all of it is here. Splitting texts into words is not
// left to them (platform/words): they store words and find those that begin with what is wanted.

// wordsInPart is how many words one row holds: the longest of them, 40 characters of 4 bytes, still fit into a tsvector
// of a megabyte.
const wordsInPart = 5000

// searchIndex writes listing_search and asks it.
type searchIndex struct {
	insert string // of a listing ($1), a part ($2) and its words, separated by spaces ($3)
	delete string // the rows of the listing of listingQuery
	match  string // the condition on a row that it has the word of wordQuery, which is the parameter that follows

	listingQuery func(listing uuid.UUID) any
	wordQuery    func(word string) any
}

func newSearchIndex(d db.Dialect) searchIndex {
	if d == db.Postgres {
		return searchIndex{
			insert: `
				INSERT INTO listing_search (listing_id, part, words)
				VALUES ($1, $2, array_to_tsvector(string_to_array($3, ' ')))`,
			delete:       `DELETE FROM listing_search WHERE listing_id = $1`,
			match:        `words @@ %s::tsquery`,
			listingQuery: func(listing uuid.UUID) any { return listing },
			wordQuery:    func(word string) any { return `'` + word + `':*` },
		}
	}
	return searchIndex{
		insert:       `INSERT INTO listing_search (listing_id, part, words) VALUES ($1, $2, $3)`,
		delete:       `DELETE FROM listing_search WHERE listing_search MATCH $1`,
		match:        `listing_search MATCH %s`,
		listingQuery: func(listing uuid.UUID) any { return `listing_id : "` + listing.String() + `"` },
		wordQuery:    func(word string) any { return `words : "` + word + `" *` },
	}
}

// condition returns the condition on listings that a word begins one of theirs, given the parameter that holds
// wordQuery(word). A word has letters, digits and marks only, so it needs no quoting inside the quotes.
func (x searchIndex) condition(parameter string) string {
	return `id IN (SELECT listing_id FROM listing_search WHERE ` + fmt.Sprintf(x.match, parameter) + `)`
}

func (x searchIndex) write(ctx context.Context, tx *db.Tx, all []wordsOf) error {
	for _, w := range all {
		if !w.fresh {
			if err := x.remove(ctx, tx, w.listing); err != nil {
				return err
			}
		}
		part := 0
		for words := range slices.Chunk(w.words, wordsInPart) {
			if _, err := tx.Exec(ctx, x.insert, w.listing, part, strings.Join(words, " ")); err != nil {
				return fmt.Errorf("index the words of listing %s: %w", w.listing, err)
			}
			part++
		}
	}
	return nil
}

func (x searchIndex) remove(ctx context.Context, tx *db.Tx, listing uuid.UUID) error {
	if _, err := tx.Exec(ctx, x.delete, x.listingQuery(listing)); err != nil {
		return fmt.Errorf("remove listing %s from the search: %w", listing, err)
	}
	return nil
}
