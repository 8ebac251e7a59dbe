package smtp_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	server "github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/mail/smtp"
)

var (
	noon   = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	sender = mail.Sender{Name: "Gavel", Address: "gavel@auctions.example.org"}
)

// password is what the mail house asks for; it must be found nowhere.
const password = "hunter2-hunter2"

// delivered is a letter as a server got it.
type delivered struct {
	helo, from, to string
	encrypted      bool
	user           string
	utf8           bool
	message        string
}

// house is a mail server with a state. What is set before it opens decides what it does.
type house struct {
	offers     []string // mechanisms
	encrypts   bool     // offers STARTTLS, or begins with TLS
	utf8       bool
	refuseFrom error
	refuseTo   error
	refuseBody error

	t     *testing.T
	host  string
	port  int
	roots *x509.CertPool

	mu      sync.Mutex
	letters []delivered
}

// open starts the server for as long as the test runs. With implicit it begins with TLS.
func (h *house) open(t *testing.T, implicit bool) *house {
	t.Helper()
	h.t = t
	certificate, roots := certify(t)
	h.roots = roots
	s := server.NewServer(h)
	s.Domain = "mail.example.org"
	s.AllowInsecureAuth = !h.encrypts
	s.EnableSMTPUTF8 = h.utf8
	s.ErrorLog = log.New(io.Discard, "", 0)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	h.host, h.port = "127.0.0.1", listener.Addr().(*net.TCPAddr).Port
	config := &tls.Config{Certificates: []tls.Certificate{certificate}}
	switch {
	case implicit:
		listener = tls.NewListener(listener, config)
	case h.encrypts:
		s.TLSConfig = config
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(listener) }()
	t.Cleanup(func() {
		require.NoError(t, s.Close())
		_ = listener.Close() // Close does not know a listener that Serve has not got to
		<-ended
	})
	return h
}

// NewSession opens a conversation.
func (h *house) NewSession(c *server.Conn) (server.Session, error) {
	return &session{house: h, conn: c}, nil
}

func (h *house) delivered() []delivered {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]delivered{}, h.letters...)
}

// mailer returns a Mailer for the house. Settings can be changed before.
func (h *house) mailer(change ...func(*smtp.Settings)) *smtp.Mailer {
	s := smtp.Settings{
		Host: h.host, Port: h.port, Security: smtp.StartTLS, Timeout: time.Minute, From: sender, Roots: h.roots,
	}
	for _, c := range change {
		c(&s)
	}
	return smtp.NewMailer(s, clock.NewFixed(noon))
}

// session is a conversation of the house.
type session struct {
	house *house
	conn  *server.Conn
	delivered
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (s *session) AuthMechanisms() []string { return s.house.offers }

func (s *session) Auth(mechanism string) (sasl.Server, error) {
	check := func(username, given string) error {
		if username != "gavel" || given != password {
			return &server.SMTPError{Code: 535, EnhancedCode: server.EnhancedCode{5, 7, 8}, Message: "no entry with " + given}
		}
		s.user = username
		return nil
	}
	if mechanism == "LOGIN" {
		return &loginServer{check: check}, nil
	}
	return sasl.NewPlainServer(func(_, username, given string) error { return check(username, given) }), nil
}

func (s *session) Mail(from string, opts *server.MailOptions) error {
	s.from, s.utf8 = from, opts.UTF8
	return s.house.refuseFrom
}

func (s *session) Rcpt(to string, _ *server.RcptOptions) error {
	s.to = to
	return s.house.refuseTo
}

func (s *session) Data(r io.Reader) error {
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.house.refuseBody != nil {
		return s.house.refuseBody
	}
	_, s.encrypted = s.conn.TLSConnectionState()
	s.helo, s.message = s.conn.Hostname(), string(content)
	s.house.mu.Lock()
	defer s.house.mu.Unlock()
	s.house.letters = append(s.house.letters, s.delivered)
	return nil
}

// loginServer asks for a name and a password, one after the other.
type loginServer struct {
	check func(username, password string) error
	said  []string
}

func (s *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	if response != nil {
		s.said = append(s.said, string(response))
	}
	switch len(s.said) {
	case 0:
		return []byte("Username:"), false, nil
	case 1:
		return []byte("Password:"), false, nil
	default:
		return nil, true, s.check(s.said[0], s.said[1])
	}
}

// certify returns a certificate for 127.0.0.1 and who vouches for it.
func certify(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(time.Hour),
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

// script listens and answers each connection with what talk says, for servers that no library would be.
func script(t *testing.T, talk func(conn net.Conn)) (host string, port int) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				talk(conn)
				_ = conn.Close()
			})
		}
	})
	t.Cleanup(func() {
		require.NoError(t, listener.Close())
		running.Wait()
	})
	return "127.0.0.1", listener.Addr().(*net.TCPAddr).Port
}

// answers returns a talk that answers each line beginning with a verb as told, anything else with 250, until the other
// side hangs up. An empty answer is none at all.
func answers(greeting string, told map[string]string) func(net.Conn) {
	return func(conn net.Conn) {
		say := func(line string) {
			if line != "" {
				_, _ = io.WriteString(conn, line+"\r\n")
			}
		}
		say(greeting)
		var heard bytes.Buffer
		inBody := false
		buffer := make([]byte, 1024)
		for {
			n, err := conn.Read(buffer)
			if err != nil {
				return
			}
			heard.Write(buffer[:n])
			for {
				line, err := heard.ReadString('\n')
				if err != nil {
					heard.Reset()
					heard.WriteString(line)
					break
				}
				verb, _, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
				switch answer, known := told[verb]; {
				case inBody && verb != ".":
				case known:
					say(answer)
					inBody = verb == "DATA"
				default:
					inBody = false
					say("250 fine")
				}
			}
		}
	}
}

var errTest = errors.New("test")
