// Package exchange reads and writes files of issues: CSV whose first line names the columns.
//
// It reads with rules of its own, because encoding/csv makes "\n" of a "\r\n" inside a field: a title is kept byte for byte.
package exchange
