package rest_test

import (
	"archive/zip"
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/modules/profiles/sitetest"
)

func TestWhoLeavesCanStay(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Member("ada")
	const path = "/api/v1/me/deletion"
	b.Delete(path).Problem(http.StatusConflict, "not_leaving")
	b.Post(path, object{"password": "wrong password"}).Problem(http.StatusForbidden, "wrong_password")
	first := b.Post(path, object{"password": password}, "Idempotency-Key", "k").Is(http.StatusAccepted)
	require.JSONEq(t, `{"obligations": [], "grace_days": 7}`, first.Body)
	require.Equal(t, first.Body, b.Post(path, object{"password": password}, "Idempotency-Key", "k").Is(http.StatusAccepted).Body)
	b.Post(path, object{"password": password}).Problem(http.StatusConflict, "already_leaving")
	require.NotEmpty(t, b.Get("/api/v1/me").Object()["leaving_since"])
	b.Delete(path).Is(http.StatusNoContent)
	require.NotContains(t, b.Get("/api/v1/me").Object(), "leaving_since")
	s.Admin("root1").Post(path, object{"password": password}).Problem(http.StatusConflict, "member_is_admin")
}

func TestAMemberTakesTheDataAlong(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	answer := s.Member("ada").Get("/api/v1/me/export").Is(http.StatusOK)
	require.Equal(t, "application/zip", answer.Header.Get("Content-Type"))
	require.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
	require.Equal(t, `attachment; filename="gavel-export.zip"`, answer.Header.Get("Content-Disposition"))
	archive, err := zip.NewReader(strings.NewReader(answer.Body), int64(len(answer.Body)))
	require.NoError(t, err)
	require.NotEmpty(t, archive.File)
	for _, file := range archive.File {
		require.True(t, strings.HasSuffix(file.Name, ".json"), file.Name)
	}
}

func TestOnlyAFewExportAtOnce(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	begun, goOn := make(chan struct{}), make(chan struct{})
	s.Export = func(context.Context) ([]profilesapi.PortableData, error) {
		begun <- struct{}{}
		<-goOn
		return []profilesapi.PortableData{{File: "listings.json", JSON: []byte("[]")}}, nil
	}
	exported := make(chan sitetest.Answer, 2)
	for _, handle := range []string{"ada", "eve"} {
		b := s.Member(handle)
		go func() { exported <- b.Get("/api/v1/me/export") }()
		<-begun
	}
	mia := s.Member("mia")
	refused := mia.Get("/api/v1/me/export")
	refused.Problem(http.StatusTooManyRequests, "too_many_exports")
	require.Equal(t, "5", refused.Header.Get("Retry-After"))
	close(goOn)
	(<-exported).Is(http.StatusOK)
	(<-exported).Is(http.StatusOK)
	s.Export = nil
	mia.Get("/api/v1/me/export").Is(http.StatusOK)
}
