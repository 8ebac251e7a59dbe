package domain

import (
	"fmt"
	"io"
)

// What holds a secret prints without it, whatever the verb: a listing that ends up in a log line or an error gives
// nothing away.

// Format prints a placeholder.
func (Secret) Format(f fmt.State, _ rune) { write(f, "[secret]") }

// Format prints a placeholder.
func (Sealed) Format(f fmt.State, _ rune) { write(f, "[sealed]") }

// Format prints the bid without its maximum.
func (b Bid) Format(f fmt.State, _ rune) { write(f, "bid "+fmt.Sprint(b.Seq)) }

// Format prints the terms without their amounts.
func (t Terms) Format(f fmt.State, _ rune) { write(f, "terms by "+t.Table.name) }

// Format prints identity, version and status.
func (s State) Format(f fmt.State, _ rune) {
	write(f, fmt.Sprintf("listing %s version %d %s", s.ID, s.Version, s.Status))
}

// Format prints identity, version and status.
func (l *Listing) Format(f fmt.State, verb rune) { l.state.Format(f, verb) }

// Format prints the answer without the bidder's maximum.
func (a BidAnswer) Format(f fmt.State, _ rune) {
	write(f, fmt.Sprintf("%s at %s, bid %d", a.Result, a.Price, a.Seq))
}

// write leaves reporting a failure to f, as fmt does.
func write(f fmt.State, text string) { _, _ = io.WriteString(f, text) }
