package httpserver

import (
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/gavelhq/gavel/platform/identity"
)

// The ways of showing who one is, by their names in the OpenAPI document.
const (
	sessionScheme = "session"
	tokenScheme   = "token"
)

// documentAccess writes into the API's document who may call each operation, and how the server answers whatever the
// operation does: those answers come from the middleware and from reading the request.
func documentAccess(api *huma.OpenAPI) {
	api.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		sessionScheme: {
			Type: "apiKey", In: "cookie", Name: SessionCookie,
			Description: "A browser's session, from signing in. Where the site is reached by https, the cookie is __Host-" + SessionCookie + ".",
		},
		tokenScheme: {
			Type: "http", Scheme: "bearer",
			Description: "A member's API token. It allows no more than the permissions that it was made for.",
		},
	}
	problem := api.Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	for _, item := range api.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Head, item.Post, item.Put, item.Patch, item.Delete, item.Options} {
			if op != nil {
				documentPermission(op)
				documentProblems(op, problem)
			}
		}
	}
}

// documentPermission says what a caller of op needs.
func documentPermission(op *huma.Operation) {
	permission, _ := op.Metadata[permissionKey].(*identity.Permission)
	if permission == nil {
		return
	}
	op.Security = []map[string][]string{{sessionScheme: {}}, {tokenScheme: {permission.Name()}}}
	if permission.HeldBy(identity.Guest) {
		op.Security = append(op.Security, map[string][]string{})
	}
	needs := "Needs the permission " + permission.Name() + ", which allows to " + permission.About() + "."
	op.Description = strings.TrimSpace(op.Description + " " + needs)
}

// documentProblems adds the problems that op may answer with without having declared them.
func documentProblems(op *huma.Operation, problem *huma.Schema) {
	statuses := []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusUnprocessableEntity, http.StatusTooManyRequests,
		http.StatusInternalServerError, http.StatusServiceUnavailable,
	}
	if op.Security != nil || !isSafe(op.Method) {
		statuses = append(statuses, http.StatusForbidden)
	}
	if op.RequestBody != nil {
		statuses = append(statuses, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	for _, status := range statuses {
		name := strconv.Itoa(status)
		if op.Responses[name] != nil {
			continue
		}
		op.Responses[name] = &huma.Response{
			Description: http.StatusText(status),
			Content:     map[string]*huma.MediaType{problemMediaType: {Schema: problem}},
		}
	}
}
