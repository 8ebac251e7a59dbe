package httpserver

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/gavelhq/gavel/platform/stack"
)

// recovery answers a request whose handler panicked with a problem, and leaves the panic and its stack to the access
// log, without what the functions were given: that may be a secret. When the answer had begun already, nothing but
// breaking the connection tells the client that it is not whole.
func recovery(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w := rw.(*responseWriter)
		headers := w.Header().Clone()
		defer func() {
			panicked := recover()
			if panicked == nil {
				return
			}
			if err, ok := panicked.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(http.ErrAbortHandler)
			}
			cause := panicError(panicked)
			begun := !w.retract(headers)
			if !begun {
				WriteError(w, r, cause)
			}
			e := exchangeOf(r.Context())
			e.cause, e.stack, e.gone = cause, stack.Text(), false
			if begun {
				panic(http.ErrAbortHandler)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// panicError returns the error that a recovered value stands for. It is never a fault, whatever the value: a panic is
// always our mistake.
func panicError(panicked any) error { return fmt.Errorf("panic: %v", panicked) }
