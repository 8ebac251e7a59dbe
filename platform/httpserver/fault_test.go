package httpserver_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/httpserver"
)

func TestAFaultTellsEveryFieldThatItRefuses(t *testing.T) {
	t.Parallel()
	refusal := fault.New(fault.Invalid, "invalid_title", "Too long.").With("field", "title").With("errors", []map[string]string{
		{"field": "title", "code": "invalid_title", "detail": "Too long."},
		{"field": "reserve", "code": "amount_malformed", "detail": "No amount."},
	})
	w := httptest.NewRecorder()
	httpserver.WriteError(w, httptest.NewRequest(http.MethodPost, "/", nil), refusal)
	answer := w.Result()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
	var problem map[string]any
	require.NoError(t, json.Unmarshal(body, &problem))
	require.Equal(t, "title", problem["field"])
	require.Equal(t, []any{
		map[string]any{"location": "body.title", "message": "Too long.", "code": "invalid_title"},
		map[string]any{"location": "body.reserve", "message": "No amount.", "code": "amount_malformed"},
	}, problem["errors"])
}
