// Package app is what the profiles module can be asked to do: one use case per file, and the ports through which stores
// answer what is shown, passwords are hashed and letters are sent.
//
// A use case loads aggregates inside a unit of work, lets the domain decide, and returns its answer. Hashing of passwords
// and posting of letters happen outside the unit, which may run more than once.
package app
