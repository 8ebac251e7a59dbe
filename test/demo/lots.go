package main

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
)

// lot is a listing of the story.
type lot struct{ id, name string }

func (l lot) path(action string) string { return "/api/v1/listings/" + l.id + action }

// usd is an amount of dollars.
func usd(amount string) fields { return fields{"amount": amount, "currency": "USD"} }

// content is what a seller writes of a listing that starts at 10 dollars, with more or other fields.
func content(title string, duration time.Duration, more fields) fields {
	all := fields{"title": title, "start_price": usd("10.00"), "duration_seconds": duration.Seconds()}
	for name, value := range more {
		all[name] = value
	}
	return all
}

// without returns the content without a field.
func without(all fields, name string) fields {
	rest := fields{}
	for key, value := range all {
		if key != name {
			rest[key] = value
		}
	}
	return rest
}

// drafts begins a listing of dollars.
func (m *member) drafts(what string, written fields) lot {
	all := fields{"currency": "USD"}
	for name, value := range written {
		all[name] = value
	}
	title, _ := written["title"].(string)
	made := m.asks(what, post("/api/v1/listings", all)).is(http.StatusCreated, "status", "draft")
	l := lot{id: made.text("id"), name: "the " + strings.TrimPrefix(title, "a ")}
	m.s.call(l.id, l.name)
	return l
}

// sells begins a listing and puts it on the market.
func (m *member) sells(written fields) lot {
	l := m.drafts(fmt.Sprintf("drafts %s", written["title"]), written)
	m.asks("publishes "+l.name, post(l.path("/publish"), nil)).is(http.StatusOK, "status", "open")
	return l
}

// bids asks for a proxy bid.
func (c *client) bids(l lot, maximum string) *answer {
	return c.asks("bids "+maximum+" USD on "+l.name, post(l.path("/bids"), fields{"maximum": usd(maximum)}))
}

// newID returns an id of the client's choice.
func newID() string { return uuid.Must(uuid.NewV7()).String() }
