package publiclog_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/publiclog"
)

func head(seq int64) domain.Head { return domain.Head{Seq: seq, Hash: domain.Hash{1, byte(seq)}} }

// saved writes heads, the second of them of the first listing again.
func saved(t *testing.T, one, other uuid.UUID) string {
	t.Helper()
	var file bytes.Buffer
	w, err := publiclog.NewHeadsWriter(&file)
	require.NoError(t, err)
	require.NoError(t, w.Write(one, head(3)))
	require.NoError(t, w.Write(one, head(5)))
	require.NoError(t, w.Write(other, head(1)))
	require.NoError(t, w.End())
	return file.String()
}

func TestHeadsAreReadAsTheyWereSaved(t *testing.T) {
	t.Parallel()
	one, other := uuid.UUID{1}, uuid.UUID{2}
	heads, err := publiclog.ReadHeads(strings.NewReader(saved(t, one, other)))
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(publiclog.Heads{one: {head(3), head(5)}, other: {head(1)}}, heads))

	behind, err := publiclog.ReadHeads(strings.NewReader(saved(t, one, other) + "\n\n"))
	require.NoError(t, err, "empty lines behind the last are none")
	require.Equal(t, heads, behind)

	heads.Add(publiclog.Heads{other: {head(2)}})
	require.Equal(t, []domain.Head{head(1), head(2)}, heads[other])
}

func TestNoHeadsAtAll(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	w, err := publiclog.NewHeadsWriter(&file)
	require.NoError(t, err)
	require.NoError(t, w.End())
	require.Equal(t, "{\"format\":\"gavel-heads-1\"}\n{\"heads\":0}\n", file.String())
	heads, err := publiclog.ReadHeads(&file)
	require.NoError(t, err)
	require.Empty(t, heads)
}

func TestFilesThatAreNotAllHeads(t *testing.T) {
	t.Parallel()
	file := saved(t, uuid.UUID{1}, uuid.UUID{2})
	lines := strings.SplitAfter(file, "\n")
	cases := map[string]struct{ text, want string }{
		"empty":              {"", "it ends before its last line"},
		"another format":     {`{"format":"gavel-log-1"}`, `line 1: the format is "gavel-log-1"`},
		"something else":     {"heads", "line 1: it cannot be read"},
		"cut off":            {strings.Join(lines[:3], ""), "it ends before its last line"},
		"a head is missing":  {lines[0] + lines[1] + lines[4], "line 3: there are 1 heads, not 3"},
		"a field too many":   {lines[0] + strings.Replace(lines[1], "{", `{"x":1,`, 1), `line 2: it cannot be read: json: unknown field "x"`},
		"a field twice":      {lines[0] + strings.Replace(lines[1], "{", `{"seq":3,`, 1), "line 2: it is not written as Gavel writes it"},
		"a short hash":       {lines[0] + strings.Replace(lines[1], `"hash":"01`, `"hash":"`, 1), "line 2: it cannot be read"},
		"something behind":   {file + "{}\n", "line 6: it follows the last line"},
		"an empty line":      {lines[0] + "\n" + lines[1], "line 2: it is empty, and others follow"},
		"and then something": {file + "\n{}\n", "line 6: it is empty, and others follow"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := publiclog.ReadHeads(strings.NewReader(c.text))
			require.ErrorIs(t, err, publiclog.ErrNotHeads)
			require.ErrorContains(t, err, c.want)
		})
	}
}
