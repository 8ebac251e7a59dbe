package app

import (
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/words"
)

// ListingWords returns the words under which a listing is found: those of its title, its description and what was
// appended to that.
func ListingWords(s domain.State) []string {
	texts := []string{s.Title, s.Description}
	for _, addition := range s.Additions {
		texts = append(texts, addition.Text)
	}
	return words.Of(texts...)
}
