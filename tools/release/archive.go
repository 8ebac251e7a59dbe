package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"
)

// beside is what lies beside the program in an archive, as paths of the repository: files, and directories with
// everything below them.
var beside = []string{"LICENSE", "README.md", "config.yaml", "docs/operations", "packaging"}

// file is one file of an archive.
type file struct {
	name    string // below the archive's own directory, with slashes
	content []byte
	program bool // it can be executed
}

func (f file) mode() fs.FileMode {
	if f.program {
		return 0o755
	}
	return 0o644
}

// pack writes the archive of one platform into dir: a zip for Windows, else a tar.gz.
func (s source) pack(b binary, licences []byte, dir string) error {
	files := []file{
		{name: b.platform.program(), content: b.content, program: true},
		{name: "LICENSES-OF-OTHERS.txt", content: licences},
	}
	for _, name := range beside {
		found, err := readTree(s.root, name)
		if err != nil {
			return fmt.Errorf("read %s for the archive: %w", name, err)
		}
		files = append(files, found...)
	}
	slices.SortFunc(files, func(a, b file) int { return cmp.Compare(a.name, b.name) })

	write, suffix := writeTar, ".tar.gz"
	if b.platform.os == "windows" {
		write, suffix = writeZip, ".zip"
	}
	archive := new(bytes.Buffer)
	if err := write(archive, s.name(), s.time, files); err != nil {
		return fmt.Errorf("pack for %s: %w", b.platform, err)
	}
	name := fmt.Sprintf("%s-%s-%s%s", s.name(), b.platform.os, b.platform.arch, suffix)
	return os.WriteFile(filepath.Join(dir, name), archive.Bytes(), 0o644)
}

// readTree reads a file of the repository, or all files below a directory.
func readTree(root, name string) ([]file, error) {
	var found []file
	err := filepath.WalkDir(filepath.Join(root, name), func(at string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		within, err := filepath.Rel(root, at)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(at)
		found = append(found, file{name: filepath.ToSlash(within), content: content})
		return err
	})
	return found, err
}

// directories returns the directories that the files lie in, each before what is in it.
func directories(files []file) []string {
	var names []string
	for _, f := range files {
		for dir := path.Dir(f.name); dir != "."; dir = path.Dir(dir) {
			names = append(names, dir)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// writeTar writes a compressed tar. Everything in it is below the directory top, belongs to root and was changed at the
// instant.
func writeTar(w io.Writer, top string, changed time.Time, files []file) error {
	compressed, err := gzip.NewWriterLevel(w, gzip.BestCompression) // its header has neither a name nor a time
	if err != nil {
		return err
	}
	archive := tar.NewWriter(compressed)
	for _, dir := range append([]string{""}, directories(files)...) {
		header := &tar.Header{
			Typeflag: tar.TypeDir, Name: path.Join(top, dir) + "/", Mode: 0o755, ModTime: changed, Format: tar.FormatUSTAR,
		}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
	}
	for _, f := range files {
		header := &tar.Header{
			Typeflag: tar.TypeReg, Name: path.Join(top, f.name), Mode: int64(f.mode()), Size: int64(len(f.content)),
			ModTime: changed, Format: tar.FormatUSTAR,
		}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		if _, err := archive.Write(f.content); err != nil {
			return err
		}
	}
	return errors.Join(archive.Close(), compressed.Close())
}

// writeZip writes a zip with the same content as writeTar.
func writeZip(w io.Writer, top string, changed time.Time, files []file) error {
	archive := zip.NewWriter(w)
	archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	for _, f := range files {
		header := &zip.FileHeader{Name: path.Join(top, f.name), Method: zip.Deflate, Modified: changed}
		header.SetMode(f.mode())
		entry, err := archive.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := entry.Write(f.content); err != nil {
			return err
		}
	}
	return archive.Close()
}
