package httpserver

import (
	"context"
	"net/http"
	"net/netip"

	"github.com/google/uuid"
)

// exchange is what the server knows of one request and its answer beside the HTTP messages.
type exchange struct {
	id      string
	client  netip.Addr
	request *http.Request // as it came; for its cookies and the name of the client's program
	https   bool          // the visitor's address begins with https
	cause   error         // what made the answer a failure of ours
	stack   string        // where cause is a panic
	gone    bool          // the client left before it was answered
}

// exchangeKey is the context key of the *exchange.
type exchangeKey struct{}

// exchangeOf returns the exchange that ctx belongs to; an empty one outside the server.
func exchangeOf(ctx context.Context) *exchange {
	if e, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return e
	}
	return &exchange{}
}

// RequestID returns the id of the request that ctx belongs to, as it is shown to the client and logged; empty outside
// a request.
func RequestID(ctx context.Context) string { return exchangeOf(ctx).id }

// ClientAddr returns the address of the client whose request ctx belongs to, looked up behind trusted proxies only;
// the zero Addr outside a request.
func ClientAddr(ctx context.Context) netip.Addr { return exchangeOf(ctx).client }

// newRequestID returns the id for a request. One that is offered is taken only from a trusted proxy and only when it is
// a UUID: ids of strangers would let them write into our logs.
func newRequestID(offered string, trusted bool) string {
	if trusted {
		if id, err := uuid.Parse(offered); err == nil {
			return id.String()
		}
	}
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.NewString() //nolint:forbidigo // an id out of order is better than none
	}
	return id.String()
}
