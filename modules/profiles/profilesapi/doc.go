// Package profilesapi is all that other modules may know of the members: who may trade, how they are called, what the
// module publishes, and the guard by which other modules delay a deletion. It is a leaf: it imports no other module.
package profilesapi
