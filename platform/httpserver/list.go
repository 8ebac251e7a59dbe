package httpserver

import "github.com/gavelhq/gavel/platform/page"

// ListQuery are the query parameters of every list; embed it in the input of an operation.
type ListQuery struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"The most items wanted."`
	Cursor string `query:"cursor" doc:"Where to begin: next_cursor of the page before."`
}

// Page returns what the view needs to know.
func (q ListQuery) Page() page.Request {
	return page.Request{Limit: q.Limit, Cursor: page.Cursor(q.Cursor)}
}

// List is the body that answers with one page of a list.
type List[T any] struct {
	Items      []T    `json:"items" doc:"The page's items, in order."`
	NextCursor string `json:"next_cursor,omitempty" doc:"Begins the next page; absent on the last one."`
}

// ListOf returns the body for a page of a view, with every item converted to its public form.
func ListOf[T, R any](p page.Of[T], convert func(T) R) List[R] {
	converted := page.Map(p, convert)
	return List[R]{Items: converted.Items, NextCursor: string(converted.Next)}
}
