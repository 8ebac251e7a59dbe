// Package domain holds the members: their accounts and profiles, what they sign in with, and the rules about all of it.
//
// It knows no SQL, HTTP, hashing of passwords or sending of letters, and no clock: now is a parameter. Everything that is
// stored is an aggregate with a version; each has a State, which is plain data for mappers.
package domain
