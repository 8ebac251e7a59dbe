package config

import "go.uber.org/fx"

// Supply gives a program's graph the configuration, each part as a type of its own, so that a constructor asks for what
// it needs and a test replaces just that: fx.Replace(config.HTTP{…}).
func Supply(cfg Config) fx.Option {
	return fx.Supply(cfg.HTTP, cfg.Metrics, cfg.Profiling, cfg.Data, cfg.Database, cfg.Command, cfg.Events, cfg.Backup, cfg.Log, cfg.Site, cfg.Listings,
		cfg.Members, cfg.Issues, cfg.Mail, cfg.Rehearsal)
}
