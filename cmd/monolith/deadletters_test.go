package main

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
)

// formerSubscriber is somebody whom nothing is delivered to any more, so that what is tried again stays where it is.
const formerSubscriber = "former.subscriber"

// deadLetter leaves a dead letter in the house and returns its id.
func (h *house) deadLetter() string {
	h.t.Helper()
	d := delivery.PutAside(formerSubscriber, events.Numbered{Number: 1 + int64(uuid.New().ID()), Message: events.Message{
		ID: uuid.New(), Kind: "listings.closed.v1", Aggregate: uuid.New(), Seq: 3, At: noon, Payload: []byte("{}"),
	}}, noon)
	d.Fail(errors.New("no such member"), delivery.Patience{Attempts: 1}, noon)
	require.NoError(h.t, h.work.Do(h.t.Context(), func(ctx context.Context) error { return h.deliveries.Add(ctx, d) }))
	return d.ID().String()
}

func TestADeadLetterIsFoundAndTriedAgainOverHTTP(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil, inMemory(), undelivered())
	admin := h.admin()
	id := h.deadLetter()
	program := admin.program("events.administer")
	program.get("/api/v1/audit").refused(http.StatusForbidden, "missing_scope")

	found := program.get("/api/v1/deliveries?dead=true&subscriber=" + formerSubscriber).is(http.StatusOK).items()
	require.Len(t, found, 1)
	require.Equal(t, id, found[0].(map[string]any)["id"])
	require.Equal(t, "no such member", found[0].(map[string]any)["failure"])
	program.post("/api/v1/deliveries/"+id+"/retry", nil).is(http.StatusNoContent)
	program.post("/api/v1/deliveries/"+id+"/retry", nil).refused(http.StatusConflict, "delivery_not_dead")
	require.Empty(t, program.get("/api/v1/deliveries?dead=true").is(http.StatusOK).items())

	acts := admin.get("/api/v1/audit?act=events.retry&target_id=" + id).is(http.StatusOK).items()
	require.Len(t, acts, 1)
	entry := acts[0].(map[string]any)
	require.Equal(t, admin.get("/api/v1/me").is(http.StatusOK).text("id"), entry["actor_id"])
	require.Equal(t, formerSubscriber+" listings.closed.v1", entry["detail"])
}
