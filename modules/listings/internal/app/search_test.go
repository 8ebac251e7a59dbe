package app_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

func TestListingWordsAreThoseOfAllItsTexts(t *testing.T) {
	t.Parallel()
	words := app.ListingWords(domain.State{
		Title: "Blue chair", Description: "Old", Additions: []domain.Addition{{Text: "red"}, {Text: "and old"}},
	})
	require.Equal(t, []string{"and", "blue", "chair", "old", "red"}, words)
}
