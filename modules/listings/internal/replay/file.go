package replay

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// File is what a file holds: either of the two.
type File struct {
	// Recording are recorded auctions; nil in a file of histories.
	Recording *Recording
	// Histories are worked examples; nil in a recording.
	Histories *Histories
}

// byteOrderMarks begin files in the encodings of Unicode.
var (
	utf8Mark   = []byte{0xEF, 0xBB, 0xBF}
	utf16Marks = [][]byte{{0xFF, 0xFE}, {0xFE, 0xFF}}
)

// Read reads the file of that name: a recording in CSV, or histories in JSON. A name that does not end in .csv or .json
// tells nothing; then the first character does. Errors: as ReadCSV and ReadHistories, a file that is not there or cannot
// be read.
func Read(name string, skipBad bool) (File, error) {
	file, err := os.Open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return File{}, fmt.Errorf("%s does not exist: name a CSV file in the public eBay layout, or a JSON file of histories", name)
	case err != nil:
		return File{}, err
	}
	defer func() { _ = file.Close() }() // it was only read
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return File{}, fmt.Errorf("%s is a folder: name a CSV file in the public eBay layout, or a JSON file of histories", name)
	}
	r := bufio.NewReader(file)
	if err := skipMark(r, name); err != nil {
		return File{}, err
	}
	if isJSON(r, name) {
		histories, err := ReadHistories(r, name)
		return File{Histories: histories}, err
	}
	recording, err := ReadCSV(r, name, skipBad)
	return File{Recording: recording}, err
}

// skipMark skips the mark with which some programs begin files in UTF-8.
func skipMark(r *bufio.Reader, name string) error {
	start, err := r.Peek(len(utf8Mark))
	if err != nil && err != io.EOF {
		return fmt.Errorf("read %s: %w", name, err)
	}
	for _, mark := range utf16Marks {
		if bytes.HasPrefix(start, mark) {
			return fmt.Errorf("%s is in UTF-16: save it in UTF-8", name)
		}
	}
	if bytes.Equal(start, utf8Mark) {
		_, err = r.Discard(len(utf8Mark))
		return err
	}
	return nil
}

func isJSON(r *bufio.Reader, name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json":
		return true
	case ".csv":
		return false
	default:
		start, err := r.Peek(1)
		return err == nil && start[0] == '{'
	}
}
