package idempotency

import (
	"context"
	"fmt"
	"time"
)

// forgottenAtOnce is how many answers one transaction forgets: few enough that no command waits long for it.
const forgottenAtOnce = 1000

// Forget forgets every answer that is older than age, or than Kept if that is longer, in transactions of a moment each.
// Errors: the context's, or what the store reports; what was forgotten until then stays so.
func (k *Keys) Forget(ctx context.Context, age time.Duration) error {
	before := k.clock.Now().Add(-max(age, Kept))
	for {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("forget idempotency keys: %w", context.Cause(ctx))
		}
		n, err := k.answers.Forget(ctx, before, forgottenAtOnce)
		if err != nil {
			return fmt.Errorf("forget idempotency keys: %w", err)
		}
		if n < forgottenAtOnce {
			return nil
		}
	}
}
