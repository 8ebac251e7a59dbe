package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/gavelhq/gavel/platform/config"
	"github.com/gavelhq/gavel/platform/events/broker"
	"github.com/gavelhq/gavel/platform/events/delivery"
	outbox "github.com/gavelhq/gavel/platform/events/sqlstore"
)

// natsTimeout bounds the wait for NATS.
const natsTimeout = 15 * time.Second

// nats looks whether events can travel through NATS, if they are to, and what the stream holds; comparable says that the
// database can be asked what it should hold.
func (d *doctor) nats(ctx context.Context, cfg config.Config, comparable bool) {
	if cfg.Events.NATS.URL == "" {
		return
	}
	const name = "nats"
	ctx, cancel := context.WithTimeout(ctx, natsTimeout)
	defer cancel()
	var log delivery.Log
	if comparable {
		program, err := d.program.parts(cfg)
		if err != nil {
			d.fail(name, err.Error(), "correct database.url")
			return
		}
		defer func() { _ = program.Pool.Close() }() // it was only read
		log = outbox.NewOutbox(program.Pool)
	}
	settings := brokerSettings(cfg.Events.NATS)
	found, err := broker.Check(ctx, settings, log)
	if err != nil {
		d.warn(name, fmt.Sprintf("%s: %v; until then servers poll for events", settings.Servers(), err), natsAdvice(err, settings))
		return
	}
	if !found.Encrypted && !loopback(found.Addr) && strings.Contains(settings.URL, "@") {
		d.warn(name, settings.Servers()+" answers, but the password goes there in the clear", "use tls:// in events.nats.url")
		return
	}
	if !found.Exists {
		d.ok(name, "%s answers (NATS %s); serve makes the stream %s", settings.Servers(), found.Version, settings.Stream)
		return
	}
	d.ok(name, "%s answers (NATS %s); the stream %s has events %d to %d, replicas %d, kept for %s", settings.Servers(), found.Version,
		settings.Stream, found.First, found.Last, found.Replicas, found.MaxAge)
}

// natsAdvice says what to do.
func natsAdvice(err error, settings broker.Settings) string {
	switch {
	case errors.Is(err, broker.ErrUnreachable):
		return "start NATS, or correct events.nats.url, events.nats.credentials and events.nats.ca"
	case errors.Is(err, broker.ErrNoJetStream):
		return "start nats-server with --jetstream, and let this account use it"
	case errors.Is(err, broker.ErrForeign):
		return fmt.Sprintf("give each market its own events.nats.stream; after a restore choose a new one, or delete the old one: nats stream rm %s",
			settings.Stream)
	}
	return "look at NATS and its log"
}
