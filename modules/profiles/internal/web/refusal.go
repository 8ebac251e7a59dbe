package web

import (
	"net/http"

	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// refuse answers a form that was refused: with the form again, and beside each field what is wrong with it. What is a
// failure of ours is answered, and logged, as everywhere.
func (s *site) refuse(w http.ResponseWriter, r *http.Request, p page, err error) {
	status := httpserver.Refusal(w.Header(), err)
	if status >= http.StatusInternalServerError {
		httpserver.WriteError(w, r, err)
		return
	}
	f := fault.Of(err)
	if p.Form == nil || !p.Form.blame(f) {
		p.Problem = f.Detail()
	}
	s.show(w, r, status, p)
}

// blame puts a refusal beside the fields that it is about. It reports false when it is about none of them.
func (f *form) blame(refusal *fault.Error) bool {
	about := map[string]string{}
	fields := refusal.Fields()
	if name, ok := fields["field"].(string); ok {
		about[name] = refusal.Detail()
	}
	if all, ok := fields["errors"].([]map[string]string); ok {
		for _, one := range all {
			about[one["field"]] = one["detail"]
		}
	}
	blamed := false
	for i := range f.Fields {
		if detail, ok := about[f.Fields[i].Name]; ok {
			f.Fields[i].Error, blamed = detail, true
		}
	}
	return blamed
}
