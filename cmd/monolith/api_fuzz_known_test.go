package main

import (
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/httpserver/openapitest/malform"
)

// maker makes what makes a request to an operation valid.
type maker func(*siege, *vandal) malform.Known

// makers make it for each operation that is not about issues.
var makers = map[string]maker{
	"list-listings": func(s *siege, c *vandal) malform.Known { return secondPage(c, "/api/v1/listings?status=open&limit=1") },
	"list-members":  func(s *siege, c *vandal) malform.Known { return secondPage(s.keeper, "/api/v1/members?limit=1") },
	"list-audit-entries": func(s *siege, _ *vandal) malform.Known {
		known := secondPage(s.keeper, "/api/v1/audit?limit=1")
		known["query.act"] = "members.approve"
		return known
	},
	"list-deliveries": func(s *siege, _ *vandal) malform.Known {
		s.h.deadLetter()
		s.h.deadLetter()
		return secondPage(s.keeper, "/api/v1/deliveries?limit=1")
	},
	"retry-delivery": func(s *siege, _ *vandal) malform.Known { return malform.Known{"path.id": s.h.deadLetter()} },

	"create-listing": func(s *siege, _ *vandal) malform.Known {
		known := offer(s)
		known["body.id"] = uuid.Must(uuid.NewV7()).String()
		known["body.currency"] = "USD"
		return known
	},
	"edit-listing": func(s *siege, c *vandal) malform.Known {
		known := offer(s)
		known["path.id"] = draftOf(c.visitor)
		known["header.If-Match"] = c.get("/api/v1/listings/" + fmt.Sprint(known["path.id"])).is(http.StatusOK).header.Get("ETag")
		return known
	},
	"delete-listing": func(_ *siege, c *vandal) malform.Known {
		id := draftOf(c.visitor)
		return malform.Known{"path.id": id, "header.If-Match": c.get("/api/v1/listings/" + id).is(http.StatusOK).header.Get("ETag")}
	},
	"publish-listing": func(_ *siege, c *vandal) malform.Known { return malform.Known{"path.id": draftOf(c.visitor)} },
	"append-description": func(_ *siege, c *vandal) malform.Known {
		return malform.Known{"path.id": c.sell(nil), "body.text": "It comes with its box."}
	},
	"cancel-listing": func(_ *siege, c *vandal) malform.Known { return malform.Known{"path.id": c.sell(nil)} },
	"relist-listing": func(_ *siege, c *vandal) malform.Known {
		id := c.sell(nil)
		c.post("/api/v1/listings/"+id+"/cancel", nil).is(http.StatusOK)
		return malform.Known{"path.id": id, "body.id": uuid.Must(uuid.NewV7()).String()}
	},
	"cancel-bids": func(s *siege, c *vandal) malform.Known {
		id := c.sell(nil)
		s.bidder.bid(id, "5.00").is(http.StatusOK)
		return malform.Known{"path.id": id, "body.bidder_id": s.bidder.id.String()}
	},
	"freeze-listing": func(s *siege, _ *vandal) malform.Known { return malform.Known{"path.id": s.seller.sell(nil)} },
	"unfreeze-listing": func(s *siege, _ *vandal) malform.Known {
		id := s.seller.sell(nil)
		s.keeper.post("/api/v1/listings/"+id+"/freeze", fields{"reason": "A test needs it."}).is(http.StatusOK)
		return malform.Known{"path.id": id}
	},
	"get-listing": func(s *siege, _ *vandal) malform.Known { return malform.Known{"path.id": s.seller.sell(nil)} },
	"list-bids":   func(s *siege, c *vandal) malform.Known { return malform.Known{"path.id": bidOn(s, c)} },
	"get-log":     func(s *siege, c *vandal) malform.Known { return malform.Known{"path.id": bidOn(s, c)} },
	"place-bid":   func(s *siege, _ *vandal) malform.Known { return malform.Known{"path.id": s.seller.sell(nil)} },
	"buy-listing": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"path.id": s.seller.sell(fields{"buy_now": usd("50.00")})}
	},
	"retract-bids": func(s *siege, c *vandal) malform.Known {
		return malform.Known{"path.id": bidOn(s, c), "body.reason": "wrong_amount"}
	},
	"get-own-standing": func(s *siege, c *vandal) malform.Known { return malform.Known{"path.id": bidOn(s, c)} },
	"watch-listing":    func(s *siege, _ *vandal) malform.Known { return malform.Known{"path.id": s.seller.sell(nil)} },
	"get-watch":        watchedBy,
	"unwatch-listing":  watchedBy,

	"list-sales": func(s *siege, c *vandal) malform.Known {
		bought(s, c)
		bought(s, c)
		known := secondPage(c, "/api/v1/sales?as=buyer&limit=1")
		known["query.as"] = "buyer"
		return known
	},
	"get-sale":           func(s *siege, c *vandal) malform.Known { return malform.Known{"path.id": bought(s, c)} },
	"mark-sale-received": func(s *siege, c *vandal) malform.Known { return markable(c, bought(s, c)) },
	"mark-sale-paid":     func(s *siege, c *vandal) malform.Known { return markable(c, soldBy(s, c)) },
	"unmark-sale-paid": func(s *siege, c *vandal) malform.Known {
		id := soldBy(s, c)
		c.post("/api/v1/sales/"+id+"/paid", nil).is(http.StatusOK)
		return markable(c, id)
	},
	"mark-sale-handed-over": func(s *siege, c *vandal) malform.Known { return markable(c, soldBy(s, c)) },

	"get-sheet-of-lots":    periodKnown,
	"get-sheet-of-winners": periodKnown,
	"get-sheet-of-dues":    periodKnown,
	"get-sheet-of-bids":    func(s *siege, c *vandal) malform.Known { return malform.Known{"query.listing": bidOn(s, c)} },

	"get-member": func(s *siege, _ *vandal) malform.Known { return malform.Known{"path.id": s.victim.id.String()} },
	"get-member-by-handle": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"path.handle": s.victim.handle}
	},
	"edit-profile": func(_ *siege, c *vandal) malform.Known {
		return malform.Known{"header.If-Match": c.get("/api/v1/me/profile").is(http.StatusOK).header.Get("ETag")}
	},
	"edit-settings": func(_ *siege, c *vandal) malform.Known {
		return malform.Known{
			"header.If-Match": c.get("/api/v1/me/settings").is(http.StatusOK).header.Get("ETag"), "body.muted": []string{"outbid", "sold"},
		}
	},
	"list-notices": func(s *siege, c *vandal) malform.Known {
		for range 2 {
			s.tell(c)
		}
		return secondPage(c, "/api/v1/me/notices?limit=1")
	},
	"read-notice": func(s *siege, c *vandal) malform.Known { return malform.Known{"path.id": s.tell(c)} },
	"block-member": func(s *siege, c *vandal) malform.Known {
		c.delete("/api/v1/me/blocks/" + s.victim.id.String())
		return malform.Known{"body.member_id": s.victim.id.String()}
	},
	"unblock-member": func(s *siege, c *vandal) malform.Known {
		c.post("/api/v1/me/blocks", fields{"member_id": s.seller.id})
		return malform.Known{"path.id": s.seller.id.String()}
	},

	"register": func(s *siege, _ *vandal) malform.Known {
		name := "m" + s.generator.Word(14)
		return malform.Known{
			"body.email": name + "@example.org", "body.handle": name, "body.password": password, "body.invitation": malform.Omit,
		}
	},
	"request-verification": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"body.email": s.generator.Word(14) + "@example.org"}
	},
	"verify-email": func(s *siege, _ *vandal) malform.Known {
		v := s.stranger()
		return malform.Known{"body.token": s.h.mailed(v.email, "/verify")}
	},
	"change-email": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"body.password": password, "body.email": s.generator.Word(14) + "@example.org"}
	},
	"confirm-email-change": func(s *siege, _ *vandal) malform.Known {
		to := s.generator.Word(14) + "@example.org"
		s.mover.post("/api/v1/me/email-changes", fields{"email": to, "password": password}).is(http.StatusAccepted)
		return malform.Known{"body.token": s.h.mailed(to, "/change-email")}
	},
	"sign-in": func(_ *siege, c *vandal) malform.Known {
		return malform.Known{"body.email": c.email, "body.password": password}
	},
	"revoke-session": func(_ *siege, c *vandal) malform.Known {
		c.signIn()
		c.signIn()
		for _, item := range c.get("/api/v1/me/sessions").is(http.StatusOK).items() {
			if session := item.(map[string]any); session["current"] == false {
				return malform.Known{"path.id": session["id"]}
			}
		}
		return nil
	},
	"change-password": func(*siege, *vandal) malform.Known {
		return malform.Known{"body.password": password, "body.new_password": "staple battery correct"}
	},
	"request-password-reset": func(s *siege, _ *vandal) malform.Known { return malform.Known{"body.email": s.forgets.email} },
	"reset-password": func(s *siege, _ *vandal) malform.Known {
		s.forgets = s.member()
		s.forgets.post("/api/v1/password-resets", fields{"email": s.forgets.email}).is(http.StatusAccepted)
		return malform.Known{"body.token": s.h.mailed(s.forgets.email, "/reset"), "body.password": "staple battery correct"}
	},
	"create-token": func(*siege, *vandal) malform.Known {
		return malform.Known{"body.scopes": []string{"listings.bid"}, "body.expires_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}
	},
	"revoke-token": func(_ *siege, c *vandal) malform.Known {
		made := c.post("/api/v1/me/tokens", fields{"name": "to be revoked", "scopes": []string{"listings.bid"}}).is(http.StatusCreated)
		return malform.Known{"path.id": made.text("id")}
	},
	"leave": func(_ *siege, c *vandal) malform.Known {
		c.delete("/api/v1/me/deletion")
		return malform.Known{"body.password": password}
	},
	"stay": func(_ *siege, c *vandal) malform.Known {
		c.post("/api/v1/me/deletion", fields{"password": password})
		return nil
	},
	"set-up": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"body.email": "second@example.org", "body.handle": "second", "body.password": password}
	},

	"invite-member": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"body.email": s.generator.Word(14) + "@example.org"}
	},
	"withdraw-invitation": func(s *siege, _ *vandal) malform.Known {
		made := s.keeper.post("/api/v1/invitations", fields{"email": s.generator.Word(14) + "@example.org"}).is(http.StatusCreated)
		return malform.Known{"path.id": made.text("id")}
	},
	"approve-member": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"path.id": s.idOf(s.applicant()).String()}
	},
	"verify-member": func(s *siege, _ *vandal) malform.Known {
		return malform.Known{"path.id": s.idOf(s.stranger()).String()}
	},
	"suspend-member": func(s *siege, _ *vandal) malform.Known {
		s.act(s.victim.id, "reinstate", nil)
		return malform.Known{"path.id": s.victim.id.String()}
	},
	"reinstate-member": func(s *siege, _ *vandal) malform.Known {
		s.act(s.victim.id, "suspend", nil)
		return malform.Known{"path.id": s.victim.id.String()}
	},
	"grant-role": func(s *siege, _ *vandal) malform.Known {
		s.act(s.victim.id, "reinstate", nil)
		return malform.Known{"path.id": s.victim.id.String(), "body.role": "agent"}
	},
	"withdraw-role": func(s *siege, _ *vandal) malform.Known {
		s.act(s.victim.id, "reinstate", nil)
		s.act(s.victim.id, "grant-role", fields{"role": "agent"})
		return malform.Known{"path.id": s.victim.id.String(), "body.role": "agent"}
	},
}

// tell tells the vandal news, and returns the id of the notice.
func (s *siege) tell(c *vandal) string {
	id := uuid.New()
	require.NoError(s.t, s.h.news.Tell(s.t.Context(), profilesapi.Notice{
		ID: id, Member: c.id, Kind: profilesapi.NoticeSale, Subject: "Please pay", At: time.Now(), MailAt: time.Now().Add(time.Hour),
	}))
	return id.String()
}

// secondPage knows the cursor of a second page.
func secondPage(v interface {
	get(path string, headers ...string) reply
}, path string,
) malform.Known {
	if cursor, ok := v.get(path).is(http.StatusOK).value("next_cursor").(string); ok {
		return malform.Known{"query.cursor": cursor, "query.sort": malform.Omit} // it belongs to the order it was made for
	}
	return malform.Known{}
}

// offer is the content of a listing that could be published.
func offer(s *siege) malform.Known {
	known := malform.Known{
		"body.title": "A clock", "body.start_price.amount": "10.00", "body.start_price.currency": "USD", "body.duration_seconds": 604800,
		"body.reserve.amount": "20.00", "body.reserve.currency": "USD", "body.buy_now.amount": "50.00", "body.buy_now.currency": "USD",
		"body.starts_at":                 time.Now().Add(48 * time.Hour).UTC().Format(time.RFC3339),
		"body.soft_close.window_seconds": 300, "body.soft_close.extension_seconds": 300, "body.soft_close.cap_seconds": 3600,
	}
	for _, optional := range []string{"reserve", "buy_now", "starts_at", "soft_close"} {
		if s.generator.Chance(3) {
			for _, part := range []string{"", ".amount", ".currency", ".window_seconds", ".extension_seconds", ".cap_seconds"} {
				delete(known, "body."+optional+part)
			}
			known["body."+optional] = malform.Omit
		}
	}
	return known
}

// draftOf makes a draft of the visitor's.
func draftOf(v *visitor) string {
	v.h.t.Helper()
	return v.post("/api/v1/listings", fields{"title": "A draft", "start_price": usd("1.00"), "duration_seconds": 604800}).
		is(http.StatusCreated).text("id")
}

// bidOn makes a listing on which c has bid.
func bidOn(s *siege, c *vandal) string {
	s.t.Helper()
	id := s.seller.sell(nil)
	c.bid(id, "5.00").is(http.StatusOK)
	s.bidder.bid(id, "7.00").is(http.StatusOK)
	return id
}

// watchedBy names a listing that the caller watches.
func watchedBy(s *siege, c *vandal) malform.Known {
	id := s.seller.sell(nil)
	c.put("/api/v1/listings/"+id+"/watch", nil).is(http.StatusOK)
	return malform.Known{"path.id": id}
}

// periodKnown makes the days of a sheet valid.
func periodKnown(*siege, *vandal) malform.Known {
	return malform.Known{"query.from": "2026-02-01", "query.to": "2026-03-01"}
}

// bought returns a listing that c has bought, and whose sale is opened.
func bought(s *siege, c *vandal) string {
	s.t.Helper()
	id := s.seller.sell(fields{"buy_now": usd("50.00")})
	c.post("/api/v1/listings/"+id+"/buy-now", nil).is(http.StatusOK)
	s.seller.post("/api/v1/sales/"+id+"/handed-over", nil).is(http.StatusOK)
	return id
}

// soldBy returns a listing that c has sold, and whose sale is opened.
func soldBy(s *siege, c *vandal) string {
	s.t.Helper()
	id := c.sell(fields{"buy_now": usd("50.00")})
	s.bidder.post("/api/v1/listings/"+id+"/buy-now", nil).is(http.StatusOK)
	c.post("/api/v1/sales/"+id+"/handed-over", nil).is(http.StatusOK)
	return id
}

// markable makes a mark on the sale valid.
func markable(c *vandal, id string) malform.Known {
	return malform.Known{
		"path.id": id, "header.If-Match": c.get("/api/v1/sales/" + id).is(http.StatusOK).header.Get("ETag"),
	}
}
