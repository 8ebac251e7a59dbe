package main

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
	outbox "github.com/gavelhq/gavel/platform/events/sqlstore"
	"github.com/gavelhq/gavel/platform/uow"
)

// fails stores that the subscriber has failed to handle an event, for the last time if it is dead, and returns the
// delivery's id.
func (c commands) fails(subscriber string, dead bool) string {
	c.t.Helper()
	d := delivery.PutAside(subscriber, events.Numbered{Number: 1, Message: events.Message{
		ID: uuid.New(), Kind: "listings.closed.v1", Aggregate: uuid.New(), Seq: 3, At: noon, Payload: []byte("{}"),
	}}, noon)
	patience := delivery.Patience{Attempts: 2, First: time.Minute, Longest: time.Minute}
	d.Fail(errors.New("no such member"), patience, noon)
	if dead {
		d.Fail(errors.New("no such member"), patience, noon)
	}
	inParts(c.t, c.store, func(found parts) {
		work := uow.New(outbox.NewOutbox(found.Pool), uow.Settings{})
		require.NoError(c.t, work.Do(c.t.Context(), func(ctx context.Context) error {
			return outbox.NewDeliveries(found.Pool).Add(ctx, d)
		}))
	})
	return d.ID().String()
}

// subscribes stores that the subscriber has got everything up to the number.
func (c commands) subscribes(subscriber string, number int64) {
	c.t.Helper()
	inParts(c.t, c.store, func(found parts) {
		work := uow.New(outbox.NewOutbox(found.Pool), uow.Settings{})
		require.NoError(c.t, work.Do(c.t.Context(), func(ctx context.Context) error {
			return outbox.NewSubscriptions(found.Pool).Add(ctx, delivery.NewSubscription(subscriber, number))
		}))
	})
}

// listed returns the ids of what events list lists.
func (c commands) listed(args ...string) []string {
	c.t.Helper()
	ids := []string{}
	for _, d := range c.ok(append([]string{"events", "list"}, args...)...)["deliveries"].([]any) {
		ids = append(ids, d.(map[string]any)["id"].(string))
	}
	return ids
}

func TestEvents(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store []string) {
		c := commands{t, store}
		c.admin("ada")
		c.subscribes("test.projection", 7)
		later, one, other := c.fails("a.later", false), c.fails("b.sales", true), c.fails("c.notices", true)

		require.Equal(t, []string{later, one, other}, c.listed())
		require.Equal(t, []string{one, other}, c.listed("--dead"))
		shown := c.run("events", "list")
		require.Equal(t, exitOK, shown.status, shown.stderr)
		require.Contains(t, shown.stdout, "test.projection")
		require.Regexp(t, one+` +b\.sales +listings\.closed\.v1 +2 +never +"no such member"`, shown.stdout)

		require.EqualValues(t, 1, c.ok("events", "retry", one)["retried"])
		require.Equal(t, []string{other}, c.listed("--dead"))
		c.refused("delivery_not_dead", "events", "retry", later)
		c.refused("delivery_not_found", "events", "retry", uuid.NewString())
		require.EqualValues(t, 0, c.ok("events", "retry", "--all", "--subscriber", "b.sales")["retried"])
		require.EqualValues(t, 1, c.ok("events", "retry", "--all")["retried"])
		require.Empty(t, c.listed("--dead"))
		require.Equal(t, []string{later, one, other}, c.listed(), "they wait for the server")

		require.Equal(t, exitOK, c.run("events", "rewind", "test.projection").status)
		c.refused("subscriber_not_found", "events", "rewind", "nobody")
	})
}

func TestARetiredSubscriberIsForgotten(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store []string) {
		c := commands{t, store}
		c.admin("ada")
		c.subscribes("test.gone", 0)
		c.subscribes("profiles.sales", 0)
		c.fails("test.gone", true)
		c.fails("test.gone", false)
		other := c.fails("profiles.sales", true)
		retired := func() map[string]any {
			found := map[string]any{}
			for _, s := range c.ok("events", "list")["subscribers"].([]any) {
				line := s.(map[string]any)
				found[line["name"].(string)] = line["retired"]
			}
			return found
		}
		require.Equal(t, map[string]any{"test.gone": true, "profiles.sales": nil}, retired())
		shown := c.run("events", "list")
		require.Regexp(t, `test\.gone +\d+ +retired`, shown.stdout)
		require.NotRegexp(t, `profiles\.sales +\d+ +retired`, shown.stdout)

		c.refused("subscriber_in_use", "events", "forget", "profiles.sales")
		c.refused("subscriber_not_found", "events", "forget", "nobody")
		lost := c.ok("events", "forget", "test.gone")
		require.EqualValues(t, 2, lost["deliveries"])
		require.Equal(t, "test.gone", lost["subscriber"])
		require.Equal(t, map[string]any{"profiles.sales": nil}, retired())
		require.Equal(t, []string{other}, c.listed())
		c.refused("subscriber_not_found", "events", "forget", "test.gone")

		c.subscribes("test.also_gone", 0)
		said := c.run("events", "forget", "test.also_gone")
		require.Equal(t, exitOK, said.status, said.stderr)
		require.Contains(t, said.stdout, "test.also_gone is forgotten")
	})
}

func TestEventsUsage(t *testing.T) {
	t.Parallel()
	c := commands{t, sqlite.nothing(t)}
	for want, args := range map[string][]string{
		"name the deliveries, or say --all": {"retry"},
		"--subscriber goes with --all":      {"retry", "--subscriber", "a", uuid.NewString()},
		"is not the id of a delivery":       {"retry", "seven"},
		"accepts 1 arg":                     {"rewind"},
		"accepts 1 arg(s), received 2":      {"forget", "a", "b"},
	} {
		got := c.run(append([]string{"events"}, args...)...)
		require.Equal(t, exitUsage, got.status, got.stderr)
		require.Contains(t, got.stderr, want)
	}
	got := c.run("events", "retry", "--all", uuid.NewString())
	require.Equal(t, exitUsage, got.status)
	require.Equal(t, exitFailed, c.run("events", "list").status, "no database is made")
}
