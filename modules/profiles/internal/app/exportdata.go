package app

import (
	"archive/zip"
	"context"
	"fmt"
	"io"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/page"
)

// ExportData gives a member what the house keeps about him.
type ExportData struct {
	house   *House
	sources []profilesapi.DataSource
}

// NewExportData returns the use case over the other modules' sources.
func NewExportData(house *House, sources []profilesapi.DataSource) *ExportData {
	return &ExportData{house: house, sources: sources}
}

// Do writes a ZIP archive of JSON files to w. Nothing is written before everything was read. Errors:
// domain.ErrMemberNotFound, what the stores and w report.
func (u *ExportData) Do(ctx context.Context, by identity.Caller, w io.Writer) error {
	files, err := u.files(ctx, by.ID)
	if err != nil {
		return fmt.Errorf("export data: %w", err)
	}
	archive := zip.NewWriter(w)
	for _, file := range files {
		f, err := archive.CreateHeader(&zip.FileHeader{Name: file.File, Method: zip.Deflate, Modified: u.house.clock.Now()})
		if err != nil {
			return fmt.Errorf("export data: %w", err)
		}
		if _, err := f.Write(file.JSON); err != nil {
			return fmt.Errorf("export data: %w", err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("export data: %w", err)
	}
	return nil
}

// files reads everything, ours first.
func (u *ExportData) files(ctx context.Context, member uuid.UUID) ([]profilesapi.PortableData, error) {
	files, err := u.own(ctx, member)
	if err != nil {
		return nil, err
	}
	for _, source := range u.sources {
		more, err := source.Export(ctx, member)
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	return files, nil
}

// own reads what this module keeps. Hashes are nobody's data.
func (u *ExportData) own(ctx context.Context, member uuid.UUID) ([]profilesapi.PortableData, error) {
	views := u.house.views
	m, err := views.Member(ctx, member)
	if err != nil {
		return nil, err
	}
	settings, err := views.Settings(ctx, member)
	if err != nil {
		return nil, err
	}
	sessions, err := everything(func(r page.Request) (page.Of[SessionRecord], error) {
		return views.Sessions(ctx, member, u.house.clock.Now(), r)
	})
	if err != nil {
		return nil, err
	}
	tokens, err := everything(func(r page.Request) (page.Of[TokenRecord], error) { return views.Tokens(ctx, member, r) })
	if err != nil {
		return nil, err
	}
	blocks, err := everything(func(r page.Request) (page.Of[BlockRecord], error) { return views.Blocks(ctx, member, r) })
	if err != nil {
		return nil, err
	}
	notices, err := everything(func(r page.Request) (page.Of[NoticeRecord], error) {
		return views.Notices(ctx, member, false, r)
	})
	if err != nil {
		return nil, err
	}
	return inFiles(portable{m, settings, sessions, tokens, blocks, notices})
}

// everything reads all pages of a list.
func everything[T any](read func(page.Request) (page.Of[T], error)) ([]T, error) {
	all := []T{}
	request := page.Request{Limit: page.MaxLimit}
	for {
		p, err := read(request)
		if err != nil {
			return nil, err
		}
		all = append(all, p.Items...)
		if p.Next == "" {
			return all, nil
		}
		request.Cursor = p.Next
	}
}
