package letters_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/issues/internal/letters"
	"github.com/gavelhq/gavel/platform/mail"
	mailbox "github.com/gavelhq/gavel/platform/mail/memory"
	"github.com/gavelhq/gavel/platform/mail/stationery"
)

var update = flag.Bool("update", false, "write the letters in testdata anew")

const (
	vera  = "vera@example.org"
	title = "The <b>clock</b>\r\nnever came"
	token = "q83vEjRWeJASNFZ4kBI0Vniq-83v_RI0VniQEjRWeJA"
)

var id = uuid.UUID{1, 2, 3}

// all are the letters by their golden file.
var all = map[string]domain.LetterKind{
	"confirm-report":   domain.LetterConfirm,
	"report-confirmed": domain.LetterConfirmed,
	"something-new":    domain.LetterNews,
	"follow-again":     domain.LetterAgain,
	"nothing-reported": domain.LetterNothing,
}

// written returns the one letter that is mailed.
func written(t *testing.T, kind domain.LetterKind) mail.Message {
	t.Helper()
	mailer := mailbox.NewMailer()
	paper := stationery.NewWriter(nil, stationery.Site{Name: "Möbel & Söhne", URL: "https://auctions.example.org"})
	letter := app.VisitorLetter{ID: id, Kind: kind, To: vera, Title: title, Link: token}
	require.NoError(t, letters.New(mailer, paper).Mail(t.Context(), letter))
	mailed := mailer.All()
	require.Len(t, mailed, 1)
	require.NoError(t, mailed[0].Check())
	require.Equal(t, vera, mailed[0].To)
	require.Equal(t, id.String(), mailed[0].ID, "the same each time")
	return mailed[0]
}

func TestWhatIsNoLetter(t *testing.T) {
	t.Parallel()
	err := letters.New(mailbox.NewMailer(), stationery.NewWriter(nil, stationery.Site{})).Mail(t.Context(), app.VisitorLetter{Kind: "postcard"})
	require.ErrorIs(t, err, mail.ErrMalformed)
}

func TestLetters(t *testing.T) {
	t.Parallel()
	for name, kind := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := written(t, kind)
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
