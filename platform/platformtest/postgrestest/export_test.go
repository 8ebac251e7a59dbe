package postgrestest

// The parts of the way through npm that a test can take without a network.
var (
	Install = install
)
