// Package idempotency makes commands safe to repeat that leave no log of their own: what was answered is remembered under
// the key that the client chose, in the command's own unit of work, and the same request gets the same answer again.
//
// Only accepted commands are remembered; a refusal is judged anew. Keys are kept for Kept at least and scoped to the
// member and the operation. Commands on listings do without: their log remembers them.
package idempotency

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/fault"
)

// Kept is how long an answer is remembered at least, whatever a house decides: clients are promised it.
const Kept = 7 * 24 * time.Hour

// MaxKey is the longest key, in bytes.
const MaxKey = 255

var (
	// ErrInvalidKey refuses a key.
	ErrInvalidKey = fault.New(fault.Invalid, "invalid_idempotency_key", "An idempotency key has at most 255 characters.").
			With("field", "idempotency_key")
	// ErrConflict: the key was used for another request.
	ErrConflict = fault.New(fault.Conflict, "idempotency_conflict",
		"This idempotency key was used with another request. Use a new key.")
)

// Request is what a client asked for, as far as it tells requests apart.
type Request struct {
	// Member asks; zero for guests, who share one scope.
	Member uuid.UUID
	// Operation names the command, such as "create listing".
	Operation string
	// Key is the client's; empty means that nothing is remembered.
	Key string
	// Body is what was asked for. It is encoded as JSON and hashed; it must hold no password and no secret, because a
	// fast hash of one can be guessed.
	Body any
}

// Remembered is an answer under its key.
type Remembered struct {
	// ID is made of member, operation and key.
	ID uuid.UUID
	// Body is the SHA-256 of the request's body.
	Body [sha256.Size]byte
	// Answer is the answer as JSON.
	Answer []byte
	// At is when the command was accepted.
	At time.Time
}

// Answers keeps what was answered.
type Answers interface {
	// Find returns the answer under the id, in the unit of work in ctx. Errors: uow.ErrNoUnit, uow.ErrEnded, or what the
	// store reports.
	Find(ctx context.Context, id uuid.UUID) (found Remembered, ok bool, err error)
	// Remember stores the answer when the unit of work in ctx commits. Errors: uow.ErrNoUnit, uow.ErrEnded; at the commit
	// uow.ErrConflict when another unit has stored one under the same id, so that the unit runs again and finds it; or
	// what the store reports.
	Remember(ctx context.Context, answer Remembered) error
	// Forget deletes answers given before the instant, at most limit of them, in a transaction of its own, and returns how
	// many. Errors: what the store reports.
	Forget(ctx context.Context, before time.Time, limit int) (int, error)
}

// namespace makes ids of keys. It must never change: ids in databases were made with it.
var namespace = uuid.MustParse("0c9b7a5e-2f43-5d0a-8a51-3b7de0e6c1f4")

// Keys answers repeated requests.
type Keys struct {
	answers Answers
	clock   clock.Clock
}

// NewKeys returns keys remembered in answers.
func NewKeys(answers Answers, c clock.Clock) *Keys { return &Keys{answers: answers, clock: c} }

// Do runs a command inside a unit of work and remembers its answer; a request that was accepted before is answered as
// then, and run is not called. T must survive JSON, and must hold nothing that may not be stored in plain text.
//
// Errors: ErrInvalidKey, ErrConflict for another body under the same key, and those of run and of the store.
func Do[T any](ctx context.Context, k *Keys, r Request, run func(context.Context) (T, error)) (T, error) {
	var none T
	answer, answered, err := Earlier[T](ctx, k, r)
	if answered || err != nil {
		return answer, err
	}
	if answer, err = run(ctx); err != nil {
		return none, err
	}
	if r.Key == "" {
		return answer, nil
	}
	remembered, err := k.asked(r)
	if err != nil {
		return none, err
	}
	if remembered.Answer, err = json.Marshal(answer); err != nil {
		return none, fmt.Errorf("remember the answer of %s: %w", r.Operation, err)
	}
	return answer, k.answers.Remember(ctx, remembered)
}

// Earlier returns inside a unit of work what the same request was answered when it was accepted, and false if it was not:
// for a command that does something before the unit in which it calls Do. Errors: ErrInvalidKey, ErrConflict for another body
// under the same key; what the store reports.
func Earlier[T any](ctx context.Context, k *Keys, r Request) (answer T, answered bool, err error) {
	if r.Key == "" {
		return answer, false, nil
	}
	asked, err := k.asked(r)
	if err != nil {
		return answer, false, err
	}
	earlier, found, err := k.answers.Find(ctx, asked.ID)
	if err != nil || !found {
		return answer, false, err
	}
	answer, err = answerOf[T](earlier, asked)
	return answer, err == nil, err
}

// asked returns the request as it is remembered, without an answer. Errors: ErrInvalidKey.
func (k *Keys) asked(r Request) (Remembered, error) {
	if len(r.Key) > MaxKey {
		return Remembered{}, ErrInvalidKey
	}
	body, err := json.Marshal(r.Body)
	if err != nil {
		return Remembered{}, fmt.Errorf("hash the request under an idempotency key: %w", err)
	}
	return Remembered{
		ID:   uuid.NewSHA1(namespace, fmt.Appendf(nil, "%s\n%s\n%s", r.Member, r.Operation, r.Key)),
		Body: sha256.Sum256(body),
		At:   k.clock.Now(),
	}, nil
}

// answerOf reads an earlier answer. Errors: ErrConflict when it answered another request.
func answerOf[T any](earlier, asked Remembered) (T, error) {
	var answer, none T
	if earlier.Body != asked.Body {
		return none, ErrConflict
	}
	if err := json.Unmarshal(earlier.Answer, &answer); err != nil {
		return none, fmt.Errorf("read a remembered answer: %w", err)
	}
	return answer, nil
}
