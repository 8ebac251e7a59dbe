package main

import (
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/events/broker/brokertest"
)

func TestDoctorLooksAtNATS(t *testing.T) {
	t.Parallel()
	store := sqlite.open(t)
	_, found := diagnosed(t, store, anyPort...)
	require.NotContains(t, found, "nats", "nobody asked for it")

	running := brokertest.Start(t, func(o *server.Options) { o.Username, o.Password = "gavel", "correct-horse-battery" })
	plain := brokertest.Start(t, func(o *server.Options) { o.JetStream = false })
	for _, c := range []struct{ url, status, detail, advice string }{
		{"nats://gavel:correct-horse-battery@" + running.Addr(), verdictOK, "serve makes the stream gavel", ""},
		{"nats://gavel:wrong-horse-battery@" + running.Addr(), verdictWarn, "does not let us in", "correct events.nats.url"},
		{"nats://127.0.0.1:1", verdictWarn, "servers poll for events", "start NATS"},
		{plain.URL(), verdictWarn, "no JetStream", "--jetstream"},
	} {
		status, found := diagnosed(t, store, append([]string{"--events.nats.url", c.url}, anyPort...)...)
		require.Equal(t, exitOK, status, "a server works without NATS")
		require.Equal(t, c.status, found["nats"].Status, found["nats"].Detail)
		require.Contains(t, found["nats"].Detail, c.detail)
		require.Contains(t, found["nats"].Advice, c.advice)
		require.NotContains(t, found["nats"].Detail, "horse")
	}
}
