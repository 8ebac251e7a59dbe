package main

import (
	"strings"

	"github.com/gavelhq/gavel/platform/config"
)

// checkTLS is the config.Check of http.tls: a certificate comes with its key, and from one place only.
func checkTLS(cfg config.Config) []config.Problem {
	var problems []config.Problem
	tls := cfg.HTTP.TLS
	if tls.Certificate != "" && tls.Key == "" {
		problems = append(problems, config.Problem{Key: "http.tls.key", Detail: "is empty, but http.tls.certificate needs its key"})
	}
	if tls.Key != "" && tls.Certificate == "" {
		problems = append(problems, config.Problem{Key: "http.tls.certificate", Detail: "is empty, but http.tls.key is set"})
	}
	if tls.ACME.Domains != "" && (tls.Certificate != "" || tls.Key != "") {
		problems = append(problems, config.Problem{Key: "http.tls.acme.domains", Detail: "cannot be set together with http.tls.certificate: " +
			"certificates come from files or from an authority"})
	}
	for _, name := range config.SplitNames(tls.ACME.Domains) {
		if !strings.Contains(name, ".") {
			problems = append(problems, config.Problem{Key: "http.tls.acme.domains", Detail: name + " has no dot: authorities know only whole host names"})
		}
	}
	return problems
}
