package broker_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/events/broker"
	"github.com/gavelhq/gavel/platform/events/broker/brokertest"
)

// authority issues certificates.
type authority struct {
	key         *ecdsa.PrivateKey
	certificate *x509.Certificate
	// file holds its certificate (PEM).
	file string
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{file: filepath.Join(t.TempDir(), "ca.pem")}
	der, key := a.issue(t, &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "A test"}, NotAfter: time.Now().Add(time.Hour), IsCA: true,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	})
	certificate, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	a.key, a.certificate = key, certificate
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	require.NoError(t, os.WriteFile(a.file, text, 0o600))
	return a
}

// issue returns a certificate with the key that belongs to it. The first is the authority's own.
func (a *authority) issue(t *testing.T, template *x509.Certificate) (der []byte, key *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	parent, signer := a.certificate, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err = x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	require.NoError(t, err)
	return der, key
}

// encrypted has a server speak TLS, with a certificate of the authority for 127.0.0.1.
func (a *authority) encrypted(t *testing.T) func(o *natsserver.Options) {
	t.Helper()
	der, key := a.issue(t, &x509.Certificate{
		SerialNumber: big.NewInt(2), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	return func(o *natsserver.Options) {
		o.TLSConfig = &tls.Config{
			MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
		}
		o.TLSTimeout = 10
	}
}

// operator signs for an account that may use JetStream, and for that of the server itself.
type operator struct {
	claim           *jwt.OperatorClaims
	account, system nkeys.KeyPair
	// signed are the accounts, by their public keys.
	signed map[string]string
}

func newOperator(t *testing.T) *operator {
	t.Helper()
	key, err := nkeys.CreateOperator()
	require.NoError(t, err)
	o := &operator{claim: jwt.NewOperatorClaims(publicKey(t, key)), signed: map[string]string{}}
	o.account, err = nkeys.CreateAccount()
	require.NoError(t, err)
	o.system, err = nkeys.CreateAccount()
	require.NoError(t, err)
	o.signed[publicKey(t, o.system)], err = jwt.NewAccountClaims(publicKey(t, o.system)).Encode(key)
	require.NoError(t, err)
	claims := jwt.NewAccountClaims(publicKey(t, o.account))
	claims.Limits.JetStreamLimits = jwt.JetStreamLimits{DiskStorage: jwt.NoLimit, MemoryStorage: jwt.NoLimit, Streams: jwt.NoLimit, Consumer: jwt.NoLimit}
	o.signed[publicKey(t, o.account)], err = claims.Encode(key)
	require.NoError(t, err)
	return o
}

func publicKey(t *testing.T, key nkeys.KeyPair) string {
	t.Helper()
	public, err := key.PublicKey()
	require.NoError(t, err)
	return public
}

// serving has a server trust the operator.
func (o *operator) serving(t *testing.T) func(options *natsserver.Options) {
	t.Helper()
	accounts := &natsserver.MemAccResolver{}
	for key, account := range o.signed {
		require.NoError(t, accounts.Store(key, account))
	}
	return func(options *natsserver.Options) {
		options.TrustedOperators, options.AccountResolver = []*jwt.OperatorClaims{o.claim}, accounts
		options.SystemAccount = publicKey(t, o.system)
	}
}

// credentials returns a file with those of a user.
func (o *operator) credentials(t *testing.T) string {
	t.Helper()
	key, err := nkeys.CreateUser()
	require.NoError(t, err)
	signed, err := jwt.NewUserClaims(publicKey(t, key)).Encode(o.account)
	require.NoError(t, err)
	seed, err := key.Seed()
	require.NoError(t, err)
	text, err := jwt.FormatUserConfig(signed, seed)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "gavel.creds")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	return file
}

// dialAs returns a client of NATS beside the servers, with what the settings show.
func dialAs(t *testing.T, settings broker.Settings) jetstream.JetStream {
	t.Helper()
	options := []nats.Option{}
	if settings.Credentials != "" {
		options = append(options, nats.UserCredentials(settings.Credentials))
	}
	conn, err := nats.Connect(settings.URL, options...)
	require.NoError(t, err)
	t.Cleanup(conn.Close)
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	return js
}

// requireRefused starts a server that NATS does not let in, or that does not trust NATS: it says so once, commands go on, and
// servers poll. It fails unless what is said has the text, and returns the server.
func (m *market) requireRefused(settings broker.Settings, text string) *server {
	m.t.Helper()
	s := m.serve(settings, 20*time.Millisecond, m.counting("one"))
	other := m.serve(settings, 20*time.Millisecond, m.counting("two"))
	s.trade(10)
	other.trade(10)
	m.requireCounted("one", "two")
	m.eventually(func() bool {
		for _, line := range s.logs.FilterMessageSnippet("servers poll for them").All() {
			if err, ok := line.ContextMap()["error"].(string); ok && strings.Contains(err, text) {
				return true
			}
		}
		return false
	}, "the log says %q", text)
	for _, line := range s.logs.All() {
		for _, value := range line.ContextMap() {
			require.NotContains(m.t, value, "horse", "a password is in the log: %s", line.Message)
		}
	}
	require.Zero(m.t, s.metric("events_nats_published_total"))
	require.Zero(m.t, s.metric("events_nats_connected"))
	found, err := broker.Check(m.t.Context(), settings, m.Log)
	require.ErrorIs(m.t, err, broker.ErrUnreachable)
	require.ErrorContains(m.t, err, text)
	require.Empty(m.t, found)
	return s
}

// TestTLS has servers trust NATS only with a certificate of the right authority.
func TestTLS(t *testing.T) {
	t.Parallel()
	ours, others := newAuthority(t), newAuthority(t)
	natsServer := brokertest.Start(t, ours.encrypted(t))
	settings := newSettings(natsServer)
	settings.URL = "tls://" + natsServer.Addr()
	broken := filepath.Join(t.TempDir(), "broken.pem")
	require.NoError(t, os.WriteFile(broken, []byte("no certificate"), 0o600))
	for name, c := range map[string]struct{ ca, text string }{
		"the authority of others":  {others.file, "certificate"},
		"those of the machine":     {"", "certificate"},
		"a file that is not there": {filepath.Join(t.TempDir(), "none.pem"), "no such file"},
		"a file without any in it": {broken, "failed to parse root certificate"},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			t.Parallel()
			settings := settings
			settings.CA = c.ca
			inMemory(t).requireRefused(settings, c.text)
		})
	}
	t.Run("the right authority is trusted, and what happened before is caught up with", func(t *testing.T) {
		t.Parallel()
		m, settings := inMemory(t), settings
		m.serve(settings, 20*time.Millisecond, m.counting("one")).trade(10) // which trusts nobody
		m.requireCounted("one")
		settings.CA = ours.file
		a := m.connected(settings, never, m.counting("of a"))
		b := m.connected(settings, never, m.counting("of b"))
		before := b.carried("of b")
		a.trade(10)
		m.eventually(func() bool { return b.carried("of b")-before == 10 }, "events travel")
		found, err := broker.Check(t.Context(), settings, m.Log)
		require.NoError(t, err)
		require.True(t, found.Encrypted)
		require.EqualValues(t, 20, found.Last)
	})
}

// TestCredentials has NATS let in who has those of its account.
func TestCredentials(t *testing.T) {
	t.Parallel()
	ours, others := newOperator(t), newOperator(t)
	natsServer := brokertest.Start(t, ours.serving(t))
	settings := newSettings(natsServer)
	empty := filepath.Join(t.TempDir(), "empty.creds")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	for name, c := range map[string]struct{ file, text string }{
		"those of others":          {others.credentials(t), "Authorization"},
		"none":                     {"", "Authorization"},
		"a file that is not there": {filepath.Join(t.TempDir(), "none.creds"), "no such file"},
		"a file without any":       {empty, "Authorization"},
	} {
		t.Run(name+" are refused", func(t *testing.T) {
			t.Parallel()
			settings := settings
			settings.Credentials = c.file
			inMemory(t).requireRefused(settings, c.text)
		})
	}
	t.Run("the right ones are let in", func(t *testing.T) {
		t.Parallel()
		m, settings := inMemory(t), settings
		settings.Credentials = ours.credentials(t)
		a := m.connected(settings, never, m.counting("of a"))
		a.trade(5)
		m.requireCounted("of a")
		js := dialAs(t, settings)
		m.requireStreamed(js, settings.Stream, 0)
	})
}

// TestAPasswordIsPutRight at NATS, while servers run that were not let in.
func TestAPasswordIsPutRight(t *testing.T) {
	t.Parallel()
	natsServer := brokertest.Start(t, func(o *natsserver.Options) { o.Username, o.Password = "gavel", "wrong-horse-battery" })
	m, settings := inMemory(t), newSettings(natsServer)
	settings.URL = "nats://gavel:correct-horse-battery@" + natsServer.Addr()
	s := m.requireRefused(settings, "Authorization")
	natsServer.Stop()
	natsServer.Change(func(o *natsserver.Options) { o.Password = "correct-horse-battery" })
	natsServer.Start()
	s.awaitConnected(1)
	before, _, err := m.Log.Last(t.Context())
	require.NoError(t, err)
	s.trade(5)
	m.requireCounted("one", "two")
	m.requireStreamed(dialAs(t, settings), settings.Stream, before)
}

// TestRefusedPublications has NATS let a server listen and not publish.
func TestRefusedPublications(t *testing.T) {
	t.Parallel()
	natsServer := brokertest.Start(t, func(o *natsserver.Options) {
		mute := &natsserver.Permissions{Publish: &natsserver.SubjectPermission{Deny: []string{"*.events.>"}}}
		o.Users = []*natsserver.User{
			{Username: "free", Password: "correct-horse-battery"},
			{Username: "mute", Password: "correct-horse-battery", Permissions: mute},
		}
	})
	as := func(settings broker.Settings, user string) broker.Settings {
		settings.URL = "nats://" + user + ":correct-horse-battery@" + natsServer.Addr()
		return settings
	}
	for _, user := range []string{"free", "mute"} {
		t.Run("beside a server that is "+user, func(t *testing.T) {
			t.Parallel()
			m, settings := inMemory(t), newSettings(natsServer)
			const poll = 20 * time.Millisecond
			a := m.connected(as(settings, "mute"), poll, m.counting("of a"))
			b := m.connected(as(settings, user), poll, m.counting("of b"))
			a.trade(20)
			b.trade(20)
			m.requireCounted("of a", "of b")
			require.Zero(t, a.metric("events_nats_published_total"))
			refused := func() bool { return a.logs.FilterMessageSnippet("servers poll for them").Len() > 0 }
			reported := func() bool {
				for _, line := range a.logs.FilterMessageSnippet("NATS reports an error").All() {
					if err, ok := line.ContextMap()["error"].(string); ok && strings.Contains(strings.ToLower(err), "permissions violation") {
						return true
					}
				}
				return false
			}
			if user == "free" {
				// The other one publishes what happens here, too: nothing is missing in the stream.
				m.requireStreamed(dialAs(t, as(settings, "free")), settings.Stream, 0)
				return
			}
			m.eventually(reported, "it says what NATS refuses")
			m.eventually(refused, "and that nothing travels")
			a.trade(5)
			b.trade(5)
			m.requireCounted("of a", "of b")
			require.Empty(t, streamed(t, dialAs(t, as(settings, "free")), settings.Stream))
		})
	}
}
