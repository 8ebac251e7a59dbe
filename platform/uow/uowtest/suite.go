package uowtest

import (
	"testing"
)

// testCase is one promise of the unit of work.
type testCase struct {
	name string
	run  func(t *testing.T, s *subject)
}

// Run checks that units of work over an adapter keep every promise. newFixture is called once for each case, which gets
// data of its own.
func Run(t *testing.T, newFixture func(t *testing.T) Fixture) {
	t.Helper()
	groups := []struct {
		name  string
		cases []testCase
	}{
		{"storing", storingCases},
		{"rollback", rollbackCases},
		{"identity", identityCases},
		{"nesting", nestingCases},
		{"batches", batchCases},
		{"sharing", sharingCases},
		{"remembering", rememberingCases},
		{"ahead", aheadCases},
		{"events", eventCases},
		{"overlap", overlapCases},
		{"crowd", crowdCases},
	}
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			for _, c := range g.cases {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					c.run(t, newSubject(t, newFixture(t)))
				})
			}
		})
	}
}
