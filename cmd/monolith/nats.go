package main

import (
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/config"
	"github.com/gavelhq/gavel/platform/events/broker"
	"github.com/gavelhq/gavel/platform/events/delivery"
)

// carrying provides what carries events between servers, if there is something.
func carrying(cfg config.NATS) fx.Option {
	if cfg.URL == "" {
		return fx.Options()
	}
	return fx.Provide(provideBrokerSettings, broker.NewMetrics, broker.NewCarrier, provideCarrier)
}

func provideBrokerSettings(cfg config.Events) broker.Settings { return brokerSettings(cfg.NATS) }

func brokerSettings(cfg config.NATS) broker.Settings {
	return broker.Settings{
		URL: cfg.URL.Reveal(), Credentials: cfg.Credentials, CA: cfg.CA, Stream: cfg.Stream, Replicas: cfg.Replicas, MaxAge: cfg.MaxAge,
	}
}

func provideCarrier(c *broker.Carrier) delivery.Carrier { return c }
