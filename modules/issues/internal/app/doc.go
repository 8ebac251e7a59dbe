// Package app is what the help desk can be asked to do: one use case per file, and the ports through which stores answer
// what is shown, evidence is taken and letters are sent.
//
// A use case loads issues inside a unit of work, lets the domain decide, and returns its answer. Evidence is taken before
// the unit, which may run more than once, and letters are posted after it.
package app
