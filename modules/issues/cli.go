package issues

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/issues/internal/exchange"
)

// What the program's commands do with issues beside serving them.

// importedAtOnce is how many issues one unit of work takes over: enough that a commit costs little for each, few enough that
// nobody waits long for it.
const importedAtOnce = 200

// Exchange imports and exports issues.
type Exchange struct {
	importing *app.ImportIssues
	exporting *app.ExportIssues
}

// NewExchange is a constructor for fx.
func NewExchange(importing *app.ImportIssues, exporting *app.ExportIssues) *Exchange {
	return &Exchange{importing: importing, exporting: exporting}
}

// ImportOptions say how to import.
type ImportOptions struct {
	// SkipBadRows leaves out and counts rows that make no sense.
	SkipBadRows bool
	// Progress is told how many issues are done; nil for nobody.
	Progress func(done int64)
}

// ImportResult says what became of the issues of a file. It is a command's answer.
type ImportResult struct {
	// Added were not here; Updated had changed since; Unchanged are here as there; Kept differ and stay as they are here.
	Added     int `json:"added"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Kept      int `json:"kept"`
	// BadRows were left out.
	BadRows int `json:"bad_rows"`
	// IgnoredColumns mean nothing here.
	IgnoredColumns []string `json:"ignored_columns"`
}

// Import takes over the issues of a file. The whole file is checked first, so that a bad row changes nothing. It then goes on
// in portions, each of which is taken over as a whole: one that was interrupted is simply done again. Errors: a row that makes
// no sense, with its place; a file that is none of issues; what the store reports.
func (x *Exchange) Import(ctx context.Context, name string, o ImportOptions) (ImportResult, error) {
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() { // which is read twice
		return ImportResult{}, errors.Join(err, fmt.Errorf("%s is no file that can be read", name))
	}
	nothing := func([]domain.Foreign) error { return nil }
	if _, err := portions(ctx, name, o.SkipBadRows, nothing); err != nil {
		return ImportResult{}, err
	}
	var counts app.Imported
	done := int64(0)
	result, err := portions(ctx, name, o.SkipBadRows, func(portion []domain.Foreign) error {
		more, err := x.importing.Do(ctx, portion)
		if err != nil {
			return fmt.Errorf("%w (%d issues of %s are done; import it again)", err, done, name)
		}
		counts = counts.Plus(more)
		done += int64(len(portion))
		if o.Progress != nil {
			o.Progress(done)
		}
		return nil
	})
	result.Added, result.Updated, result.Unchanged, result.Kept = counts.Added, counts.Updated, counts.Unchanged, counts.Kept
	return result, err
}

// portions calls do with the issues of the file, importedAtOnce of them at a time.
func portions(ctx context.Context, name string, skipBad bool, do func([]domain.Foreign) error) (r ImportResult, err error) {
	file, err := os.Open(name)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	reader, err := exchange.NewReader(file, name)
	if err != nil {
		return r, err
	}
	r.IgnoredColumns = append([]string{}, reader.Ignored()...)
	portion := make([]domain.Foreign, 0, importedAtOnce)
	for {
		f, err := reader.Next()
		var bad *exchange.RowError
		switch {
		case errors.Is(err, io.EOF):
			return r, do(portion)
		case errors.As(err, &bad) && skipBad:
			r.BadRows++
			continue
		case err != nil:
			return r, err
		}
		if portion = append(portion, f); len(portion) < importedAtOnce {
			continue
		}
		if err := context.Cause(ctx); err != nil {
			return r, err
		}
		if err := do(portion); err != nil {
			return r, err
		}
		portion = portion[:0]
	}
}

// WriteText writes the result for people. Errors: what w reports.
func (r ImportResult) WriteText(w io.Writer) error {
	lines := []string{fmt.Sprintf("%d added, %d updated, %d unchanged, %d kept as they are here", r.Added, r.Updated, r.Unchanged, r.Kept)}
	if r.BadRows > 0 {
		lines = append(lines, fmt.Sprintf("bad rows left out: %d", r.BadRows))
	}
	if len(r.IgnoredColumns) > 0 {
		lines = append(lines, fmt.Sprintf("columns that mean nothing here: %s", strings.Join(r.IgnoredColumns, ", ")))
	}
	_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}

// Export writes all issues that staff can see, row by row. For a spreadsheet it guards what that would take for formulas.
// Errors: what the store reports, or the writer.
func (x *Exchange) Export(ctx context.Context, w io.Writer, spreadsheet bool) error {
	writer, err := exchange.NewWriter(w, spreadsheet)
	if err != nil {
		return err
	}
	for issue, err := range x.exporting.Do(ctx) {
		if err == nil {
			err = writer.Write(issue)
		}
		if err != nil {
			return err
		}
	}
	return writer.Flush()
}
