package app

import (
	"context"
	"io"

	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/identity"
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
func (u *ExportData) Do(ctx context.Context, by identity.Caller, w io.Writer) error { return errLater }
