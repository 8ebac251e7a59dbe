package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	instant = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	packed  = []file{
		{name: "LICENSE", content: []byte("terms")},
		{name: "docs/operations/README.md", content: []byte("how")},
		{name: "monolith", content: []byte("program"), program: true},
	}
)

func TestATarBelongsToNobodyAndToOneInstant(t *testing.T) {
	t.Parallel()
	archive := new(bytes.Buffer)
	require.NoError(t, writeTar(archive, "gavel-v1", instant, packed))
	compressed, err := gzip.NewReader(archive)
	require.NoError(t, err)
	require.Zero(t, compressed.ModTime)
	require.Empty(t, compressed.Name)

	var names []string
	modes := map[string]int64{}
	for reader := tar.NewReader(compressed); ; {
		header, err := reader.Next()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		require.True(t, header.ModTime.Equal(instant), header.Name)
		require.Zero(t, header.Uid+header.Gid, header.Name)
		require.Empty(t, header.Uname+header.Gname, header.Name)
		names = append(names, header.Name)
		modes[header.Name] = header.Mode
	}
	require.Equal(t, []string{
		"gavel-v1/", "gavel-v1/docs/", "gavel-v1/docs/operations/",
		"gavel-v1/LICENSE", "gavel-v1/docs/operations/README.md", "gavel-v1/monolith",
	}, names)
	require.Equal(t, int64(0o755), modes["gavel-v1/monolith"])
	require.Equal(t, int64(0o644), modes["gavel-v1/LICENSE"])
}

func TestAZipHoldsTheSame(t *testing.T) {
	t.Parallel()
	archive := new(bytes.Buffer)
	require.NoError(t, writeZip(archive, "gavel-v1", instant, packed))
	reader, err := zip.NewReader(bytes.NewReader(archive.Bytes()), int64(archive.Len()))
	require.NoError(t, err)
	require.Len(t, reader.File, len(packed))
	for i, entry := range reader.File {
		require.Equal(t, "gavel-v1/"+packed[i].name, entry.Name)
		require.True(t, entry.Modified.Equal(instant), entry.Name)
		require.Equal(t, packed[i].mode(), entry.Mode())
		opened, err := entry.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(opened)
		require.NoError(t, err)
		require.Equal(t, packed[i].content, content)
	}
}

func TestTheSameFilesGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	for _, write := range []func(io.Writer, string, time.Time, []file) error{writeTar, writeZip} {
		first, second := new(bytes.Buffer), new(bytes.Buffer)
		require.NoError(t, write(first, "gavel-v1", instant, packed))
		require.NoError(t, write(second, "gavel-v1", instant, packed))
		require.Equal(t, first.Bytes(), second.Bytes())
	}
}
