package main

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/gavelhq/gavel/platform/config"
	"github.com/gavelhq/gavel/platform/mail/smtp"
)

// mailTimeout bounds the wait for a mail server.
const mailTimeout = 10 * time.Second

// mail looks whether letters leave the house. It sends none.
func (d *doctor) mail(ctx context.Context, cfg config.Config) {
	const name = "mail"
	if cfg.Mail.SMTP.Host == "" {
		if here(cfg) {
			d.ok(name, "mail.smtp.host is not set: letters are written to %s", mailFolder(cfg.Data))
			return
		}
		d.warn(name, fmt.Sprintf("mail.smtp.host is not set: letters are written to %s and nobody gets them", mailFolder(cfg.Data)),
			"set mail.smtp.host, and try it with monolith mail test")
		return
	}
	cfg.Mail.SMTP.Timeout = min(cfg.Mail.SMTP.Timeout, mailTimeout)
	server := newSMTPMailer(cfg.Mail, cfg.Site, d.now)
	if err := server.Check(ctx); err != nil {
		d.fail(name, mailTrouble(err), mailAdvice(err))
		return
	}
	signed := ", without signing in"
	if cfg.Mail.SMTP.Username != "" {
		signed = " and lets us sign in"
	}
	if cfg.Mail.SMTP.TLS == string(smtp.None) && !loopback(cfg.Mail.SMTP.Host) {
		d.warn(name, fmt.Sprintf("%s answers%s, but everything goes there in the clear", server, signed), "set mail.smtp.tls to starttls or tls")
		return
	}
	d.ok(name, "%s answers%s; monolith mail test sends a letter", server, signed)
}

// here reports whether only people on this machine can be members.
func here(cfg config.Config) bool {
	if cfg.Site.URL == "" {
		return loopback(cfg.HTTP.Addr)
	}
	u, err := url.Parse(cfg.Site.URL)
	return err == nil && loopback(u.Hostname())
}
