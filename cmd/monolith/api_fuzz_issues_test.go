package main

import (
	"fmt"
	"net/http"

	"github.com/gavelhq/gavel/platform/httpserver/openapitest/malform"
)

// issueMakers are the makers for what is done with issues. Those that need issues.work are for admins, who may act in
// everybody's place.
var issueMakers = map[string]maker{
	"report-issue": func(s *siege, _ *vandal) malform.Known {
		known := malform.Known{"body.title": "It creaks", "body.email": malform.Omit, "body.about": malform.Omit}
		if s.generator.Chance(2) {
			delete(known, "body.about")
			known["body.about.listing_id"], known["body.about.member_id"] = s.seller.sell(nil), s.seller.id.String()
			known["body.about.bid"] = malform.Omit
		}
		return known
	},
	"confirm-issue": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"body.token": s.h.mailed(s.reportAsVisitor(), "/issues/confirm")}
	},
	"request-issue-link": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"body.email": s.generator.Word(14) + "@example.org"}
	},
	"list-issues": func(s *siege, c *vandal) malform.Known {
		for range 2 {
			c.post("/api/v1/issues", fields{"title": "A question"}).is(http.StatusCreated)
		}
		known := secondPage(c, "/api/v1/issues?limit=1")
		known["query.view"] = malform.Omit // which has an order of its own
		if !c.admin {
			for _, filter := range []string{"category", "untriaged", "assignee_id", "unassigned", "reporter_id"} {
				known["query."+filter] = malform.Omit
			}
		}
		return known
	},
	"get-issue": func(s *siege, c *vandal) malform.Known {
		return malform.Known{"path.id": s.issueOf(c.visitor), "header.Issue-Link": malform.Omit}
	},
	"get-issue-timeline": func(s *siege, c *vandal) malform.Known {
		id := s.issueOf(c.visitor)
		known := secondPage(c, "/api/v1/issues/"+id+"/timeline?limit=1")
		known["path.id"], known["header.Issue-Link"] = id, malform.Omit
		return known
	},
	"get-issue-evidence": func(s *siege, c *vandal) malform.Known {
		return malform.Known{"path.id": s.issueOf(c.visitor), "header.Issue-Link": malform.Omit}
	},
	"comment-on-issue": func(s *siege, c *vandal) malform.Known {
		return malform.Known{"path.id": s.issueOf(c.visitor), "header.Issue-Link": malform.Omit, "body.text": "Hello."}
	},
	"reopen-issue": func(s *siege, c *vandal) malform.Known {
		return malform.Known{"path.id": s.taken(s.issueOf(c.visitor), "/triage", "/pick", "/resolve"), "header.Issue-Link": malform.Omit}
	},
	"triage-issue": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"path.id": s.issueOf(s.seller), "body.category": "site", "body.priority": "high"}
	},
	"pick-issue": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"path.id": s.taken(s.issueOf(s.seller), "/triage")}
	},
	"assign-issue": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"path.id": s.taken(s.issueOf(s.seller), "/triage"), "body.assignee_id": s.keeper.id.String()}
	},
	"reassign-issue": func(s *siege, c *vandal) malform.Known {
		return malform.Known{"path.id": s.taken(s.issueOf(s.seller), "/triage", "/pick"), "body.assignee_id": c.id.String()}
	},
	"await-on-issue": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"path.id": s.taken(s.issueOf(s.seller), "/triage", "/pick"), "body.awaited": "third_party"}
	},
	"resume-issue": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"path.id": s.taken(s.issueOf(s.seller), "/triage", "/pick", "/wait")}
	},
	"note-on-issue": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"path.id": s.issueOf(s.seller), "body.text": "He has done so before."}
	},
	"involve-in-issue": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"path.id": s.issueOf(s.seller), "body.member_id": s.bidder.id.String()}
	},
	"link-issues": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"path.id": s.issueOf(s.seller), "body.other_id": s.issueOf(s.seller)}
	},
	"resolve-issue": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{
			"path.id": s.taken(s.issueOf(s.seller), "/triage", "/pick"), "body.resolution": "answered", "body.text": "It is blue.",
		}
	},
	"reject-issue": func(s *siege, _ *vandal) malform.Known {
		known := malform.Known{"path.id": s.issueOf(s.seller), "body.reason": "not_ours", "body.duplicate_of_id": malform.Omit}
		if s.generator.Chance(2) {
			known["body.reason"], known["body.duplicate_of_id"] = "duplicate", s.issueOf(s.seller)
		}
		return known
	},
	"freeze-listing-of-issue": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"path.id": s.issueOf(s.seller), "body.reason": "Is it stolen?"}
	},
	"cancel-listing-of-issue": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"path.id": s.issueOf(s.seller), "body.reason": "It is stolen."}
	},
	"merge-issue": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"path.id": s.issueOf(s.seller), "body.into_id": s.issueOf(s.seller)}
	},
}

// issueOf makes the visitor report an issue about a listing.
func (s *siege) issueOf(v *visitor) string {
	s.t.Helper()
	return v.post("/api/v1/issues", fields{
		"title": "It creaks", "about": fields{"listing_id": s.seller.sell(nil)},
	}).is(http.StatusCreated).text("id")
}

// reportAsVisitor makes somebody without an account report an issue, and returns the address.
func (s *siege) reportAsVisitor() string {
	s.t.Helper()
	address := s.generator.Word(14) + "@example.org"
	s.h.guest().post("/api/v1/issues", fields{"title": "A question", "email": address}).is(http.StatusAccepted)
	return address
}

// taken makes the keeper do these things with an issue.
func (s *siege) taken(id string, acts ...string) string {
	s.t.Helper()
	bodies := map[string]fields{"/triage": asUrgent, "/wait": forReporter, "/resolve": asAnswered}
	for _, act := range acts {
		s.keeper.post(fmt.Sprintf("/api/v1/issues/%s%s", id, act), bodies[act]).is(http.StatusOK)
	}
	return id
}
