package sqlstore

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/db"
)

// Full-text search is what the databases have least in common, so all of it is here. Splitting texts into words is not
// left to them (app.IssueWords): they store words and find those that begin with what is wanted.

// searchIndex writes issue_words and asks it.
type searchIndex struct {
	words  insert // of an issue and its words, separated by spaces
	delete string // the row of the issue of issueQuery
	match  string // the condition on a row that it has the word of wordQuery, which is the parameter that follows

	issueQuery func(issue uuid.UUID) any
	wordQuery  func(word string) any
}

var wordColumns = db.Columns{
	{Name: "issue_id", Type: db.UUID},
	{Name: "words", Type: db.Text},
}

func newSearchIndex(d db.Dialect) searchIndex {
	if d == db.Postgres {
		return searchIndex{
			words: newInsert(d, "issue_words", wordColumns, func(c db.Column, text string) string {
				if c.Name == "words" {
					return "array_to_tsvector(string_to_array(" + text + ", ' '))"
				}
				return text
			}),
			delete:     `DELETE FROM issue_words WHERE issue_id = $1`,
			match:      `words @@ %s::tsquery`,
			issueQuery: func(issue uuid.UUID) any { return issue },
			wordQuery:  func(word string) any { return `'` + word + `':*` },
		}
	}
	return searchIndex{
		words:      newInsert(d, "issue_words", wordColumns, plain),
		delete:     `DELETE FROM issue_words WHERE issue_words MATCH $1`,
		match:      `issue_words MATCH %s`,
		issueQuery: func(issue uuid.UUID) any { return `issue_id : "` + issue.String() + `"` },
		wordQuery:  func(word string) any { return `words : "` + word + `" *` },
	}
}

// condition returns the condition on issues that a word begins one of theirs, given the parameter that holds
// wordQuery(word). A word has letters, digits and marks only, so it needs no quoting inside the quotes.
func (x searchIndex) condition(parameter string) string {
	return `id IN (SELECT issue_id FROM issue_words WHERE ` + fmt.Sprintf(x.match, parameter) + `)`
}
