package verify_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/publiclog"
	"github.com/gavelhq/gavel/modules/listings/internal/verify"
)

// Editors, shells and mail programs put empty lines behind a file that they pass on.
func TestEmptyLinesBehindAnExportedLog(t *testing.T) {
	t.Parallel()
	p := onMemory()
	file := p.exported(t, p.play(t, "A lamp"))

	for name, change := range map[string]func(string) string{
		"none, and no end of the last line": func(file string) string { return strings.TrimSuffix(file, "\n") },
		"one":                               func(file string) string { return file + "\n" },
		"as Windows writes it":              func(file string) string { return strings.ReplaceAll(file, "\n", "\r\n") + "\r\n" },
		"many":                              func(file string) string { return file + strings.Repeat("\n", 3<<20) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := verifyFile(t, change(file), nil)
			require.NoError(t, report.Err(), "%v", report.Flaws)
			require.EqualValues(t, lastSeq, report.Events)
		})
	}

	flaws := map[string]struct {
		change func(string) string
		seq    int64
		detail string
	}{
		"in the middle":      {lines(func(all []string) []string { all[5] = "\n" + all[5]; return all }), 5, "line 6: it is empty, and others follow"},
		"behind the header":  {lines(func(all []string) []string { all[1] = "\r\n\n" + all[1]; return all }), 1, "line 2: it is empty, and others follow"},
		"before an event":    {func(file string) string { return file + "\n\n" + "{}\n" }, lastSeq + 1, "it is empty, and others follow"},
		"that have a space":  {func(file string) string { return file + " \n" }, lastSeq + 1, "it cannot be read"},
		"and then a space":   {func(file string) string { return file + "\n " }, lastSeq + 1, "it is empty, and others follow"},
		"that end the first": {func(file string) string { return file[:strings.Index(file, "\n")] + "\n\n" }, 1, ""},
	}
	for name, c := range flaws {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := verifyFile(t, c.change(file), nil)
			require.Len(t, report.Flaws, 1)
			require.Equal(t, c.seq, report.Flaws[0].Seq, report.Flaws[0].Detail)
			if c.detail == "" {
				require.Equal(t, string(domain.ProblemMissing), report.Flaws[0].Problem, "the events are")
				return
			}
			require.Equal(t, string(domain.ProblemMalformed), report.Flaws[0].Problem)
			require.Contains(t, report.Flaws[0].Detail, c.detail)
		})
	}

	for name, text := range map[string]string{"before the header": "\n" + file, "and nothing else": "\n\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := verify.File(strings.NewReader(text), verify.Options{})
			require.ErrorIs(t, err, publiclog.ErrNotALog)
		})
	}
}
