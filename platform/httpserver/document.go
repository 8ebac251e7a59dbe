package httpserver

import (
	"fmt"
	"net/http"

	"github.com/go-chi/chi/v5"
)

// Where the API is described.
const (
	openAPIPath = "/api/openapi.json"
	docsPath    = "/api/docs"
)

// document serves the OpenAPI document and the page made of it. Both are made once, after all modules have registered
// their operations.
func (s *Server) document(router chi.Router) error {
	documentAccess(s.api.OpenAPI())
	text, err := s.api.OpenAPI().MarshalJSON()
	if err != nil {
		return fmt.Errorf("write OpenAPI document: %w", err)
	}
	page, policy, err := docsPage(s.api.OpenAPI())
	if err != nil {
		return fmt.Errorf("write API page: %w", err)
	}
	router.Get(openAPIPath, static("application/json", "", text))
	router.Get(docsPath, static("text/html; charset=utf-8", policy, page))
	return nil
}

// static serves one unchanging body, with its own content policy where that is not empty.
func static(mediaType, policy string, body []byte) http.HandlerFunc {
	tag := tagOf(body)
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("ETag", tag)
		h.Set("Cache-Control", "no-cache")
		if policy != "" {
			h.Set("Content-Security-Policy", policy)
		}
		if matches(r.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h.Set("Content-Type", mediaType)
		_, _ = w.Write(body) // fails only when the client has gone
	}
}
