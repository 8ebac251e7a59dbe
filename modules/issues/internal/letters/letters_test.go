package letters_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/letters"
	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/mail/stationery"
)

var update = flag.Bool("update", false, "write the letters in testdata anew")

// tray is a mail.Post that keeps letters.
type tray struct{ letters []mail.Message }

func (t *tray) Post(letter mail.Draft) { t.letters = append(t.letters, letter.Write()) }

const (
	vera  = "vera@example.org"
	title = "The <b>clock</b>\r\nnever came"
	token = "q83vEjRWeJASNFZ4kBI0Vniq-83v_RI0VniQEjRWeJA"
)

// all writes every letter.
var all = map[string]func(*letters.Letters){
	"confirm-report":   func(l *letters.Letters) { l.ConfirmReport(vera, token) },
	"report-confirmed": func(l *letters.Letters) { l.ReportConfirmed(vera, title, token) },
	"something-new":    func(l *letters.Letters) { l.SomethingNew(vera, title, token) },
	"follow-again":     func(l *letters.Letters) { l.FollowAgain(vera, title, token) },
	"nothing-reported": func(l *letters.Letters) { l.NothingReported(vera) },
}

// written returns the one letter that write posts.
func written(t *testing.T, write func(*letters.Letters)) mail.Message {
	t.Helper()
	var post tray
	write(letters.New(stationery.NewWriter(&post, stationery.Site{Name: "Möbel & Söhne", URL: "https://auctions.example.org"})))
	require.Len(t, post.letters, 1)
	require.NoError(t, post.letters[0].Check())
	require.Equal(t, vera, post.letters[0].To)
	return post.letters[0]
}

func TestLetters(t *testing.T) {
	t.Parallel()
	for name, write := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := written(t, write)
			path, text := filepath.Join("testdata", name+".txt"), "Subject: "+got.Subject+"\n\n"+got.Text
			if *update {
				require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, string(want), text, "go test -update writes it anew")
			require.NotContains(t, got.HTML, "<b>", "what people wrote stays text")
		})
	}
	entries, err := os.ReadDir("testdata")
	require.NoError(t, err)
	require.Len(t, entries, len(all))
	for _, e := range entries {
		require.Contains(t, all, strings.TrimSuffix(e.Name(), ".txt"))
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{
		"confirm-report": "/issues/confirm", "report-confirmed": "/issues/follow", "something-new": "/issues/follow", "follow-again": "/issues/follow",
	} {
		require.Contains(t, written(t, all[name]).Text, "\nhttps://auctions.example.org"+path+"?token="+token+"\n", name)
	}
	require.NotContains(t, written(t, all["nothing-reported"]).HTML, "href", "strangers are asked for nothing")
}
