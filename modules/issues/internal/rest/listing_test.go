package rest_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/identity"
)

func TestActingOnTheListingOfAnIssue(t *testing.T) {
	t.Parallel()
	for act, kind := range map[string]string{"freeze": "listing_frozen", "cancel": "listing_cancelled"} {
		t.Run(act, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			both := s.signedIn(identity.Agent, identity.Moderator)
			moderator := s.signedIn(identity.Moderator)
			accused := s.known(seller, identity.Agent, identity.Moderator)
			path, plain := s.ada.report(fields{"about": fields{"listing_id": listing}}), s.ada.report(nil)
			why := fields{"reason": "Is it stolen?"}
			before := s.lead.get(path).is(http.StatusOK).body
			for who, r := range map[string]refusal{
				"a guest":                {s.vera, http.StatusUnauthorized, "sign_in_required"},
				"the reporter":           {s.ada, http.StatusForbidden, "not_permitted"},
				"an agent, no moderator": {s.agent, http.StatusForbidden, "not_permitted"},
				"a moderator, no agent":  {moderator, http.StatusForbidden, "not_permitted"},
				"the accused":            {accused, http.StatusNotFound, "issue_not_found"},
			} {
				t.Log(who)
				r.by.post(path+"/listing/"+act, why).refused(r.status, r.code)
			}
			for _, reason := range []string{"", " ", strings.Repeat("é", 1001)} {
				both.post(path+"/listing/"+act, fields{"reason": reason}).refused(http.StatusUnprocessableEntity, "invalid_reason")
			}
			both.post(plain+"/listing/"+act, why).refused(http.StatusConflict, "issue_without_listing")
			require.Equal(t, before, s.lead.get(path).is(http.StatusOK).body)

			done := both.post(path+"/listing/"+act, why, "Idempotency-Key", "1").is(http.StatusOK)
			require.Equal(t, "reported", done.text("state"))
			require.Equal(t, done.body, both.post(path+"/listing/"+act, why, "Idempotency-Key", "1").is(http.StatusOK).body)
			both.post(path+"/listing/"+act, fields{"reason": strings.Repeat("é", 1000)}).is(http.StatusOK)
			both.post(path+"/reject", fields{"reason": "spam"}).is(http.StatusOK)
			both.post(path+"/listing/"+act, why).refused(http.StatusConflict, "transition_not_allowed")

			staffs := s.agent.get(path + "/timeline").is(http.StatusOK).items()[1]
			require.Equal(t, kind, staffs["kind"])
			require.Equal(t, "Is it stolen?", staffs["text"])
			reporters := s.ada.get(path + "/timeline").is(http.StatusOK).items()[1]
			require.Equal(t, kind, reporters["kind"])
			require.NotContains(t, reporters, "text", "why is for staff")
		})
	}
}

func (*neighbours) Freeze(_ context.Context, by identity.Caller, _ uuid.UUID, _ string) error {
	return by.Check(listingsapi.Moderate)
}

func (*neighbours) Unfreeze(_ context.Context, by identity.Caller, _ uuid.UUID, _ string) error {
	return by.Check(listingsapi.Moderate)
}

func (*neighbours) Cancel(_ context.Context, by identity.Caller, _ uuid.UUID, _ string) error {
	return by.Check(listingsapi.Moderate)
}
