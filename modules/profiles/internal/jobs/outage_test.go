package jobs_test

import (
	"context"
	"io"
	"log"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	server "github.com/emersion/go-smtp"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/modules/profiles/internal/jobs"
	"github.com/gavelhq/gavel/modules/profiles/internal/letters"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/modules/profiles/sitetest"
	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/mail/smtp"
	"github.com/gavelhq/gavel/platform/mail/stationery"
)

// mailServer is a real one that can be stopped and started at the same address, and counts letters by their Message-ID.
type mailServer struct {
	t    *testing.T
	addr string
	stop func()

	mu      sync.Mutex
	letters map[string]int
	refuse  int // so many readers, one after the other
	unknown int // so many readers after them, for good
}

func newMailServer(t *testing.T) *mailServer {
	t.Helper()
	s := &mailServer{t: t, addr: "127.0.0.1:0", letters: map[string]int{}}
	s.start()
	t.Cleanup(func() { s.stop() })
	return s
}

func (s *mailServer) start() {
	s.t.Helper()
	var listener net.Listener
	require.Eventually(s.t, func() (ok bool) { // somebody may have had the port meanwhile
		var err error
		listener, err = net.Listen("tcp", s.addr)
		return err == nil
	}, time.Minute, time.Millisecond)
	s.addr = listener.Addr().String()
	running := server.NewServer(s)
	running.Domain = "mail.example.org"
	running.ErrorLog = log.New(io.Discard, "", 0)
	ended := make(chan error, 1)
	go func() { ended <- running.Serve(listener) }()
	s.stop = func() {
		_ = running.Close() // a second time it is closed
		_ = listener.Close()
		<-ended
		s.stop = func() {}
	}
}

// mailer returns a mailer that hands letters to the server.
func (s *mailServer) mailer(site *sitetest.Site) *smtp.Mailer {
	host, port, err := net.SplitHostPort(s.addr)
	require.NoError(s.t, err)
	number, err := strconv.Atoi(port)
	require.NoError(s.t, err)
	return smtp.NewMailer(smtp.Settings{
		Host: host, Port: number, Security: smtp.None, Timeout: time.Minute,
		From: mail.Sender{Name: "Gavel", Address: "gavel@example.org"},
	}, site.Clock)
}

// NewSession opens a conversation.
func (s *mailServer) NewSession(*server.Conn) (server.Session, error) { return conversation{s}, nil }

func (s *mailServer) taken(ids ...uuid.UUID) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		n += s.letters[id.String()]
	}
	return n
}

type conversation struct{ server *mailServer }

func (conversation) Mail(string, *server.MailOptions) error { return nil }
func (conversation) Reset()                                 {}
func (conversation) Logout() error                          { return nil }

func (c conversation) Rcpt(string, *server.RcptOptions) error {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if c.server.refuse == 0 && c.server.unknown > 0 {
		c.server.unknown--
		return &server.SMTPError{Code: 550, EnhancedCode: server.EnhancedCode{5, 1, 1}, Message: "No such user."}
	}
	if c.server.refuse == 0 {
		return nil
	}
	c.server.refuse--
	return &server.SMTPError{Code: 451, EnhancedCode: server.EnhancedCode{4, 7, 1}, Message: "Greylisted."}
}

func (c conversation) Data(r io.Reader) error {
	letter, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, letter.Body); err != nil {
		return err
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(letter.Header.Get("Message-Id"), "<"), "@")
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.server.letters[id]++
	return nil
}

// posting is a site whose notices a post office mails by a real mail server.
type posting struct {
	*sitetest.Site
	t      *testing.T
	ada    uuid.UUID
	server *mailServer
}

func newPosting(t *testing.T) *posting {
	t.Helper()
	p := &posting{Site: sitetest.New(t), t: t, server: newMailServer(t)}
	p.ada = p.Member("ada").ID
	paper := stationery.NewWriter(nil, stationery.Site{Name: "The Hammer", URL: "http://127.0.0.1"})
	metrics, err := jobs.NewMetrics(prometheus.NewRegistry())
	require.NoError(t, err)
	office := jobs.NewPostOffice(p.MailNoticesBy(letters.NewNoticeMail(p.server.mailer(p.Site), paper)), jobs.NewBell(),
		p.Clock, zap.NewNop(), metrics)
	office.Start()
	t.Cleanup(func() { office.Stop(context.Background()) })
	p.awaitSleep()
	return p
}

func (p *posting) awaitSleep() {
	p.t.Helper()
	require.NoError(p.t, p.Clock.AwaitScheduled(p.t.Context(), 1))
}

// pass lets the time pass; the office does what it has to do on the way.
func (p *posting) pass(d time.Duration) {
	p.t.Helper()
	for end := p.Clock.Now().Add(d); p.Clock.StepTo(end); {
		p.awaitSleep()
	}
}

// tell tells ada so many news.
func (p *posting) tell(many int) (ids []uuid.UUID) {
	p.t.Helper()
	for range many {
		id := uuid.New()
		ids = append(ids, id)
		require.NoError(p.t, p.Notify(profilesapi.Notice{
			ID: id, Member: p.ada, Kind: profilesapi.NoticeOutbid, Subject: "You are outbid", At: p.Clock.Now(),
		}))
	}
	return ids
}

// TestNoticesLeaveSoonAfterAnOutage stops the mail server for five hours.
func TestNoticesLeaveSoonAfterAnOutage(t *testing.T) {
	t.Parallel()
	p := newPosting(t)
	before := p.tell(3)
	p.pass(5 * time.Second)
	require.Equal(t, 3, p.server.taken(before...))

	p.server.stop()
	var during []uuid.UUID
	for range 5 {
		during = append(during, p.tell(4)...)
		p.pass(time.Hour)
	}
	require.Zero(t, p.server.taken(during...))
	p.server.start()
	p.pass(2 * time.Minute)
	require.Equal(t, 20, p.server.taken(during...), "all, and each once")
	require.Equal(t, 3, p.server.taken(before...))
}

// TestALetterThatIsRefusedOnceLeavesSoon has a mail server put the first letter off.
func TestALetterThatIsRefusedOnceLeavesSoon(t *testing.T) {
	t.Parallel()
	p := newPosting(t)
	p.server.refuse = 1
	first := p.tell(1)
	p.pass(5 * time.Second)
	require.Zero(t, p.server.taken(first...))
	others := p.tell(3)
	p.pass(10 * time.Second)
	require.Equal(t, 3, p.server.taken(others...), "nobody waits for it")
	p.pass(90 * time.Second)
	require.Equal(t, 1, p.server.taken(first...))
}

// TestDeadMailboxesKeepNobodyWaiting has the mailboxes of many readers be gone.
func TestDeadMailboxesKeepNobodyWaiting(t *testing.T) {
	t.Parallel()
	p := newPosting(t)
	p.server.unknown = 20
	dead := p.tell(20)
	p.pass(time.Millisecond) // of another time than those
	others := p.tell(3)
	p.pass(5 * time.Second)
	require.Equal(t, 3, p.server.taken(others...))
	p.pass(24 * time.Hour)
	require.Zero(t, p.server.taken(dead...), "they are given up at once")
}
