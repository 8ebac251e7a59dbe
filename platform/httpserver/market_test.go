package httpserver_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/page"
)

var (
	errBidTooLow = fault.New(fault.Invalid, "bid_too_low", "Bid at least 12.50 EUR.").With("minimum", "12.50").With("status", "a trick")
	errDisk      = errors.New("dial tcp 10.0.0.7:5432: password=hunter2")
)

// failures are what the test module's operation fails with, by name.
var failures = map[string]error{
	"invalid":         errBidTooLow,
	"unauthenticated": fault.New(fault.Unauthenticated, "sign_in", "Sign in."),
	"forbidden":       fault.New(fault.Forbidden, "not_yours", "This is not yours."),
	"not_found":       fault.New(fault.NotFound, "no_listing", "There is no such listing."),
	"conflict":        fault.New(fault.Conflict, "not_open", "The listing is not open."),
	"precondition":    fault.New(fault.Precondition, "stale", "Read it again."),
	"limited":         fault.New(fault.Limited, "slow_down", "Slow down.").With("retry_after", 7),
	"unavailable":     fmt.Errorf("store: %w: %w", fault.New(fault.Unavailable, "no_store", "Try again soon."), errDisk),
	"internal":        fault.New(fault.Internal, "broken", "We are sorry."),
	"plain":           fmt.Errorf("load listing: %w", errDisk),
	"cursor":          fmt.Errorf("decode: %w", page.ErrInvalidCursor),
	"deadline":        fmt.Errorf("query: %w", context.DeadlineExceeded),
	"canceled":        fmt.Errorf("query: %w", context.Canceled),
}

// Bid is an output of the test module.
type Bid struct {
	ID     string `json:"id"`
	Amount int    `json:"amount" minimum:"1" doc:"In cents."`
	Note   string `json:"note,omitempty" maxLength:"10"`
}

type failInput struct {
	Kind string `path:"kind"`
}

type bidInput struct {
	Body Bid
}

type bidOutput struct {
	Body Bid
}

type listInput struct {
	httpserver.ListQuery
	Seller string   `query:"seller"`
	Kinds  []string `query:"kind,explode"`
}

type listOutput struct {
	Body httpserver.List[Bid]
}

type readInput struct {
	httpserver.Conditional
	ID string `path:"id"`
}

type brokenOutput struct {
	Secret string `header:"X-Secret"`
	Body   unwritable
}

// unwritable is a value that is no JSON.
type unwritable struct{ Name string }

func (unwritable) MarshalJSON() ([]byte, error) { return nil, errDisk }

// market is a module with one operation for each thing that the server must get right.
func market() httpserver.Routes {
	return httpserver.Routes{Name: "market", Register: func(api huma.API, router chi.Router) {
		huma.Register(api, httpserver.Public(huma.Operation{OperationID: "fail", Method: http.MethodGet, Path: "/api/v1/fail/{kind}", Summary: "Fail"}),
			func(_ context.Context, in *failInput) (*bidOutput, error) {
				if in.Kind == "panic" {
					panic(errDisk)
				}
				return nil, failures[in.Kind]
			})
		huma.Register(api, httpserver.Public(huma.Operation{OperationID: "place-bid", Method: http.MethodPost, Path: "/api/v1/bids", Summary: "Place a bid"}),
			func(_ context.Context, in *bidInput) (*bidOutput, error) { return &bidOutput{Body: in.Body}, nil })
		huma.Register(api, httpserver.Public(huma.Operation{OperationID: "list-bids", Method: http.MethodGet, Path: "/api/v1/bids", Summary: "List bids"}), listBids)
		huma.Register(api, httpserver.Public(huma.Operation{OperationID: "read-bid", Method: http.MethodGet, Path: "/api/v1/bids/{id}", Summary: "Read a bid"}),
			func(_ context.Context, in *readInput) (*httpserver.Cached[Bid], error) {
				return httpserver.Respond(in.Conditional, Bid{ID: in.ID, Amount: 5})
			})
		huma.Register(api, httpserver.Public(huma.Operation{OperationID: "unwritable", Method: http.MethodGet, Path: "/api/v1/unwritable"}),
			func(context.Context, *struct{}) (*brokenOutput, error) { return &brokenOutput{Secret: "x"}, nil })
		huma.Register(api, httpserver.Public(huma.Operation{OperationID: "huma-error", Method: http.MethodGet, Path: "/api/v1/huma-error"}),
			func(context.Context, *struct{}) (*bidOutput, error) {
				return nil, huma.Error404NotFound("No such thing.")
			})
		pages(router)
	}}
}

func listBids(_ context.Context, in *listInput) (*listOutput, error) {
	rows := []int{1, 2, 3, 4, 5}
	after, _, err := page.Decode[int]("bids", in.Page().Cursor)
	if err != nil {
		return nil, err
	}
	bids := page.Cut(in.Page(), rows[after:], func(n int) page.Cursor { return page.Encode("bids", n) })
	return &listOutput{Body: httpserver.ListOf(bids, func(n int) Bid { return Bid{ID: fmt.Sprint(n), Amount: n} })}, nil
}

// pages are the test module's handlers beside huma.
func pages(router chi.Router) {
	router.Get("/pages/fail/{kind}", func(w http.ResponseWriter, r *http.Request) {
		httpserver.WriteError(w, r, failures[chi.URLParam(r, "kind")])
	})
	router.Get("/pages/panic", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Set-Cookie", "half=done")
		w.WriteHeader(http.StatusAccepted)
		panic("out of order: password=hunter2")
	})
	router.Get("/pages/panic-late", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("half of"))
		_ = http.NewResponseController(w).Flush()
		panic("too late")
	})
	router.Get("/pages/abort", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	router.Get("/pages/whoami", func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, httpserver.ClientAddr(r.Context()), " ", httpserver.RequestID(r.Context()))
	})
	router.Get("/pages/hints", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusTeapot)
		w.WriteHeader(http.StatusOK)
	})
}
