package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/modules/profiles/sitetest"
)

// unsubscription returns the text in the link of a letter that tells the member that he was outbid.
func unsubscription(t *testing.T, s *sitetest.Site, member uuid.UUID) string {
	t.Helper()
	require.NoError(t, s.Notify(profilesapi.Notice{
		ID: uuid.New(), Member: member, Kind: profilesapi.NoticeOutbid, Subject: "You are outbid", At: sitetest.Noon,
	}))
	return s.MailNotices(t).Unsubscribe
}

const settings = "/api/v1/me/settings"

func TestUnsubscribing(t *testing.T) {
	t.Parallel()
	const title = "No more letters like this one"
	unmuted, muted := `{"muted": [], "unlisted": []}`, `{"muted": ["outbid"], "unlisted": []}`

	t.Run("opening the link changes nothing", func(t *testing.T) {
		t.Parallel()
		s := sitetest.New(t)
		ada := s.Member("ada")
		link := "/unsubscribe?token=" + unsubscription(t, s, ada.ID)
		for range 3 {
			isPage(t, s.Browser().Get(link), http.StatusOK, title)
		}
		require.JSONEq(t, unmuted, ada.Get(settings).Body)
	})
	t.Run("sending the form needs no signing in", func(t *testing.T) {
		t.Parallel()
		s := sitetest.New(t)
		ada := s.Member("ada")
		token := unsubscription(t, s, ada.ID)
		for range 2 {
			isPage(t, s.Browser().Form("/unsubscribe", form("token", token)), http.StatusOK, title)
			require.JSONEq(t, muted, ada.Get(settings).Body)
		}
	})
	t.Run("a program for mail sends to the link itself, wherever it runs", func(t *testing.T) {
		t.Parallel()
		for name, headers := range map[string][]string{
			"on a server":  nil,
			"in a browser": {"Origin", "https://mail.example.org", "Sec-Fetch-Site", "cross-site"},
		} {
			s := sitetest.New(t)
			ada := s.Member("ada")
			link := "/unsubscribe?token=" + unsubscription(t, s, ada.ID)
			isPage(t, s.Browser().Form(link, form("List-Unsubscribe", "One-Click"), headers...), http.StatusOK, title)
			require.JSONEq(t, muted, ada.Get(settings).Body, name)
		}
		s := sitetest.New(t)
		ada := s.Member("ada")
		body := "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"
		isPage(t, s.Browser().Do(http.MethodPost, "/unsubscribe?token="+unsubscription(t, s, ada.ID), body,
			"Content-Type", "multipart/form-data; boundary=x"), http.StatusOK, title)
		require.JSONEq(t, muted, ada.Get(settings).Body)
	})
	t.Run("other links are refused", func(t *testing.T) {
		t.Parallel()
		s := sitetest.New(t)
		ada := s.Member("ada")
		good := unsubscription(t, s, ada.ID)
		for _, token := range []string{"", "x", good[:len(good)-1], "_" + good[1:]} {
			a := s.Browser().Form("/unsubscribe?token="+url.QueryEscape(token), url.Values{})
			isPage(t, a, http.StatusConflict, title)
			require.Contains(t, a.Body, "This link is not valid.")
		}
		require.JSONEq(t, unmuted, ada.Get(settings).Body)
	})
	t.Run("the link is in no log", func(t *testing.T) {
		t.Parallel()
		s := sitetest.New(t)
		token := unsubscription(t, s, s.Member("ada").ID)
		s.Browser().Form("/unsubscribe?token="+token, url.Values{})
		for _, entry := range s.Logs.All() {
			for _, f := range entry.Context {
				require.NotContains(t, f.String, token)
			}
		}
	})
}
