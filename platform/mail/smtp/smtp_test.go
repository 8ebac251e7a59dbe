package smtp_test

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net"
	netmail "net/mail"
	"strings"
	"syscall"
	"testing"
	"time"

	server "github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/mail/mailtest"
	"github.com/gavelhq/gavel/platform/mail/smtp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestMailerContract(t *testing.T) {
	t.Parallel()
	mailtest.Run(t, func(t *testing.T) mail.Mailer {
		return (&house{encrypts: true}).open(t, false).mailer()
	})
}

func encrypted(s *smtp.Settings) { s.Security = smtp.TLS }

func inTheClear(s *smtp.Settings) { s.Security = smtp.None }

func signingIn(s *smtp.Settings) { s.Username, s.Password = "gavel", password }

func TestMailerDelivers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		house    *house
		implicit bool
		settings []func(*smtp.Settings)
		user     string
		clear    bool
	}{
		"with encryption after the greeting": {house: &house{encrypts: true}},
		"with encryption from the beginning": {house: &house{encrypts: true}, implicit: true, settings: []func(*smtp.Settings){encrypted}},
		"in the clear":                       {settings: []func(*smtp.Settings){inTheClear}, clear: true},
		"signed in": {
			house: &house{encrypts: true, offers: []string{"PLAIN", "LOGIN"}}, settings: []func(*smtp.Settings){signingIn}, user: "gavel",
		},
		"signed in, with encryption from the beginning": {
			house: &house{encrypts: true, offers: []string{"PLAIN"}}, implicit: true,
			settings: []func(*smtp.Settings){encrypted, signingIn}, user: "gavel",
		},
		"signed in the old way": {
			house: &house{encrypts: true, offers: []string{"LOGIN"}}, settings: []func(*smtp.Settings){signingIn}, user: "gavel",
		},
		"signed in, in the clear": {
			house: &house{offers: []string{"PLAIN"}}, settings: []func(*smtp.Settings){inTheClear, signingIn}, user: "gavel", clear: true,
		},
		"without signing in where one could":    {house: &house{encrypts: true, offers: []string{"PLAIN"}}},
		"as ASCII to a server that can do more": {house: &house{encrypts: true, utf8: true}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := cmp.Or(test.house, &house{})
			m := h.open(t, test.implicit).mailer(test.settings...)
			letter := mailtest.Letter("ada@example.org")
			require.NoError(t, m.Check(t.Context()))
			require.Empty(t, h.delivered(), "a check sends nothing")
			require.NoError(t, m.Send(t.Context(), letter))
			require.NoError(t, m.Send(t.Context(), letter))
			letters := h.delivered()
			require.Len(t, letters, 2)
			got := letters[0]
			require.Equal(t, sender.Address, got.from)
			require.Equal(t, "ada@example.org", got.to)
			require.Equal(t, !test.clear, got.encrypted)
			require.Equal(t, test.user, got.user)
			require.Equal(t, "auctions.example.org", got.helo)
			require.False(t, got.utf8)
			var ids []string
			for _, l := range letters {
				message, err := netmail.ReadMessage(strings.NewReader(l.message))
				require.NoError(t, err)
				require.Equal(t, "<ada@example.org>", message.Header.Get("To"))
				ids = append(ids, message.Header.Get("Message-Id"))
			}
			require.Equal(t, []string{"<" + letter.ID + "@auctions.example.org>", ids[0]}, ids, "the same notice")
		})
	}
}

func TestMailerAndInternationalAddresses(t *testing.T) {
	t.Parallel()

	t.Run("are taken where the server knows them", func(t *testing.T) {
		t.Parallel()
		h := (&house{encrypts: true, utf8: true}).open(t, false)
		require.NoError(t, h.mailer().Send(t.Context(), mailtest.Letter("åda@example.org")))
		require.Equal(t, "åda@example.org", h.delivered()[0].to)
		require.True(t, h.delivered()[0].utf8)
	})
	t.Run("are refused where it does not", func(t *testing.T) {
		t.Parallel()
		h := (&house{encrypts: true}).open(t, false)
		require.ErrorIs(t, h.mailer().Send(t.Context(), mailtest.Letter("åda@example.org")), smtp.ErrNotInternational)
		require.Empty(t, h.delivered())
	})
}

func TestMailerSaysWhatKeptALetter(t *testing.T) {
	t.Parallel()
	refuse := func(code int, status server.EnhancedCode, text string) error {
		return &server.SMTPError{Code: code, EnhancedCode: status, Message: text}
	}
	tests := map[string]struct {
		house    *house
		implicit bool
		settings []func(*smtp.Settings)
		want     smtp.Error
		is       error
		as       any
	}{
		"an address that the server does not know": {
			house: &house{encrypts: true, refuseTo: refuse(550, server.EnhancedCode{5, 1, 1}, "<ada@example.org> unknown")},
			want:  smtp.Error{Stage: smtp.NamingReader, Code: 550, Status: "5.1.1", Reply: "5.1.1 <ada@example.org> unknown"},
		},
		"a server that is busy": {
			house: &house{encrypts: true, refuseTo: refuse(451, server.EnhancedCode{4, 3, 0}, "later, ada@example.org")},
			want:  smtp.Error{Stage: smtp.NamingReader, Code: 451, Status: "4.3.0", Reply: "4.3.0 later, ada@example.org"},
		},
		"a sender that it does not accept": {
			house: &house{encrypts: true, refuseFrom: refuse(553, server.EnhancedCode{5, 7, 1}, "not yours")},
			want:  smtp.Error{Stage: smtp.NamingSender, Code: 553, Status: "5.7.1", Reply: "5.7.1 not yours"},
		},
		"a letter that it takes for something else": {
			house: &house{encrypts: true, refuseBody: refuse(554, server.EnhancedCode{5, 7, 1}, "it says s3cret")},
			want:  smtp.Error{Stage: smtp.HandingOver, Code: 554, Status: "5.7.1", Reply: "5.7.1 it says s3cret"},
		},
		"another password": {
			house:    &house{encrypts: true, offers: []string{"PLAIN"}},
			settings: []func(*smtp.Settings){signingIn, func(s *smtp.Settings) { s.Password = "wrong-" + password }},
			want:     smtp.Error{Stage: smtp.SigningIn, Code: 535, Status: "5.7.8"},
		},
		"another password, the old way": {
			house:    &house{encrypts: true, offers: []string{"LOGIN"}},
			settings: []func(*smtp.Settings){signingIn, func(s *smtp.Settings) { s.Password = "wrong-" + password }},
			want:     smtp.Error{Stage: smtp.SigningIn, Code: 535, Status: "5.7.8"},
		},
		"no way to sign in that is known": {
			house:    &house{encrypts: true, offers: []string{"X-SMOKE"}},
			settings: []func(*smtp.Settings){signingIn},
			want:     smtp.Error{Stage: smtp.SigningIn},
			is:       smtp.ErrNoMechanism,
		},
		"no way to sign in at all": {
			house:    &house{encrypts: true},
			settings: []func(*smtp.Settings){signingIn},
			want:     smtp.Error{Stage: smtp.SigningIn},
			is:       smtp.ErrNoMechanism,
		},
		"a server without encryption": {
			house:    &house{offers: []string{"PLAIN"}},
			settings: []func(*smtp.Settings){signingIn},
			want:     smtp.Error{Stage: smtp.Encrypting},
			is:       smtp.ErrNoSTARTTLS,
		},
		"a server that encrypts later than it should": {
			house:    &house{encrypts: true},
			settings: []func(*smtp.Settings){encrypted},
			want:     smtp.Error{Stage: smtp.Encrypting},
			as:       new(tls.RecordHeaderError),
		},
		"a server that nobody vouches for": {
			house:    &house{encrypts: true},
			settings: []func(*smtp.Settings){func(s *smtp.Settings) { s.Roots = x509.NewCertPool() }},
			want:     smtp.Error{Stage: smtp.Encrypting},
			as:       new(x509.UnknownAuthorityError),
		},
		"the same, with encryption from the beginning": {
			house: &house{encrypts: true}, implicit: true,
			settings: []func(*smtp.Settings){encrypted, func(s *smtp.Settings) { s.Roots = x509.NewCertPool() }},
			want:     smtp.Error{Stage: smtp.Encrypting},
			as:       new(x509.UnknownAuthorityError),
		},
		"a server of another name": {
			house:    &house{encrypts: true},
			settings: []func(*smtp.Settings){func(s *smtp.Settings) { s.Host = "localhost" }},
			want:     smtp.Error{Stage: smtp.Encrypting},
			as:       new(x509.HostnameError),
		},
		"nobody there": {
			house:    &house{encrypts: true},
			settings: []func(*smtp.Settings){func(s *smtp.Settings) { s.Port = 1 }},
			want:     smtp.Error{Stage: smtp.Connecting},
			is:       syscall.ECONNREFUSED,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := cmp.Or(test.house, &house{})
			m := h.open(t, test.implicit).mailer(test.settings...)
			letter := mailtest.Letter("ada@example.org")
			err := m.Send(t.Context(), letter)
			var got *smtp.Error
			require.ErrorAs(t, err, &got)
			secretive(t, err, letter)
			require.Contains(t, err.Error(), m.String())
			if test.is != nil {
				require.ErrorIs(t, err, test.is)
			}
			if test.as != nil {
				require.ErrorAs(t, err, test.as)
			}
			said := *got
			said.Server, said.Err = "", nil
			require.Equal(t, test.want, said)
			require.Empty(t, h.delivered())
		})
	}
}

// secretive requires that an error tells nothing of a letter and nothing to sign in with.
func secretive(t *testing.T, err error, letter mail.Message) {
	t.Helper()
	mailtest.Silent(t, err, letter)
	require.NotContains(t, err.Error(), password)
	require.NotContains(t, err.Error(), base64.StdEncoding.EncodeToString([]byte(password)))
}

func TestMailerTellsAServerThatIsNotReadyFromOneThatRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		greeting string
		told     map[string]string
		ready    bool
	}{
		"it does not let in":        {"421 too busy", nil, false},
		"it does not talk":          {"220 hello", map[string]string{"EHLO": "421 bye", "HELO": "421 bye"}, false},
		"it refuses the sender":     {"220 hello", map[string]string{"MAIL": "451 later"}, true},
		"it refuses the reader":     {"220 hello", map[string]string{"RCPT": "421 too many"}, true},
		"it refuses the letter":     {"220 hello", map[string]string{"DATA": "354 go on", ".": "452 too full"}, true},
		"it refuses to be told one": {"220 hello", map[string]string{"DATA": "554 no"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host, port := script(t, answers(c.greeting, c.told))
			m := smtp.NewMailer(smtp.Settings{
				Host: host, Port: port, Security: smtp.None, Timeout: time.Minute, From: sender,
			}, clock.NewFixed(noon))
			err := m.Send(t.Context(), mail.Message{ID: "1", To: "ada@example.org", Subject: "Outbid", Text: "Somebody bid more."})
			require.Error(t, err)
			require.Equal(t, !c.ready, errors.Is(err, mail.ErrNoServer), "%v", err)
		})
	}
}

func TestMailerTellsWhatIsRefusedForGood(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		to   string
		told map[string]string
		want bool
	}{
		"a reader whom nobody knows":     {"", map[string]string{"RCPT": "550 5.1.1 no such user"}, true},
		"a reader, without a status":     {"", map[string]string{"RCPT": "550 no such user"}, true},
		"a letter":                       {"", map[string]string{"DATA": "354 go on", ".": "552 5.3.4 too big"}, false},
		"a letter for what it says":      {"", map[string]string{"DATA": "354 go on", ".": "554 5.6.0 odd"}, true},
		"an address beyond ASCII":        {"adä@example.org", nil, true},
		"a reader for now":               {"", map[string]string{"RCPT": "450 4.2.1 busy"}, false},
		"everybody, who must sign in":    {"", map[string]string{"RCPT": "530 sign in"}, false},
		"everybody, since it relays not": {"", map[string]string{"RCPT": "554 5.7.1 no relay"}, false},
		"the sender":                     {"", map[string]string{"MAIL": "550 5.1.8 no"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host, port := script(t, answers("220 hello", c.told))
			m := smtp.NewMailer(smtp.Settings{
				Host: host, Port: port, Security: smtp.None, Timeout: time.Minute, From: sender,
			}, clock.NewFixed(noon))
			err := m.Send(t.Context(), mail.Message{ID: "1", To: cmp.Or(c.to, "ada@example.org"), Subject: "Outbid", Text: "More."})
			require.Error(t, err)
			require.Equal(t, c.want, errors.Is(err, mail.ErrRefused), "%v", err)
			require.NotErrorIs(t, err, mail.ErrNoServer)
		})
	}
}

func TestMailerAndStrangeServers(t *testing.T) {
	t.Parallel()
	ready := "220 mail.example.org"
	tests := map[string]struct {
		greeting string
		told     map[string]string
		settings []func(*smtp.Settings)
		stage    smtp.Stage
		is       error
		says     string
	}{
		"one that never speaks":            {greeting: "", stage: smtp.Greeting, is: context.DeadlineExceeded, says: "no answer within 50ms"},
		"one that stops in between":        {greeting: ready, told: map[string]string{"RCPT": ""}, stage: smtp.NamingReader, is: context.DeadlineExceeded},
		"one that does not confirm":        {greeting: ready, told: map[string]string{"DATA": "354 go on", ".": ""}, stage: smtp.HandingOver, is: context.DeadlineExceeded},
		"one of another kind":              {greeting: "HTTP/1.1 400 s3cret", stage: smtp.Greeting, is: smtp.ErrNotSMTP},
		"one that is closed":               {greeting: "554 ada@example.org, go away", stage: smtp.Greeting, says: "refused with 554"},
		"one that talks nonsense later":    {greeting: ready, told: map[string]string{"RCPT": "s3cret for ada@example.org"}, stage: smtp.NamingReader, is: smtp.ErrNotSMTP},
		"one that repeats the password":    {greeting: ready, told: map[string]string{"EHLO": "250-x\r\n250 AUTH LOGIN", "AUTH": "334 " + base64.StdEncoding.EncodeToString([]byte("Username:")), base64.StdEncoding.EncodeToString([]byte("gavel")): "334 " + base64.StdEncoding.EncodeToString([]byte("Password:")), base64.StdEncoding.EncodeToString([]byte(password)): "334 " + base64.StdEncoding.EncodeToString([]byte(password))}, settings: []func(*smtp.Settings){signingIn}, stage: smtp.SigningIn, is: smtp.ErrNotSMTP},
		"one that speaks like one of 1982": {greeting: ready, told: map[string]string{"EHLO": "500 what", "HELO": "250 hello", "MAIL": "452 full"}, stage: smtp.NamingSender, says: "refused for now with 452"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var h house
			h.host, h.port = script(t, answers(test.greeting, test.told))
			settings := append([]func(*smtp.Settings){inTheClear, func(s *smtp.Settings) {
				if errors.Is(test.is, context.DeadlineExceeded) {
					s.Timeout = 50 * time.Millisecond
				}
			}}, test.settings...)
			letter := mailtest.Letter("ada@example.org")
			err := h.mailer(settings...).Send(t.Context(), letter)
			var got *smtp.Error
			require.ErrorAs(t, err, &got)
			require.Equal(t, test.stage, got.Stage, err)
			require.ErrorContains(t, err, test.says)
			if test.is != nil {
				require.ErrorIs(t, err, test.is)
			}
			secretive(t, err, letter)
			require.NotContains(t, got.Reply, password)
		})
	}
	t.Run("one that says no goodbye has taken the letter all the same", func(t *testing.T) {
		t.Parallel()
		var h house
		h.host, h.port = script(t, func(conn net.Conn) {
			answers(ready, map[string]string{"DATA": "354 go on", "QUIT": ""})(conn)
		})
		require.NoError(t, h.mailer(inTheClear).Send(t.Context(), mailtest.Letter("ada@example.org")))
	})
	t.Run("one that hangs is left when the sender is told to stop", func(t *testing.T) {
		t.Parallel()
		ctx, stop := context.WithCancelCause(t.Context())
		var h house
		h.host, h.port = script(t, func(conn net.Conn) {
			stop(errTest)
			answers("", nil)(conn)
		})
		require.ErrorIs(t, h.mailer(inTheClear).Send(ctx, mailtest.Letter("ada@example.org")), errTest)
	})
}
