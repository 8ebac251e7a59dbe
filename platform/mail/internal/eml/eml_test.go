package eml_test

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/mail/internal/eml"
)

var (
	noon   = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	sender = mail.Sender{Name: "Müller, \"Sons\" & Co", Address: "gavel@auctions.example.org"}
	letter = mail.Message{
		ID:      "0195-7",
		To:      "ada@example.org",
		Subject: "Überboten: " + strings.Repeat("a very long title ", 12),
		Text:    "Hello Ada,\n\n.\nFrom here on: " + strings.Repeat("ü", 200) + "\n",
		HTML:    "<p>Hello Ada</p>",
	}
)

func TestSeal(t *testing.T) {
	t.Parallel()

	t.Run("writes a message that others read as it was meant", func(t *testing.T) {
		t.Parallel()
		sealed, err := eml.Seal(sender, letter, noon)
		require.NoError(t, err)
		require.Equal(t, "gavel@auctions.example.org", sealed.From)
		require.Equal(t, "ada@example.org", sealed.To)
		for line := range strings.SplitSeq(strings.TrimSuffix(string(sealed.Message), "\r\n"), "\r\n") {
			require.LessOrEqual(t, len(line), 998)
			require.NotContains(t, line, "\n")
		}

		message, err := netmail.ReadMessage(bytes.NewReader(sealed.Message))
		require.NoError(t, err)
		from, err := message.Header.AddressList("From")
		require.NoError(t, err)
		require.Equal(t, []*netmail.Address{{Name: sender.Name, Address: sender.Address}}, from)
		to, err := message.Header.AddressList("To")
		require.NoError(t, err)
		require.Equal(t, []*netmail.Address{{Address: letter.To}}, to)
		subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
		require.NoError(t, err)
		require.Equal(t, strings.TrimSpace(letter.Subject), strings.TrimSpace(subject))
		at, err := message.Header.Date()
		require.NoError(t, err)
		require.True(t, noon.Equal(at))
		require.Equal(t, "<0195-7@auctions.example.org>", message.Header.Get("Message-Id"))
		require.Equal(t, "auto-generated", message.Header.Get("Auto-Submitted"))
		require.Empty(t, message.Header.Get("User-Agent"))
		require.Empty(t, message.Header.Get("X-Mailer"))

		kind, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
		require.NoError(t, err)
		require.Equal(t, "multipart/alternative", kind)
		parts := multipart.NewReader(message.Body, params["boundary"])
		for _, want := range []struct{ kind, body string }{{"text/plain", letter.Text}, {"text/html", letter.HTML}} {
			part, err := parts.NextPart() // the last is what readers prefer
			require.NoError(t, err)
			kind, params, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
			require.NoError(t, err)
			require.Equal(t, want.kind, kind)
			require.Equal(t, "UTF-8", params["charset"])
			body, err := io.ReadAll(part)
			require.NoError(t, err)
			require.Equal(t, want.body, strings.ReplaceAll(string(body), "\r\n", "\n"))
		}
		_, err = parts.NextPart()
		require.ErrorIs(t, err, io.EOF)
	})
	t.Run("writes one without a page as text alone", func(t *testing.T) {
		t.Parallel()
		plain := letter
		plain.HTML = ""
		sealed, err := eml.Seal(sender, plain, noon)
		require.NoError(t, err)
		message, err := netmail.ReadMessage(bytes.NewReader(sealed.Message))
		require.NoError(t, err)
		require.Contains(t, message.Header.Get("Content-Type"), "text/plain")
		body, err := io.ReadAll(quotedprintable.NewReader(message.Body))
		require.NoError(t, err)
		require.Equal(t, plain.Text, strings.ReplaceAll(string(body), "\r\n", "\n"))
	})
	t.Run("says how to unsubscribe, in one line and with one click where that is encrypted", func(t *testing.T) {
		t.Parallel()
		for page, click := range map[string]string{
			"https://example.org/unsubscribe?token=" + strings.Repeat("a", 80): "List-Unsubscribe=One-Click",
			"http://example.org/unsubscribe?token=" + strings.Repeat("a", 80):  "",
			"": "",
		} {
			news := letter
			news.Unsubscribe = page
			sealed, err := eml.Seal(sender, news, noon)
			require.NoError(t, err)
			message, err := netmail.ReadMessage(bytes.NewReader(sealed.Message))
			require.NoError(t, err)
			require.Equal(t, click, message.Header.Get("List-Unsubscribe-Post"))
			if page == "" {
				require.NotContains(t, string(sealed.Message), "List-Unsubscribe")
				continue
			}
			require.Equal(t, "<"+page+">", message.Header.Get("List-Unsubscribe"))
			require.Contains(t, string(sealed.Message), "\r\nList-Unsubscribe: <"+page+">\r\n", "not folded")
		}
	})
	t.Run("refuses what would become further headers", func(t *testing.T) {
		t.Parallel()
		broken := letter
		broken.Subject = "Hello\r\nBcc: eve@example.org"
		_, err := eml.Seal(sender, broken, noon)
		require.ErrorIs(t, err, mail.ErrMalformed)
		_, err = eml.Seal(mail.Sender{Address: "gavel@example.org\r\nBcc: eve@example.org"}, letter, noon)
		require.ErrorIs(t, err, mail.ErrMalformed)
	})
	t.Run("writes the sender's name, whatever is in it, as a name", func(t *testing.T) {
		t.Parallel()
		sealed, err := eml.Seal(mail.Sender{Name: "Gavel\r\nBcc: eve@example.org", Address: sender.Address}, letter, noon)
		require.NoError(t, err)
		message, err := netmail.ReadMessage(bytes.NewReader(sealed.Message))
		require.NoError(t, err)
		require.NotContains(t, message.Header, "Bcc")
	})
}
