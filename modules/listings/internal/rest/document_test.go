package rest_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// TestTheDocumentDescribesTheAnswers checks real answers, good ones and problems, against the OpenAPI document.
func TestTheDocumentDescribesTheAnswers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.publish(uuid.New(), domain.Content{
		BuyNow:    usd("50"),
		Reserve:   usd("40"),
		SoftClose: domain.SoftClose{Window: time.Minute, Extension: time.Minute, Cap: time.Hour},
	}).String()
	s.bid(uuid.MustParse(id), uuid.New(), "5")
	s.bid(uuid.MustParse(id), uuid.New(), "20")

	document, err := openapi3.NewLoader().LoadFromData([]byte(s.get("/api/openapi.json").body))
	require.NoError(t, err)
	require.NoError(t, document.Validate(t.Context()))
	router, err := gorillamux.NewRouter(document)
	require.NoError(t, err)
	tag := s.get("/api/v1/listings/" + id).header.Get("ETag")

	traffic := map[string]int{
		"/api/v1/listings":                                     http.StatusOK,
		"/api/v1/listings?limit=0":                             http.StatusUnprocessableEntity,
		"/api/v1/listings?cursor=x":                            http.StatusBadRequest,
		"/api/v1/listings/" + id:                               http.StatusOK,
		"/api/v1/listings/" + uuid.NewString():                 http.StatusNotFound,
		"/api/v1/listings/" + id + "/bids":                     http.StatusOK,
		"/api/v1/listings/" + id + "/bids?cursor=x":            http.StatusBadRequest,
		"/api/v1/listings/" + uuid.NewString() + "/bids":       http.StatusNotFound,
		"/api/v1/listings/" + id + "/bids?limit=many":          http.StatusUnprocessableEntity,
		"/api/v1/listings/" + uuid.NewString() + "/log":        http.StatusNotFound,
		"/api/v1/listings/" + strings.Repeat("z", 36) + "/log": http.StatusUnprocessableEntity,
	}
	conforms := func(path string, status int, headers ...string) {
		a := s.get(path, headers...)
		require.Equal(t, status, a.status, a.body)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		require.NoError(t, err)
		route, params, err := router.FindRoute(request)
		require.NoError(t, err)
		require.NoError(t, openapi3filter.ValidateResponse(t.Context(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route},
			Status:                 a.status,
			Header:                 a.header,
			Body:                   io.NopCloser(strings.NewReader(a.body)),
			Options:                &openapi3filter.Options{IncludeResponseStatus: true},
		}), "%s: %s", path, a.body)
	}
	for path, status := range traffic {
		conforms(path, status)
	}
	conforms("/api/v1/listings/"+id, http.StatusNotModified, "If-None-Match", tag)

	log := document.Paths.Find("/api/v1/listings/{id}/log").Get.Responses.Status(http.StatusOK).Value
	require.Contains(t, log.Content, "application/x-ndjson")
	require.Contains(t, document.Components.Schemas, "ListingsSummary")
	require.NotContains(t, document.Components.Schemas["ListingsBid"].Value.Required, "maximum")
}
