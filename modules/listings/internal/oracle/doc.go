// Package oracle judges the listings module from outside: a second implementation of the auction rules "classic-1",
// written from their text alone, in the most naive way that is plainly right. It keeps every bid of the whole history,
// computes each price anew from nothing and never looks at what the product does. It imports the standard library and
// nothing of this repository, so that an error in the product's money, tables, prices or times cannot hide in both.
//
// [World] carries out commands by the rules; [Generate] makes random histories that crowd around the boundaries of the
// rules; [Play] puts a history to the world and to a [Subject] side by side and reports the first difference;
// [Shrink] makes the history of a difference as short as it gets.
//
// Instants are microseconds since 1970 in UTC, amounts minor units of the listing's currency.
package oracle
