package mail_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/mail"
)

func letter(change func(*mail.Message)) mail.Message {
	m := mail.Message{ID: "0199-abc", To: "ada@example.org", Subject: "Überboten", Text: "Somebody bid more."}
	change(&m)
	return m
}

func TestCheck(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*mail.Message)
		ok     bool
	}{
		"a letter":                             {func(*mail.Message) {}, true},
		"an ID with another character":         {func(m *mail.Message) { m.ID = "0199@abc" }, false},
		"an ID that begins another header":     {func(m *mail.Message) { m.ID = "1\r\nBcc: eve@example.org" }, false},
		"no ID":                                {func(m *mail.Message) { m.ID = "" }, false},
		"an ID as long as may be":              {func(m *mail.Message) { m.ID = strings.Repeat("a", 128) }, true},
		"an ID that is too long":               {func(m *mail.Message) { m.ID = strings.Repeat("a", 129) }, false},
		"no address":                           {func(m *mail.Message) { m.To = "" }, false},
		"an address without a host":            {func(m *mail.Message) { m.To = "ada" }, false},
		"an address with a name":               {func(m *mail.Message) { m.To = "Ada <ada@example.org>" }, false},
		"an address in brackets":               {func(m *mail.Message) { m.To = "<ada@example.org>" }, false},
		"two addresses":                        {func(m *mail.Message) { m.To = "ada@example.org, eve@example.org" }, false},
		"an address with a parameter":          {func(m *mail.Message) { m.To = "ada@example.org> NOTIFY=NEVER" }, false},
		"an address that begins a header":      {func(m *mail.Message) { m.To = "ada@example.org\r\nBcc: eve@example.org" }, false},
		"an address that is folded":            {func(m *mail.Message) { m.To = "ada@example.org\n " }, false},
		"an address with a zero":               {func(m *mail.Message) { m.To = "ada\x00@example.org" }, false},
		"an address with other letters":        {func(m *mail.Message) { m.To = "åda@example.org" }, true},
		"no subject":                           {func(m *mail.Message) { m.Subject = "" }, false},
		"a subject that begins a header":       {func(m *mail.Message) { m.Subject = "Hello\r\nBcc: eve@example.org" }, false},
		"a subject with a line break":          {func(m *mail.Message) { m.Subject = "Hello\nthere" }, false},
		"a subject with a carriage return":     {func(m *mail.Message) { m.Subject = "Hello\rthere" }, false},
		"a subject with a separator of lines":  {func(m *mail.Message) { m.Subject = "Hello\u2028there" }, false},
		"a subject that is no UTF-8":           {func(m *mail.Message) { m.Subject = "Hello \xff" }, false},
		"no text":                              {func(m *mail.Message) { m.Text = "" }, false},
		"a page beside the text":               {func(m *mail.Message) { m.HTML = "<p>Somebody bid more.</p>" }, true},
		"a page that is no UTF-8":              {func(m *mail.Message) { m.HTML = "<p>\xff</p>" }, false},
		"a subject as long as may be":          {func(m *mail.Message) { m.Subject = strings.Repeat("a", 1000) }, true},
		"a subject that is too long":           {func(m *mail.Message) { m.Subject = strings.Repeat("a", 1001) }, false},
		"a page to unsubscribe":                {func(m *mail.Message) { m.Unsubscribe = "https://example.org/unsubscribe?token=a" }, true},
		"no page to unsubscribe":               {func(m *mail.Message) { m.Unsubscribe = "mailto:ada@example.org" }, false},
		"a page that begins a header":          {func(m *mail.Message) { m.Unsubscribe = "https://example.org/\r\nBcc: eve@example.org" }, false},
		"a page that ends its brackets":        {func(m *mail.Message) { m.Unsubscribe = "https://example.org/>" }, false},
		"a page with letters beyond ASCII":     {func(m *mail.Message) { m.Unsubscribe = "https://example.org/ü" }, false},
		"a page as long as may be":             {func(m *mail.Message) { m.Unsubscribe = "https://" + strings.Repeat("a", 892) }, true},
		"a page that is too long":              {func(m *mail.Message) { m.Unsubscribe = "https://" + strings.Repeat("a", 893) }, false},
		"an address longer than any there can": {func(m *mail.Message) { m.To = strings.Repeat("a", 320) + "@example.org" }, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := letter(test.change).Check()
			if test.ok {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, mail.ErrMalformed)
			require.NotContains(t, err.Error(), "eve")
			require.NotContains(t, err.Error(), "ada")
		})
	}
}

func TestDomain(t *testing.T) {
	t.Parallel()
	require.Equal(t, "example.org", mail.Sender{Name: "Gavel", Address: "gavel@example.org"}.Domain())
	require.Equal(t, "example.org", mail.Domain("a@b@example.org"))
	require.Empty(t, mail.Domain("nobody"))
}
