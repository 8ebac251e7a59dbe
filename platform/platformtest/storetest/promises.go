package storetest

import "testing"

// Promise is one of those that a suite checks. Its subject S is the store of the case, with what the suite does to it.
type Promise[S any] struct {
	Name string
	Run  func(t *testing.T, subject S)
}

// RunPromises checks the promises of every group, all at the same time. newSubject is called once for each promise, which
// gets data of its own. A suite has a type of its own, C, for its promises, so that its tables need no names of fields.
func RunPromises[S any, C ~struct {
	Name string
	Run  func(t *testing.T, subject S)
}](t *testing.T, newSubject func(t *testing.T) S, groups map[string][]C) {
	t.Helper()
	for name, promises := range groups {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, c := range promises {
				promise := Promise[S](c)
				t.Run(promise.Name, func(t *testing.T) {
					t.Parallel()
					promise.Run(t, newSubject(t))
				})
			}
		})
	}
}
