package app

import (
	"bytes"
	"iter"

	"github.com/google/uuid"
)

// batches groups ids by listingsAtOnce. An error comes alone, after what was read before it.
func batches(ids iter.Seq2[uuid.UUID, error]) iter.Seq2[[]uuid.UUID, error] {
	return func(yield func([]uuid.UUID, error) bool) {
		var batch []uuid.UUID
		for id, err := range ids {
			if err != nil {
				if len(batch) == 0 || yield(batch, nil) {
					yield(nil, err)
				}
				return
			}
			if batch = append(batch, id); len(batch) == listingsAtOnce {
				if !yield(batch, nil) {
					return
				}
				batch = nil
			}
		}
		if len(batch) > 0 {
			yield(batch, nil)
		}
	}
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }
