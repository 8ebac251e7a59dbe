package profilesapi

import "context"

// Throttles slow down whoever asks for too much, in one count for all modules: a stranger who has one module write to an
// address cannot have the next one do so as often again. Call it inside a unit of work: what is counted is stored if and
// only if it commits.
type Throttles interface {
	// Letter counts a letter to the address for which somebody on the network asks, who need not be its owner, and reports
	// whether it may be posted: one address gets a few, whoever asks. Who asks for too many for one address must not be
	// told: he would learn who else writes to it. Errors: an address that is none; a fault of kind limited, with the field
	// retry_after in seconds, from a network that asks for too many letters, whatever their addresses; uow.ErrNoUnit,
	// uow.ErrEnded, or what the store reports.
	Letter(ctx context.Context, address, network string) (bool, error)
	// Attempt counts one attempt of that kind by somebody, of which so many in a row are free of delay: between one and the
	// next less than five minutes pass. Errors: a fault of kind limited, with the field retry_after in seconds;
	// uow.ErrNoUnit, uow.ErrEnded, or what the store reports.
	Attempt(ctx context.Context, kind, who string, free int) error
}
