package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/audit"
	auditlog "github.com/gavelhq/gavel/platform/audit/memory"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
	outbox "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/events/rest"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/httpserver/openapitest"
	"github.com/gavelhq/gavel/platform/idempotency"
	answers "github.com/gavelhq/gavel/platform/idempotency/memory"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/metrics"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/uow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	noon  = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	admin = uuid.UUID{1}
)

// object is a value of JSON.
type object = map[string]any

// site serves the routes over stores in memory.
type site struct {
	t             *testing.T
	work          *uow.Work
	subscriptions delivery.Subscriptions
	deliveries    delivery.Deliveries
	acts          audit.View
	client        *http.Client
	address       string
}

// bearers are callers: a token is the name of a role.
type bearers struct{}

func (bearers) Authenticate(_ context.Context, shown identity.Credential) (identity.Caller, error) {
	role := identity.Role(shown.Secret)
	if role != identity.Admin && role != identity.Moderator {
		return identity.Caller{}, identity.ErrInvalidCredential
	}
	return identity.Caller{ID: admin, Roles: []identity.Role{identity.Member, role}}, nil
}

func serve(t *testing.T) *site {
	t.Helper()
	db, now := memory.NewDatabase(), clock.NewFixed(noon)
	messages, acts := outbox.NewOutbox(db), auditlog.NewLog(db)
	progress := outbox.NewProgress(db, messages)
	s := &site{
		t: t, work: uow.New(messages, uow.Settings{}), subscriptions: outbox.NewSubscriptions(progress),
		deliveries: outbox.NewDeliveries(progress), acts: acts,
	}
	office := delivery.NewOffice(s.work, s.subscriptions, s.deliveries, progress, acts,
		idempotency.NewKeys(answers.NewAnswers(db), now), now)
	settings := httpserver.DefaultSettings()
	settings.Addr = "127.0.0.1:0"
	registry := prometheus.NewRegistry()
	counted, err := metrics.NewHTTP(registry)
	require.NoError(t, err)
	server, err := httpserver.New(httpserver.Parts{
		Settings: settings, Build: httpserver.Build{Version: "test"}, Clock: now, Log: zap.NewNop(), Gatherer: registry,
		Metrics: counted, Routes: []httpserver.Routes{rest.NewRoutes(office, progress, messages)}, Authenticator: bearers{},
	})
	require.NoError(t, err)
	require.NoError(t, server.Start(t.Context()))
	t.Cleanup(func() { require.NoError(t, server.Stop(context.Background())) })
	s.address = "http://" + server.Addr()
	s.client = &http.Client{Transport: openapitest.NewTransport(func(err error) { t.Error(err) }, s.address, &http.Transport{DisableKeepAlives: true})}
	return s
}

// ask sends a request and returns the status and the body.
func (s *site) ask(token, method, path string, headers ...string) (int, object) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.address+"/api/v1"+path, http.NoBody)
	require.NoError(s.t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := s.client.Do(request)
	require.NoError(s.t, err)
	defer func() { require.NoError(s.t, response.Body.Close()) }()
	text, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	body := object{}
	if len(text) > 0 {
		require.NoError(s.t, json.Unmarshal(text, &body))
	}
	return response.StatusCode, body
}

// fails stores that the subscriber has failed to handle the event with the number, for the last time if it is dead.
func (s *site) fails(subscriber string, number int64, dead bool, failure string) delivery.DeliveryState {
	s.t.Helper()
	d := delivery.PutAside(subscriber, events.Numbered{Number: number, Message: events.Message{
		ID: uuid.New(), Kind: "listings.closed.v1", Aggregate: uuid.New(), Seq: 3, At: noon, Payload: []byte(`{"hidden": true}`),
	}}, noon)
	attempts := 2
	if dead {
		attempts = 1
	}
	d.Fail(errors.New(failure), delivery.Patience{Attempts: attempts}, noon)
	require.NoError(s.t, s.work.Do(s.t.Context(), func(ctx context.Context) error { return s.deliveries.Add(ctx, d) }))
	return d.State()
}

// listed returns the ids in an answer.
func listed(body object) []string {
	ids := []string{}
	for _, item := range body["items"].([]any) {
		ids = append(ids, item.(object)["id"].(string))
	}
	return ids
}

func TestOnlyAdminsAreLetIn(t *testing.T) {
	t.Parallel()
	s := serve(t)
	dead := s.fails("a", 1, true, "no")
	for method, path := range map[string]string{"GET": "/deliveries", "HEAD": "/subscriptions", "POST": "/deliveries/" + dead.ID.String() + "/retry"} {
		status, _ := s.ask("moderator", method, path)
		require.Equal(t, http.StatusForbidden, status, path)
		status, _ = s.ask("nobody", method, path)
		require.Equal(t, http.StatusUnauthorized, status, path)
	}
	_, body := s.ask("admin", "GET", "/deliveries?dead=true")
	require.Equal(t, []string{dead.ID.String()}, listed(body), "it was not retried")
}

func TestDeliveriesAreShown(t *testing.T) {
	t.Parallel()
	s := serve(t)
	later := s.fails("a.later", 7, false, "not yet")
	dead := s.fails("b.sales", 3, true, "panic: no such member\ngoroutine 1 [running]:\n\t/srv/house.go:7")
	status, body := s.ask("admin", "GET", "/deliveries")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, []any{
		object{
			"id": later.ID.String(), "subscriber": "a.later", "event_id": later.Event.ID.String(), "kind": "listings.closed.v1",
			"subject_id": later.Event.Aggregate.String(), "number": 7.0, "at": "2026-03-01T12:00:00.000000Z", "dead": false,
			"attempts": 1.0, "next_at": later.NextAt.Format("2006-01-02T15:04:05.000000Z07:00"), "failure": "not yet",
		},
		object{
			"id": dead.ID.String(), "subscriber": "b.sales", "event_id": dead.Event.ID.String(), "kind": "listings.closed.v1",
			"subject_id": dead.Event.Aggregate.String(), "number": 3.0, "at": "2026-03-01T12:00:00.000000Z", "dead": true,
			"attempts": 1.0, "failure": "panic: no such member",
		},
	}, body["items"], "neither what the event says nor the stack")

	for query, want := range map[string][]string{
		"?dead=true":                     {dead.ID.String()},
		"?dead=false":                    {later.ID.String(), dead.ID.String()},
		"?subscriber=a.later":            {later.ID.String()},
		"?subscriber=a.later&dead=true":  {},
		"?subscriber=nobody":             {},
		"?limit=1":                       {later.ID.String()},
		"?limit=1&dead=true&subscriber=": {dead.ID.String()},
	} {
		status, body := s.ask("admin", "GET", "/deliveries"+query)
		require.Equal(t, http.StatusOK, status, query)
		require.Equal(t, want, listed(body), query)
	}
	_, body = s.ask("admin", "GET", "/deliveries?limit=1")
	_, body = s.ask("admin", "GET", "/deliveries?cursor="+body["next_cursor"].(string))
	require.Equal(t, []string{dead.ID.String()}, listed(body))
	require.NotContains(t, body, "next_cursor")
	status, body = s.ask("admin", "GET", "/deliveries?cursor=x")
	require.Equal(t, http.StatusBadRequest, status)
	require.Equal(t, "invalid_cursor", body["code"])
	status, _ = s.ask("admin", "GET", "/deliveries?subscriber="+strings.Repeat("a", 201))
	require.Equal(t, http.StatusUnprocessableEntity, status)
}

func TestADeadLetterIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := serve(t)
	later, dead := s.fails("a.later", 1, false, "no"), s.fails("b.sales", 2, true, "no")
	retry := func(id uuid.UUID, headers ...string) (int, any) {
		status, body := s.ask("admin", "POST", "/deliveries/"+id.String()+"/retry", headers...)
		return status, body["code"]
	}
	for id, want := range map[uuid.UUID]string{uuid.New(): "delivery_not_found", later.ID: "delivery_not_dead"} {
		_, code := retry(id)
		require.Equal(t, want, code)
	}
	for range 2 {
		status, _ := retry(dead.ID, "Idempotency-Key", "k")
		require.Equal(t, http.StatusNoContent, status)
	}
	status, code := retry(later.ID, "Idempotency-Key", "k")
	require.Equal(t, http.StatusConflict, status)
	require.Equal(t, "idempotency_conflict", code)
	_, body := s.ask("admin", "GET", "/deliveries?dead=true")
	require.Empty(t, listed(body))

	recorded, err := s.acts.Entries(t.Context(), audit.Filter{}, page.Request{})
	require.NoError(t, err)
	require.Len(t, recorded.Items, 1)
	require.Equal(t, admin, recorded.Items[0].Actor)
	require.Equal(t, "events.retry", recorded.Items[0].Act)
	require.Equal(t, dead.ID, recorded.Items[0].Target)
}

func TestSubscriptionsAreShown(t *testing.T) {
	t.Parallel()
	s := serve(t)
	_, body := s.ask("admin", "GET", "/subscriptions")
	require.Equal(t, object{"items": []any{}}, body)
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		return s.subscriptions.Add(ctx, delivery.NewSubscription("b.sales", 7))
	}))
	_, body = s.ask("admin", "GET", "/subscriptions")
	require.Equal(t, object{"items": []any{object{"subscriber": "b.sales", "position": 7.0, "behind": 0.0}}}, body)
}
