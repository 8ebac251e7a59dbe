package rest

import (
	"errors"
	"maps"

	"github.com/gavelhq/gavel/platform/fault"
)

// bodyNames are the fields that bodies call otherwise than the rules do.
var bodyNames = map[string]string{
	"subject": "about", "evidence": "about", "assignee": "assignee_id", "member": "member_id",
}

// inBody returns a refusal of fields with the names that they have in the body of the request, so that the client finds
// them there; what else went wrong stays as it is.
func inBody(err error) error {
	refusal, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	fields := refusal.Fields()
	field, ok := fields["field"].(string)
	if !ok {
		return err
	}
	refusal = refusal.With("field", nameInBody(field))
	if all, ok := fields["errors"].([]map[string]string); ok {
		told := make([]map[string]string, len(all))
		for i, refused := range all {
			told[i] = maps.Clone(refused)
			told[i]["field"] = nameInBody(refused["field"])
		}
		refusal = refusal.With("errors", told)
	}
	return refusal
}

func nameInBody(field string) string {
	if name, ok := bodyNames[field]; ok {
		return name
	}
	return field
}
