package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/config"
)

func TestCheckTLS(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		tls  config.TLS
		want []string
	}{
		"plain HTTP":                      {},
		"a certificate and its key":       {tls: config.TLS{Certificate: "c.pem", Key: "k.pem"}},
		"a certificate without a key":     {tls: config.TLS{Certificate: "c.pem"}, want: []string{"http.tls.key"}},
		"a key without a certificate":     {tls: config.TLS{Key: "k.pem"}, want: []string{"http.tls.certificate"}},
		"ACME":                            {tls: config.TLS{ACME: config.ACME{Domains: "a.example.org, b.example.org"}}},
		"ACME beside a certificate":       {tls: config.TLS{Certificate: "c.pem", Key: "k.pem", ACME: config.ACME{Domains: "a.example.org"}}, want: []string{"http.tls.acme.domains"}},
		"ACME for what is no public name": {tls: config.TLS{ACME: config.ACME{Domains: "a.example.org, gavel"}}, want: []string{"http.tls.acme.domains"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var keys []string
			for _, p := range checkTLS(config.Config{HTTP: config.HTTP{TLS: test.tls}}) {
				require.NotEmpty(t, p.Detail)
				keys = append(keys, p.Key)
			}
			require.Equal(t, test.want, keys)
		})
	}
}
