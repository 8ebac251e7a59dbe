package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/events/delivery"
)

func newEventsCommand(p *program) *cobra.Command {
	return group(&cobra.Command{
		Use:   "events",
		Short: "See how far events were delivered, and have dead letters tried again",
		Long: `What happens in one module is delivered to others as events. One that a subscriber fails to handle is tried again and
again, and waits at last as a dead letter until it is tried again with these commands. The servers may run meanwhile; they
notice within seconds.`,
		Example: `  monolith events list
  monolith events retry --all`,
	}, newEventsListCommand(p), newEventsRetryCommand(p), newEventsRewindCommand(p), newEventsForgetCommand(p))
}

func newEventsListCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List subscribers and the events that they could not handle",
		Example: `  monolith events list
  monolith events list --dead --json | jq -r '.deliveries[].id'`,
		Args: cobra.NoArgs,
	}
	dead := cmd.Flags().Bool("dead", false, "only dead letters, not what will be tried again anyway")
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		var views delivery.Views
		var log delivery.Log
		var roll delivery.Roll
		return p.onDatabase(cmd.Context(), false, fx.Populate(&views, &log, &roll), func(ctx context.Context) error {
			progress, err := delivery.ProgressOf(ctx, log, views)
			if err != nil {
				return err
			}
			list := eventsListed{
				subscribers: progress, roll: roll, deliveries: delivery.All(ctx, views, delivery.Filter{Dead: *dead}),
			}
			if *asJSON {
				return list.WriteJSON(p.stdout)
			}
			return list.WriteText(p.stdout)
		})
	}
	return cmd
}

func newEventsRetryCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "retry [DELIVERY...]",
		Short: "Have dead letters tried again",
		Example: `  monolith events retry 0b8c6f0e-5f0e-5b0a-9a52-8f1c8d6f2b11
  monolith events retry --all --subscriber profiles.sales`,
	}
	all := cmd.Flags().Bool("all", false, "all dead letters")
	subscriber := cmd.Flags().String("subscriber", "", "with --all: only those of the subscriber with this `name`")
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ids, err := deliveryIDs(args)
		switch {
		case err != nil:
			return err
		case *all == (len(ids) > 0):
			return usagef("name the deliveries, or say --all")
		case *subscriber != "" && !*all:
			return usagef("--subscriber goes with --all")
		}
		var office *delivery.Office
		return p.onDatabase(cmd.Context(), false, fx.Populate(&office), func(ctx context.Context) error {
			retried, err := retry(ctx, office, ids, *subscriber)
			if err != nil {
				return err
			}
			return p.answer(eventsRetried{Retried: retried}, *asJSON)
		})
	}
	return cmd
}

func newEventsRewindCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rewind SUBSCRIBER",
		Short: "Give a subscriber all events again that are kept",
		Long: `Gives a subscriber all events again that are kept, the oldest first: to rebuild what it has made of them. Each of them
counts as one that it has not seen before, so only rewind one of which you know that it is made for that.`,
		Example: "  monolith events rewind profiles.sales",
		Args:    cobra.ExactArgs(1),
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var office *delivery.Office
		return p.onDatabase(cmd.Context(), false, fx.Populate(&office), func(ctx context.Context) error {
			return office.Rewind(ctx, args[0])
		})
	}
	return cmd
}

func newEventsForgetCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "forget SUBSCRIBER",
		Short: "Forget a subscriber that the program has no more",
		Long: `Forgets how far a retired subscriber has got, and the events that it could not handle. As long as it is not forgotten, all
events after its last one are kept for it, however old. One that this program has, or for which a server still works, is
refused. Forget it only when no server runs any more that has it. What is lost is said, and stands in the audit log.`,
		Example: "  monolith events forget profiles.sales",
		Args:    cobra.ExactArgs(1),
	}
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var retirement *delivery.Retirement
		return p.onDatabase(cmd.Context(), false, fx.Populate(&retirement), func(ctx context.Context) error {
			lost, err := retirement.Forget(ctx, args[0])
			if err != nil {
				return err
			}
			return p.answer(eventsLost{
				Subscriber: lost.Subscriber, Position: lost.Number, Behind: lost.Behind, Deliveries: lost.Deliveries,
			}, *asJSON)
		})
	}
	return cmd
}

// eventsLost is the answer of events forget.
type eventsLost struct {
	Subscriber string `json:"subscriber"`
	// Position is the number of the last event that it had got.
	Position int64 `json:"position"`
	// Behind is how many events it had not looked at.
	Behind int64 `json:"behind"`
	// Deliveries is how many it could not handle.
	Deliveries int `json:"deliveries"`
}

// WriteText writes the answer for people. Errors: what w reports.
func (l eventsLost) WriteText(w io.Writer) error {
	_, err := fmt.Fprintf(w, "%s is forgotten. It had got event %d; lost are the %d events after that, and %d that it could not handle.\n",
		l.Subscriber, l.Position, l.Behind, l.Deliveries)
	return err
}

// deliveryIDs reads ids from the command line.
func deliveryIDs(args []string) ([]uuid.UUID, error) {
	ids := make([]uuid.UUID, len(args))
	for i, arg := range args {
		id, err := uuid.Parse(arg)
		if err != nil {
			return nil, usagef("%q is not the id of a delivery: see monolith events list", arg)
		}
		ids[i] = id
	}
	return ids, nil
}

// retry has the deliveries tried again, or for none all dead letters, and returns how many.
func retry(ctx context.Context, office *delivery.Office, ids []uuid.UUID, subscriber string) (int, error) {
	if len(ids) == 0 {
		return office.RetryAll(ctx, subscriber)
	}
	for i, id := range ids {
		if err := office.Retry(ctx, delivery.RetryCommand{Delivery: id}); err != nil {
			return i, fmt.Errorf("retry %s: %w", id, err)
		}
	}
	return len(ids), nil
}

// subscriberLine is a subscriber as the operator sees it.
type subscriberLine struct {
	Name string `json:"name"`
	// Behind is how many events it has not looked at yet.
	Behind int64 `json:"behind"`
	// Retired says that this program does not have it.
	Retired bool `json:"retired,omitempty"`
}

// deliveryLine is an event that a subscriber could not handle, as the operator sees it.
type deliveryLine struct {
	ID         uuid.UUID `json:"id"`
	Subscriber string    `json:"subscriber"`
	Kind       string    `json:"kind"`
	EventID    uuid.UUID `json:"event_id"`
	At         time.Time `json:"at"`
	Dead       bool      `json:"dead"`
	Attempts   int       `json:"attempts"`
	NextAt     time.Time `json:"next_at,omitzero"`
	Failure    string    `json:"failure,omitempty"`
}

// eventsListed is the answer of events list. The deliveries may be many: they are written as they are read.
type eventsListed struct {
	subscribers []delivery.Progress
	roll        delivery.Roll
	deliveries  iter.Seq2[delivery.DeliveryState, error]
}

// WriteJSON writes the list for programs: an object of subscribers and deliveries, one on a line. Errors: what w and the
// deliveries report.
func (l eventsListed) WriteJSON(w io.Writer) error {
	out := &arrayWriter{w: w}
	out.begin("{\n  \"subscribers\": [")
	for _, s := range l.subscribers {
		out.item(subscriberLine{Name: s.Subscriber, Behind: s.Behind, Retired: !l.roll[s.Subscriber]})
	}
	out.end("],\n")
	out.begin("  \"deliveries\": [")
	for d, err := range l.deliveries {
		if err != nil {
			return err
		}
		out.item(deliveryLineOf(d))
	}
	out.end("]\n}\n")
	return out.err
}

// arrayWriter writes arrays of JSON item by item. What goes wrong first is kept.
type arrayWriter struct {
	w     io.Writer
	items int // in this array
	err   error
}

// begin begins an array.
func (a *arrayWriter) begin(text string) {
	a.items = 0
	a.write(text)
}

// item writes an item on a line of its own.
func (a *arrayWriter) item(v any) {
	text, err := json.Marshal(v)
	a.err = cmp.Or(a.err, err)
	if a.items++; a.items > 1 {
		a.write(",")
	}
	a.write("\n    " + string(text))
}

// end ends an array.
func (a *arrayWriter) end(text string) {
	if a.items > 0 {
		text = "\n  " + text
	}
	a.write(text)
}

func (a *arrayWriter) write(text string) {
	if a.err == nil {
		_, a.err = io.WriteString(a.w, text)
	}
}

func deliveryLineOf(d delivery.DeliveryState) deliveryLine {
	line := deliveryLine{
		ID: d.ID, Subscriber: d.Subscriber, Kind: d.Event.Kind, EventID: d.Event.ID, At: d.Event.At, Dead: d.Dead,
		Attempts: d.Attempts, Failure: d.Failure,
	}
	if !d.Dead {
		line.NextAt = d.NextAt
	}
	return line
}

// linesAtOnce is how many deliveries are written at a time, in columns that fit them.
const linesAtOnce = 100

// WriteText writes the list for people. Errors: what w and the deliveries report.
func (l eventsListed) WriteText(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SUBSCRIBER\tBEHIND\t")
	for _, s := range l.subscribers {
		state := ""
		if !l.roll[s.Subscriber] {
			state = "retired: monolith events forget " + s.Subscriber
		}
		fmt.Fprintf(table, "%s\t%d\t%s\n", s.Subscriber, s.Behind, state)
	}
	written := 0
	for d, err := range l.deliveries {
		switch {
		case err != nil:
			return err
		case written == 0:
			fmt.Fprintln(table, "\nDELIVERY\tSUBSCRIBER\tKIND\tATTEMPTS\tNEXT\tFAILURE")
		case written%linesAtOnce == 0:
			if err := table.Flush(); err != nil {
				return err
			}
		}
		written++
		next := "never"
		if !d.Dead {
			next = d.NextAt.Format(time.RFC3339)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t%.60q\n", d.ID, d.Subscriber, d.Event.Kind, d.Attempts, next, d.Failure)
	}
	return table.Flush()
}

// eventsRetried is the answer of events retry.
type eventsRetried struct {
	Retried int `json:"retried"`
}

// WriteText writes the answer for people. Errors: what w reports.
func (r eventsRetried) WriteText(w io.Writer) error {
	_, err := fmt.Fprintf(w, "%d to be tried again\n", r.Retried)
	return err
}
