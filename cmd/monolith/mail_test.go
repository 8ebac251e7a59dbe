package main

import (
	"encoding/json"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	server "github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/config"
	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/mail/mailtest"
	"github.com/gavelhq/gavel/platform/mail/memory"
)

// mailServer takes letters without encryption and keeps them.
type mailServer struct {
	host, port string
	refusal    error // of any reader

	mu      sync.Mutex
	letters []string
}

func (s *mailServer) NewSession(*server.Conn) (server.Session, error) { return s, nil }
func (s *mailServer) Reset()                                          {}
func (s *mailServer) Logout() error                                   { return nil }
func (s *mailServer) Mail(string, *server.MailOptions) error          { return nil }
func (s *mailServer) Rcpt(string, *server.RcptOptions) error          { return s.refusal }

func (s *mailServer) Data(r io.Reader) error {
	letter, err := io.ReadAll(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.letters = append(s.letters, string(letter))
	return err
}

func (s *mailServer) taken() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.letters...)
}

// flags make a command use the server.
func (s *mailServer) flags() []string {
	return []string{"--mail.smtp.host", s.host, "--mail.smtp.port", s.port, "--mail.smtp.tls", "none"}
}

// newMailServer starts a server for as long as the test runs.
func newMailServer(t *testing.T, refusal error) *mailServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &mailServer{host: "127.0.0.1", port: strconv.Itoa(listener.Addr().(*net.TCPAddr).Port), refusal: refusal}
	running := server.NewServer(s)
	running.ErrorLog = log.New(io.Discard, "", 0)
	ended := make(chan error, 1)
	go func() { ended <- running.Serve(listener) }()
	t.Cleanup(func() {
		require.NoError(t, running.Close())
		_ = listener.Close() // Close does not know a listener that Serve has not got to
		<-ended
	})
	return s
}

func TestMailTest(t *testing.T) {
	t.Parallel()

	t.Run("sends a letter", func(t *testing.T) {
		t.Parallel()
		s := newMailServer(t, nil)
		got := monolith(t, append([]string{"mail", "test", "ada@example.org", "--site.url", "https://auctions.example.org"}, s.flags()...))
		require.Equal(t, exitOK, got.status, got.stderr)
		require.Contains(t, got.stdout, s.host+":"+s.port+" took a test letter to ada@example.org")
		require.Len(t, s.taken(), 1)
		require.Contains(t, s.taken()[0], "From: \"Gavel\" <gavel@auctions.example.org>\r\n")
		require.Contains(t, s.taken()[0], "Subject: Gavel: test letter\r\n")
	})
	t.Run("writes a file where there is no server", func(t *testing.T) {
		t.Parallel()
		data := filepath.Join(t.TempDir(), "data")
		got := monolith(t, []string{"mail", "test", "ada@example.org", "--data.dir", data, "--json"})
		require.Equal(t, exitOK, got.status, got.stderr)
		var answer mailAnswer
		require.NoError(t, json.Unmarshal([]byte(got.stdout), &answer))
		require.False(t, answer.Sent)
		require.Equal(t, filepath.Join(data, "mail"), filepath.Dir(answer.File))
		letter, err := os.ReadFile(answer.File)
		require.NoError(t, err)
		require.Contains(t, string(letter), "Message-ID: <"+answer.ID+"@localhost>")

		got = monolith(t, []string{"mail", "test", "ada@example.org", "--data.dir", data})
		require.Contains(t, got.stdout, "nobody gets the letter. It is in "+filepath.Join(data, "mail"))
	})
	t.Run("says what kept the letter, and what to do", func(t *testing.T) {
		t.Parallel()
		s := newMailServer(t, &server.SMTPError{Code: 550, EnhancedCode: server.EnhancedCode{5, 1, 1}, Message: "who is that?"})
		args := append([]string{"mail", "test", "ada@example.org"}, s.flags()...)
		got := monolith(t, args)
		require.Equal(t, exitFailed, got.status)
		require.Empty(t, got.stdout)
		require.Contains(t, got.stderr, `name the reader: refused with 550 5.1.1, saying "5.1.1 who is that?"`)
		require.Contains(t, got.stderr, "; what to do: see whether the address is right")

		got = monolith(t, append(args, "--json"))
		require.Equal(t, exitFailed, got.status)
		var answer mailAnswer
		require.NoError(t, json.Unmarshal([]byte(got.stdout), &answer))
		require.False(t, answer.Sent)
		require.Contains(t, answer.Detail, "550")
		require.Contains(t, answer.Advice, "address")
	})
	t.Run("never shows the password", func(t *testing.T) {
		t.Parallel()
		s := newMailServer(t, nil)
		got := monolith(t, append([]string{"mail", "test", "ada@example.org", "--mail.smtp.username", "gavel", "--mail.smtp.password", "hunter2"}, s.flags()...))
		require.Equal(t, exitFailed, got.status)
		require.Contains(t, got.stderr, "mail.smtp.password; some providers")
		require.NotContains(t, got.stdout+got.stderr, "hunter2")
	})
	t.Run("wants an address", func(t *testing.T) {
		t.Parallel()
		for _, args := range [][]string{{}, {"ada"}, {"Ada <ada@example.org>"}, {"ada@example.org", "bob@example.org"}} {
			got := monolith(t, append([]string{"mail", "test"}, args...))
			require.Equal(t, exitUsage, got.status, args)
		}
	})
}

func TestDoctorLooksAtMail(t *testing.T) {
	t.Parallel()
	s := newMailServer(t, nil)
	tests := map[string]struct {
		args   []string
		status string
		detail string
	}{
		"no server for people on this machine": {nil, verdictOK, "are written to"},
		"no server for others":                 {[]string{"--site.url", "https://auctions.example.org"}, verdictWarn, "nobody gets them"},
		"a server":                             {s.flags(), verdictOK, "answers, without signing in"},
		"a server that knows no passwords":     {append(s.flags(), "--mail.smtp.username", "gavel"), verdictFail, "sign in"},
		"a server without encryption":          {append(s.flags(), "--mail.smtp.tls", "starttls"), verdictFail, "STARTTLS"},
		"nobody there":                         {[]string{"--mail.smtp.host", "127.0.0.1", "--mail.smtp.port", "1"}, verdictFail, "refused"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, found := diagnosed(t, sqlite.nothing(t), append(test.args[:len(test.args):len(test.args)], anyPort...)...)
			require.Equal(t, test.status, found["mail"].Status, "%v", found["mail"])
			require.Contains(t, found["mail"].Detail, test.detail)
		})
	}
	t.Cleanup(func() { require.Empty(t, s.taken(), "the doctor sends nothing") })
}

func TestServeSendsLetters(t *testing.T) {
	t.Parallel()
	s := newMailServer(t, nil)
	tests := map[string]struct {
		flags map[string]string
		sent  func(data string) []string
		warns bool
	}{
		"to a mail server": {
			flags: map[string]string{"mail.smtp.host": s.host, "mail.smtp.port": s.port, "mail.smtp.tls": "none"},
			sent:  func(string) []string { return s.taken() },
		},
		"into files": {warns: true, sent: func(data string) []string {
			names, err := filepath.Glob(filepath.Join(data, "mail", "*.eml"))
			require.NoError(t, err)
			return names
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var logged strings.Builder
			out := quiet
			out.Writer = &logged
			cfg := configured(t, test.flags)
			var post mail.Post
			app := fx.New(graph(cfg, out), inMemory(), fx.Populate(&post))
			require.NoError(t, app.Start(t.Context()))
			post.Post(mail.Written(mailtest.Letter("ada@example.org")))
			require.NoError(t, app.Stop(t.Context()))
			require.Len(t, test.sent(cfg.Data.Dir), 1, "what waits is sent before the program stops")
			require.Equal(t, test.warns, strings.Contains(logged.String(), "mail.smtp.host is not set"))
		})
	}
	t.Run("into memory, in tests", func(t *testing.T) {
		t.Parallel()
		var post mail.Post
		var letters *memory.Mailer
		started(t, graph(configured(t, nil), quiet), inMemory(), mailtest.InMemory(), fx.Populate(&post, &letters))
		letter := mailtest.Letter("ada@example.org")
		post.Post(mail.Written(letter))
		got, err := letters.Await(t.Context(), "ada@example.org", 1)
		require.NoError(t, err)
		require.Equal(t, []mail.Message{letter}, got)
	})
}

func TestStartingSweepsTheFolderOfLetters(t *testing.T) {
	t.Parallel()
	cfg := configured(t, nil)
	left := filepath.Join(cfg.Data.Dir, "mail", ".letter-1234567")
	require.NoError(t, os.MkdirAll(filepath.Dir(left), 0o700))
	require.NoError(t, os.WriteFile(left, nil, 0o600))
	yesterday := time.Now().AddDate(0, 0, -1)
	require.NoError(t, os.Chtimes(left, yesterday, yesterday))
	started(t, graph(cfg, quiet), inMemory())
	require.NoFileExists(t, left)
}

func TestMailSender(t *testing.T) {
	t.Parallel()
	for want, given := range map[string][2]string{
		"gavel@localhost":            {"", ""},
		"gavel@auctions.example.org": {"", "https://auctions.example.org:8443"},
		"house@example.org":          {"house@example.org", "https://auctions.example.org"},
	} {
		require.Equal(t, mail.Sender{Name: "Gavel", Address: want},
			mailSender(config.Mail{From: given[0]}, config.Site{Name: "Gavel", URL: given[1]}))
	}
	require.Equal(t, "gavel@localhost", mailSender(config.Mail{}, config.Site{URL: "http://[::1]:8080"}).Address)
}
