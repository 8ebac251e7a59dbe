package rest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/modules/profiles/sitetest"
)

func TestNotices(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	ada, eve := s.Member("ada"), s.Member("eve")
	const path = "/api/v1/me/notices"
	require.JSONEq(t, `{"items": [], "unread": 0}`, ada.Get(path).Is(http.StatusOK).Body)

	listing := uuid.New()
	first := profilesapi.Notice{
		ID: uuid.New(), Member: ada.ID, Kind: profilesapi.NoticeOutbid, Subject: "You are outbid", Text: "On a clock.",
		About: listing, Path: "/listings/1", At: sitetest.Noon,
	}
	second := profilesapi.Notice{
		ID: uuid.New(), Member: ada.ID, Kind: profilesapi.NoticeSale, Subject: "Please pay", At: sitetest.Noon.Add(time.Second),
	}
	require.NoError(t, s.Notify(first, second))
	firstJSON := `"id": "` + first.ID.String() + `", "kind": "outbid", "subject": "You are outbid", "text": "On a clock.",
		"about_id": "` + listing.String() + `", "path": "/listings/1", "at": "2026-03-01T12:00:00.123456Z"`
	secondJSON := `{"id": "` + second.ID.String() + `", "kind": "sale", "subject": "Please pay", "text": "", "at": "2026-03-01T12:00:01.123456Z"}`
	require.JSONEq(t, `{"items": [`+secondJSON+`, {`+firstJSON+`}], "unread": 2}`, ada.Get(path).Body)
	require.JSONEq(t, `{"items": [], "unread": 0}`, eve.Get(path).Body)

	tag := ada.Get(path).Header.Get("ETag")
	require.Empty(t, ada.Get(path, "If-None-Match", tag).Is(http.StatusNotModified).Body)
	eve.Get(path, "If-None-Match", tag).Is(http.StatusOK)

	page := ada.Get(path + "?limit=1").Is(http.StatusOK).Object()
	require.Len(t, page["items"], 1)
	next := page["next_cursor"].(string)
	require.JSONEq(t, `{"items": [{`+firstJSON+`}], "unread": 2}`, ada.Get(path+"?limit=1&cursor="+next).Body)
	ada.Get(path+"?cursor=x").Problem(http.StatusBadRequest, "invalid_cursor")

	read := path + "/" + first.ID.String() + "/read"
	eve.Post(read, nil).Problem(http.StatusNotFound, "notice_not_found")
	ada.Post(path+"/"+uuid.NewString()+"/read", nil).Problem(http.StatusNotFound, "notice_not_found")
	s.Browser().Post(read, nil).Problem(http.StatusUnauthorized, "sign_in_required")
	for range 2 {
		ada.Post(read, nil).Is(http.StatusNoContent)
	}
	require.JSONEq(t, `{"items": [`+secondJSON+`], "unread": 1}`, ada.Get(path+"?unread=true").Body)
	require.JSONEq(t, `{"items": [`+secondJSON+`, {`+firstJSON+`, "read_at": "2026-03-01T12:00:00.123456Z"}], "unread": 1}`, ada.Get(path).Body)

	require.JSONEq(t, `{"read": 1}`, ada.Post(path+"/read-all", nil, "Idempotency-Key", "k").Is(http.StatusOK).Body)
	third := second
	third.ID = uuid.New()
	require.NoError(t, s.Notify(third))
	require.JSONEq(t, `{"read": 1}`, ada.Post(path+"/read-all", nil, "Idempotency-Key", "k").Body, "the same request again")
	require.EqualValues(t, 1, ada.Get(path).Object()["unread"], "what has come since is not read by it")
	require.JSONEq(t, `{"read": 0}`, eve.Post(path+"/read-all", nil).Body)
}

func TestNoticesThatAreNotListedAreNotRead(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	ada := s.Member("ada")
	ada.Put("/api/v1/me/settings", object{"muted": []string{}, "unlisted": []string{"outbid"}}).Is(http.StatusOK)
	n := profilesapi.Notice{ID: uuid.New(), Member: ada.ID, Kind: profilesapi.NoticeOutbid, Subject: "You are outbid", At: sitetest.Noon}
	require.NoError(t, s.Notify(n))
	require.JSONEq(t, `{"items": [], "unread": 0}`, ada.Get("/api/v1/me/notices").Body)
	ada.Post("/api/v1/me/notices/"+n.ID.String()+"/read", nil).Problem(http.StatusNotFound, "notice_not_found")
	require.Equal(t, n.ID, s.MailNotices(t).ID, "but it is mailed")
}
