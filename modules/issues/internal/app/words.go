package app

import (
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/words"
)

// IssueWords returns the words under which an issue is found, and false when the event, which is not the one that made the
// issue, changes none: they are those of its title and its report. What is said later is not searched, because not
// everybody may read it.
func IssueWords(title string, e domain.Event) (found []string, made bool) {
	switch p := e.Payload.(type) {
	case domain.Reported:
		return words.Of(title, p.Text), true
	case domain.Imported:
		return words.Of(title, p.Text), true
	default:
		return nil, false
	}
}
