package app

import "context"

// Hasher turns passwords into what can be stored. It lets only a few be computed at once; others wait.
type Hasher interface {
	// Hash returns the hash of a password, with its salt and cost, in its own notation. Errors: the context's, when it ends
	// before it is this one's turn.
	Hash(ctx context.Context, password string) (string, error)
	// Compare reports whether the hash is of the password, and whether it should be computed anew because the cost has
	// changed. An empty hash, of an account that does not exist, takes as long as any other and matches nothing. Errors:
	// the context's; a hash in a notation that it does not know.
	Compare(ctx context.Context, hash, password string) (same, outdated bool, err error)
}

// CommonPasswords knows the passwords that everybody tries first.
type CommonPasswords interface {
	// Common reports whether the password, in lower case, is one of them.
	Common(lower string) bool
}

// Secrets draws what nobody can guess.
type Secrets interface {
	// Draw fills p with random bytes. Errors: none that can be gone on from.
	Draw(p []byte) error
}
