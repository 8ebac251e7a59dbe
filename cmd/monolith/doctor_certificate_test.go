package main

import (
	"crypto/tls"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/config"
)

func TestDoctorLooksAtTheCertificate(t *testing.T) {
	t.Parallel()
	crt, key := certificate(t)
	pair, err := tls.LoadX509KeyPair(crt, key)
	require.NoError(t, err)
	end := pair.Leaf.NotAfter
	own := config.TLS{Certificate: crt, Key: key}
	tests := map[string]struct {
		tls  config.TLS
		at   time.Time
		want string
	}{
		"there is none":           {tls: config.TLS{}, at: end, want: ""},
		"long before its end":     {tls: own, at: end.Add(-expiryNotice), want: verdictOK},
		"shortly before its end":  {tls: own, at: end.Add(-expiryNotice + time.Second), want: verdictWarn},
		"a second before its end": {tls: own, at: end.Add(-time.Second), want: verdictWarn},
		"at its end":              {tls: own, at: end, want: verdictFail},
		"it is not there":         {tls: config.TLS{Certificate: crt + ".old", Key: key}, at: end.Add(-expiryNotice), want: verdictFail},
		"the key is none":         {tls: config.TLS{Certificate: crt, Key: crt}, at: end.Add(-expiryNotice), want: verdictFail},
		"it comes from elsewhere": {tls: config.TLS{ACME: config.ACME{Domains: "auctions.example.org"}}, at: end, want: verdictOK},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &doctor{now: clock.NewFixed(test.at)}
			d.certificate(test.tls)
			require.Equal(t, test.want, d.Status)
			for _, f := range d.Checks {
				require.Equal(t, f.Status == verdictOK, f.Advice == "")
			}
		})
	}
}
