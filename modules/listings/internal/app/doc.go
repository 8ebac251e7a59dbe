// Package app is what the listings module can be asked to do: one use case per file, and the interfaces through which
// stores answer what is shown (Views, Ledger, Schedule).
//
// A use case loads aggregates inside a unit of work, lets the domain decide, and returns its answer. It authorises
// through the domain (who is the seller, who moderates), knows no HTTP and no SQL, and does no I/O inside a unit but
// through repositories, because units may run again.
package app
