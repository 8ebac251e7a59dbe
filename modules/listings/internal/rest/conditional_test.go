package rest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// TestWhatIsPolledIsAnsweredConditionally asks again and again for what clients poll.
func TestWhatIsPolledIsAnsweredConditionally(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path         string // of the listing, or of the market
		market       bool
		cacheControl string
		clock        bool // it shows that the clock has closed the listing
	}{
		"a listing":    {cacheControl: "private, no-cache", clock: true},
		"its bids":     {path: "/bids", cacheControl: "private, no-cache"},
		"its log":      {path: "/log", cacheControl: "no-cache"},
		"a first page": {path: "?status=open&status=sold", market: true, cacheControl: "private, no-cache", clock: true},
		"another page": {path: "?limit=1&sort=newest", market: true, cacheControl: "private, no-cache", clock: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			id := s.publish(uuid.New(), domain.Content{Title: "A chair"})
			s.bid(id, uuid.New(), "20")
			path := "/api/v1/listings" + c.path
			if !c.market {
				path = "/api/v1/listings/" + id.String() + c.path
			}
			first := s.get(path)
			require.Equal(t, http.StatusOK, first.status)
			tag := first.header.Get("ETag")
			require.Regexp(t, `^"[A-Za-z0-9_-]+"$`, tag)
			require.Equal(t, c.cacheControl, first.header.Get("Cache-Control"))

			for _, header := range []string{tag, "W/" + tag, `"other", ` + tag} {
				same := s.get(path, "If-None-Match", header)
				require.Equal(t, http.StatusNotModified, same.status)
				require.Empty(t, same.body)
				require.Empty(t, same.header.Get("Content-Type"))
				require.Equal(t, tag, same.header.Get("ETag"))
				require.Equal(t, c.cacheControl, same.header.Get("Cache-Control"))
			}
			require.Equal(t, first.body, s.get(path, "If-None-Match", `"other"`).body)

			s.bid(id, uuid.New(), "5")
			changed := s.get(path, "If-None-Match", tag)
			require.Equal(t, http.StatusOK, changed.status, "a bid changes it")
			tag = changed.header.Get("ETag")
			s.clock.Advance(14*24*time.Hour - s.clock.Now().Sub(noon))
			ended := s.get(path, "If-None-Match", tag)
			require.Equal(t, c.clock, ended.status == http.StatusOK, "so does the end, where it shows")
		})
	}
}

// TestATagIsTheViewersOwn: what one is told is no answer for another.
func TestATagIsTheViewersOwn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.publish(uuid.New(), domain.Content{})
	leader := uuid.New()
	s.bid(id, leader, "20")
	for _, path := range []string{"/api/v1/listings/" + id.String(), "/api/v1/listings/" + id.String() + "/bids"} {
		tag := s.get(path).header.Get("ETag")
		own := s.get(path, append(s.signedIn(leader), "If-None-Match", tag)...)
		require.Equal(t, http.StatusOK, own.status)
		require.Contains(t, own.body, leader.String())
		require.NotEqual(t, tag, own.header.Get("ETag"))
	}
}
