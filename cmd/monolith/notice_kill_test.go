package main

import (
	"io"
	"log"
	"math/rand/v2"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	server "github.com/emersion/go-smtp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/profiles"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/modules/profiles/profilestest"
)

// TestServersThatAreKilledWhileTheyMail kills servers while they mail notices, TEST_DELIVERY_KILLS times (3 unless it is
// set) on each database. Every notice reaches the mail server with its own Message-ID, and none is repeated but by a kill.
func TestServersThatAreKilledWhileTheyMail(t *testing.T) {
	t.Parallel()
	kills := countFrom(t, "TEST_DELIVERY_KILLS", 3)
	eachStore(t, func(t *testing.T, store []string) {
		inbox := openInbox(t)
		flags := flagsOf(store)
		for key, value := range map[string]string{
			"mail.smtp.host": "127.0.0.1", "mail.smtp.port": strconv.Itoa(inbox.port), "mail.smtp.tls": "none",
			"mail.smtp.timeout": "1s", // twice that, and another server mails what a killed one had in its hands
		} {
			flags[key] = value
		}
		told := tellMany(t, flags, 15*(kills+1))
		for range kills {
			v := spawn(t, childPlan{Flags: flags})
			inbox.await(t, inbox.taken()+1+rand.IntN(10), len(told))
			time.Sleep(rand.N(10 * time.Millisecond))
			v.kill()
		}
		spawn(t, childPlan{Flags: flags})
		inbox.awaitAll(t, told)

		repeated := 0
		counts := inbox.counts()
		for _, id := range told {
			repeated += counts[id.String()] - 1
		}
		require.Len(t, counts, len(told), "letters about nothing")
		require.LessOrEqual(t, repeated, kills)
		t.Logf("%d kills, %d notices, %d mailed twice", kills, len(told), repeated)
	})
}

// tellMany tells an admin so many news in a program that mails nothing, and returns the ids of the notices.
func tellMany(t *testing.T, flags map[string]string, many int) []uuid.UUID {
	t.Helper()
	var operator *profiles.Operator
	var news profilestest.Informant
	program := fx.New(core(configured(t, flags), quiet), fx.Populate(&operator), profilestest.Informing(&news))
	require.NoError(t, program.Start(t.Context()))
	defer func() { require.NoError(t, program.Stop(t.Context())) }()
	admin, err := operator.CreateAdmin(t.Context(), profiles.NewAdmin{Email: "boss@example.org", Handle: "boss", Password: password})
	require.NoError(t, err)
	told := make([]uuid.UUID, many)
	notices := make([]profilesapi.Notice, many)
	for i := range told {
		told[i] = uuid.New()
		notices[i] = profilesapi.Notice{
			ID: told[i], Member: admin.ID, Kind: profilesapi.NoticeSale, Subject: "Please pay", At: time.Now(),
		}
	}
	require.NoError(t, news.Tell(t.Context(), notices...))
	return told
}

// inbox is a mail server that counts letters by their Message-ID.
type inbox struct {
	port int

	mu      sync.Mutex
	letters map[string]int
}

func openInbox(t *testing.T) *inbox {
	t.Helper()
	i := &inbox{letters: map[string]int{}}
	s := server.NewServer(i)
	s.Domain = "mail.example.org"
	s.ErrorLog = log.New(io.Discard, "", 0)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	i.port = listener.Addr().(*net.TCPAddr).Port
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(listener) }()
	t.Cleanup(func() {
		require.NoError(t, s.Close())
		_ = listener.Close() // Close does not know a listener that Serve has not got to
		<-ended
	})
	return i
}

// NewSession opens a conversation.
func (i *inbox) NewSession(*server.Conn) (server.Session, error) { return &inboxSession{i}, nil }

func (i *inbox) counts() map[string]int {
	i.mu.Lock()
	defer i.mu.Unlock()
	counts := make(map[string]int, len(i.letters))
	for id, n := range i.letters {
		counts[id] = n
	}
	return counts
}

// taken returns about how many notices letters have come.
func (i *inbox) taken() int { return len(i.counts()) }

// await waits until letters about so many notices have come, or about all.
func (i *inbox) await(t *testing.T, many, all int) {
	t.Helper()
	require.Eventually(t, func() bool { return i.taken() >= min(many, all) }, patience, time.Millisecond)
}

func (i *inbox) awaitAll(t *testing.T, told []uuid.UUID) {
	t.Helper()
	require.Eventually(t, func() bool {
		counts := i.counts()
		for _, id := range told {
			if counts[id.String()] == 0 {
				return false
			}
		}
		return true
	}, patience, 10*time.Millisecond)
}

type inboxSession struct{ inbox *inbox }

func (*inboxSession) Mail(string, *server.MailOptions) error { return nil }
func (*inboxSession) Rcpt(string, *server.RcptOptions) error { return nil }
func (*inboxSession) Reset()                                 {}
func (*inboxSession) Logout() error                          { return nil }

func (s *inboxSession) Data(r io.Reader) error {
	message, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, message.Body); err != nil {
		return err
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(message.Header.Get("Message-Id"), "<"), "@")
	s.inbox.mu.Lock()
	defer s.inbox.mu.Unlock()
	s.inbox.letters[id]++
	return nil
}
