package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"path/filepath"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/config"
	"github.com/gavelhq/gavel/platform/mail"
	mailfiles "github.com/gavelhq/gavel/platform/mail/files"
	"github.com/gavelhq/gavel/platform/mail/postman"
	"github.com/gavelhq/gavel/platform/mail/smtp"
	"github.com/gavelhq/gavel/platform/mail/stationery"
)

// mailing provides what sends letters. Nothing is sent before the Postman starts: serve starts him with postOffice.
var mailing = fx.Provide(provideMailer, postman.NewMetrics, providePostman, providePost, provideStationery)

// postOffice sends letters from the program's start to its stop. Put it before what posts letters, so that it stops after
// that.
var postOffice = fx.Module("mail", fx.Invoke(warnWithoutMailServer, sendLetters))

// lettersWaiting is how many letters wait at most for the mail server.
const lettersWaiting = 1000

func provideMailer(
	lifecycle fx.Lifecycle, cfg config.Mail, data config.Data, site config.Site, c clock.Clock, log *zap.Logger,
) mail.Mailer {
	if cfg.SMTP.Host != "" {
		return newSMTPMailer(cfg, site, c)
	}
	mailer := newFileMailer(cfg, data, site, c)
	lifecycle.Append(fx.StartHook(func() {
		if err := mailer.Sweep(); err != nil { // no reason not to open
			log.Named("mail").Warn("beginnings of letters stay", zap.String("folder", mailer.String()), zap.Error(err))
		}
	}))
	return mailer
}

func newFileMailer(cfg config.Mail, data config.Data, site config.Site, c clock.Clock) *mailfiles.Mailer {
	return mailfiles.NewMailer(mailFolder(data), mailSender(cfg, site), c)
}

func newSMTPMailer(cfg config.Mail, site config.Site, c clock.Clock) *smtp.Mailer {
	return smtp.NewMailer(smtp.Settings{
		Host:     cfg.SMTP.Host,
		Port:     cfg.SMTP.Port,
		Username: cfg.SMTP.Username,
		Password: cfg.SMTP.Password.Reveal(),
		Security: smtp.Security(cfg.SMTP.TLS),
		Timeout:  cfg.SMTP.Timeout,
		From:     mailSender(cfg, site),
	}, c)
}

// mailFolder is where letters go that nobody sends.
func mailFolder(data config.Data) string { return filepath.Join(data.Dir, "mail") }

// mailSender is who letters come from: mail.from, or gavel at the host of the site.
func mailSender(cfg config.Mail, site config.Site) mail.Sender {
	sender := mail.Sender{Name: site.Name, Address: cfg.From}
	if sender.Address == "" {
		host := "localhost"
		if u, err := url.Parse(site.URL); err == nil && u.Hostname() != "" && net.ParseIP(u.Hostname()) == nil {
			host = u.Hostname()
		}
		sender.Address = "gavel@" + host
	}
	return sender
}

func providePostman(mailer mail.Mailer, cfg config.Mail, log *zap.Logger, metrics *postman.Metrics) *postman.Postman {
	return postman.NewPostman(mailer, postman.Settings{Queue: lettersWaiting, Timeout: cfg.SMTP.Timeout}, log, metrics)
}

func providePost(p *postman.Postman) mail.Post { return p }

func provideStationery(post mail.Post, site config.Site, http config.HTTP) *stationery.Writer {
	encrypted := http.TLS.Certificate != "" || len(http.TLS.ACME.Domains) > 0
	return stationery.NewWriter(post, stationery.NewSite(site.Name, site.URL, http.Addr, encrypted))
}

func sendLetters(lifecycle fx.Lifecycle, p *postman.Postman) {
	lifecycle.Append(fx.StartStopHook(p.Start, p.Stop))
}

func warnWithoutMailServer(lifecycle fx.Lifecycle, cfg config.Mail, data config.Data, log *zap.Logger) {
	lifecycle.Append(fx.StartHook(func() {
		if cfg.SMTP.Host == "" {
			log.Named("mail").Warn("mail.smtp.host is not set: letters are written to files and nobody gets them",
				zap.String("folder", mailFolder(data)))
		}
	}))
}

func newMailCommand(p *program) *cobra.Command {
	return group(&cobra.Command{
		Use:     "mail",
		Short:   "Try out how letters leave the house",
		Example: "  monolith mail test ada@example.org",
	}, newMailTestCommand(p))
}

func newMailTestCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "test ADDRESS",
		Short: "Send a test letter as configured, and say what happened",
		Long: `Sends a test letter to an address through the mail server at mail.smtp.host, and says what to do when the server does
not take it; the exit status is then 1. Without a mail server the letter is written to a file, as all letters are.`,
		Example: `  monolith mail test ada@example.org
  monolith mail test ada@example.org --mail.smtp.host smtp.example.org --mail.smtp.tls tls --mail.smtp.port 465
  monolith mail test ada@example.org --json`,
		Args: cobra.ExactArgs(1),
	}
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return p.mailTest(cmd.Context(), args[0], *asJSON) }
	return cmd
}

// mailTest sends a test letter.
func (p *program) mailTest(ctx context.Context, to string, asJSON bool) error {
	if !mail.IsAddress(to) {
		return usagef("%q is no e-mail address, such as ada@example.org", to)
	}
	cfg, err := p.config()
	if err != nil {
		return err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	now := clock.NewReal()
	letter := mail.Message{
		ID: id.String(), To: to, Subject: cfg.Site.Name + ": test letter",
		Text: "This is a test letter. Whoever looks after " + cfg.Site.Name + " wanted to see whether it arrives.\n",
	}
	answer := mailAnswer{To: to, ID: letter.ID}
	if cfg.Mail.SMTP.Host == "" {
		answer.File, err = newFileMailer(cfg.Mail, cfg.Data, cfg.Site, now).Write(ctx, letter)
		if err != nil {
			return fmt.Errorf("write a test letter: %w", err)
		}
		return p.answer(answer, asJSON)
	}
	mailer := newSMTPMailer(cfg.Mail, cfg.Site, now)
	answer.Server = mailer.String()
	if err = mailer.Send(ctx, letter); err == nil {
		answer.Sent = true
		return p.answer(answer, asJSON)
	}
	answer.Detail, answer.Advice = mailTrouble(err), mailAdvice(err)
	if asJSON {
		return errors.Join(p.writeJSON(answer), errors.New(answer.Detail))
	}
	return fmt.Errorf("%s; what to do: %s", answer.Detail, answer.Advice)
}

// mailAnswer is what mail test says.
type mailAnswer struct {
	Sent   bool   `json:"sent"` // a mail server took it
	To     string `json:"to"`
	ID     string `json:"id"`               // of the letter: its Message-ID begins with it
	Server string `json:"server,omitempty"` // that it was given to
	File   string `json:"file,omitempty"`   // that it was written to instead
	Detail string `json:"detail,omitempty"` // what went wrong
	Advice string `json:"advice,omitempty"` // what to do
}

// WriteText writes the answer for people. Errors: what w reports.
func (a mailAnswer) WriteText(w io.Writer) error {
	if a.File != "" {
		_, err := fmt.Fprintf(w, "mail.smtp.host is not set, so nobody gets the letter. It is in %s.\n", a.File)
		return err
	}
	_, err := fmt.Fprintf(w, "%s took a test letter to %s.\nIf it does not arrive, look among the unwanted letters there, and in the server's log for %s.\n",
		a.Server, a.To, a.ID)
	return err
}

// mailTrouble says what a mail server said, to whoever sent the letter himself.
func mailTrouble(err error) string {
	var e *smtp.Error
	if errors.As(err, &e) && e.Reply != "" {
		return fmt.Sprintf("%v, saying %q", err, e.Reply)
	}
	return err.Error()
}

// mailAdvice says what to do about an error of a mail server.
func mailAdvice(err error) string {
	var e *smtp.Error
	if !errors.As(err, &e) {
		return "correct mail.from"
	}
	if e.Code/100 == 4 {
		return "try again later: the server refused for now"
	}
	switch e.Stage {
	case smtp.Connecting:
		return "see whether mail.smtp.host and mail.smtp.port are right, and whether a firewall is in between"
	case smtp.Greeting:
		return "see whether mail.smtp.port is right; where the connection begins with encryption (mostly port 465), set mail.smtp.tls to tls"
	case smtp.Encrypting:
		return "set mail.smtp.host to the name in the server's certificate, and mail.smtp.tls to what the port wants: starttls (mostly 587), tls (mostly 465)"
	case smtp.SigningIn:
		return "correct mail.smtp.username and mail.smtp.password; some providers want a password made for programs"
	case smtp.NamingSender:
		return "set mail.from to an address that the server lets this program use, and mail.smtp.username if it wants one"
	case smtp.NamingReader:
		return "see whether the address is right, and whether the server delivers to others: it may want mail.smtp.username"
	default:
		return "the server's answer says why it does not take the letter"
	}
}
