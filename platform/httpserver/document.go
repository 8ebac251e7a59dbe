package httpserver

import (
	"fmt"
	"net/http"
	"sync"

	"github.com/go-chi/chi/v5"
)

// Where the API is described.
const (
	openAPIPath = "/api/openapi.json"
	docsPath    = "/api/docs"
)

// document serves the OpenAPI document and the page made of it. Each is made when it is first asked for: making them takes
// longer than the rest of the start, and most servers run without anybody reading them.
func (s *Server) document(router chi.Router) {
	api := s.api.OpenAPI()
	documentAccess(api)
	router.Get(openAPIPath, static("application/json", func() (body []byte, policy string, err error) {
		body, err = api.MarshalJSON()
		return body, "", err
	}))
	router.Get(docsPath, static("text/html; charset=utf-8", func() (body []byte, policy string, err error) {
		return docsPage(api)
	}))
}

// static serves one unchanging body, with its own content policy where that is not empty.
func static(mediaType string, write func() (body []byte, policy string, err error)) http.HandlerFunc {
	type written struct {
		body        []byte
		policy, tag string
		err         error
	}
	once := sync.OnceValue(func() written {
		body, policy, err := write()
		return written{body: body, policy: policy, tag: tagOf(body), err: err}
	})
	return func(w http.ResponseWriter, r *http.Request) {
		page := once()
		if page.err != nil {
			WriteError(w, r, fmt.Errorf("write what stands at %s: %w", r.URL.Path, page.err))
			return
		}
		h := w.Header()
		h.Set("ETag", page.tag)
		h.Set("Cache-Control", "no-cache")
		if page.policy != "" {
			h.Set("Content-Security-Policy", page.policy)
		}
		if matches(r.Header.Get("If-None-Match"), page.tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h.Set("Content-Type", mediaType)
		_, _ = w.Write(page.body) // fails only when the client has gone
	}
}
