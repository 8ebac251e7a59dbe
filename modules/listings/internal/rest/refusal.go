package rest

import (
	"errors"
	"maps"

	"github.com/gavelhq/gavel/platform/fault"
)

// bodyNames are the fields that bodies call otherwise than the rules do, which know durations and no seconds.
var bodyNames = map[string]string{"duration": "duration_seconds"}

// additionNames are those of an addition, whose text the rules judge as part of the description.
var additionNames = map[string]string{"description": "text"}

// inBody returns a refusal of fields with the names that they have in the body of the request, so that the client finds
// them there; what else went wrong stays as it is.
func inBody(err error, names map[string]string) error {
	refusal, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	fields := refusal.Fields()
	field, ok := fields["field"].(string)
	if !ok {
		return err
	}
	refusal = refusal.With("field", nameIn(names, field))
	if all, ok := fields["errors"].([]map[string]string); ok {
		told := make([]map[string]string, len(all))
		for i, refused := range all {
			told[i] = maps.Clone(refused)
			told[i]["field"] = nameIn(names, refused["field"])
		}
		refusal = refusal.With("errors", told)
	}
	return refusal
}

func nameIn(names map[string]string, field string) string {
	if name, ok := names[field]; ok {
		return name
	}
	return field
}
