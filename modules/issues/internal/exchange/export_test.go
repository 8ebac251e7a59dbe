package exchange

import (
	"errors"
	"io"
	"strings"
)

// MaxField is how many bytes a field may have.
const MaxField = maxField

// Split returns the fields of all records, and what was wrong with the others.
func Split(file string) (all [][]string, wrong []string) {
	records := newRecords(strings.NewReader(file))
	for {
		record, err := records.next()
		var syntax *errSyntax
		switch {
		case errors.Is(err, io.EOF):
			return all, wrong
		case errors.As(err, &syntax):
			wrong = append(wrong, syntax.detail)
			continue
		case err != nil:
			return all, append(wrong, err.Error())
		}
		texts := make([]string, len(record))
		for i, f := range record {
			texts[i] = f.text
		}
		all = append(all, texts)
	}
}
