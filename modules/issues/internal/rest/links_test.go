package rest_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestAskingForLinksAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ask := func(by caller, body fields) answer { return by.request(http.MethodPost, "/issue-links", body) }
	s.vera.post("", fields{"title": "A question", "email": "vera@example.org"}).is(http.StatusAccepted)
	token, _ := s.letters.last()
	confirmed := s.vera.post("/confirmations", fields{"token": token}).is(http.StatusOK)

	answered := ask(s.vera, fields{"email": "Vera@example.org"}).is(http.StatusAccepted)
	link, posted := s.letters.last()
	require.NotEqual(t, confirmed.text("issue_link"), link)
	s.following(link).get("/" + confirmed.text("issue_id")).is(http.StatusOK)

	require.Equal(t, answered.body, ask(s.ada, fields{"email": "nobody@example.org"}).is(http.StatusAccepted).body)
	link, more := s.letters.last()
	require.Empty(t, link)
	require.Equal(t, posted+1, more)
	ask(s.vera, fields{"email": "vera"}).refused(http.StatusUnprocessableEntity, "invalid_email")
	ask(s.vera, fields{}).is(http.StatusUnprocessableEntity)
	ask(s.following(uuid.NewString()), fields{"email": "vera@example.org"}).is(http.StatusAccepted)
}
