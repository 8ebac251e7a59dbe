// Package publiclog is the form in which logs leave the house: a listing's public log as anybody may download and check
// it, and the heads of logs that somebody saved to check them later.
//
// Both are NDJSON: one JSON object a line, the first saying what the file is. A log's lines hold the fields that the
// hash chain covers, readable, and nothing twice: whoever checks it puts them into the canonical form
// (domain.EncodeEntry) and recomputes every hash. A line can be written in one way only. Whatever is written otherwise
// is refused, so that a file which verifies says exactly what was logged. Only how lines end is free: with \n or \r\n,
// the last one with nothing, and with empty lines behind it, which say nothing.
package publiclog
