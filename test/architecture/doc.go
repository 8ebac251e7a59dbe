// Package architecture holds the borders that the compiler cannot.
//
// Go's internal directories already keep modules out of one another's insides. The finer borders (the domain knows no
// database, fx stays in the wiring, modules meet through their api packages only) are a table, Rules, which this
// package's tests check against the imports of every file in the repository. Each rule is also tried on imports that
// it must catch, in made-up files and in a real module under testdata, so that no rule can quietly look at nothing.
package architecture
