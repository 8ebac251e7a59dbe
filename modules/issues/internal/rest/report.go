package rest

import (
	"context"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/issues/issuesapi"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
)

// registerReports registers what begins an issue.
func (a *api) registerReports(routes huma.API) {
	answer := func(t reflect.Type, about string) *huma.Response {
		return &huma.Response{Description: about, Content: map[string]*huma.MediaType{
			"application/json": {Schema: routes.OpenAPI().Components.Schemas.Schema(t, true, "")},
		}}
	}
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "report-issue",
		Method:      http.MethodPost,
		Path:        collection,
		Summary:     "Report an issue",
		Description: "A member gets the issue. Whoever is not signed in names an e-mail address, is sent a letter with a link that confirms " +
			"it, and is answered the same for every address; the help desk sees the issue when it is confirmed, within 24 hours. " +
			"What it is about is looked up now: an issue about a listing, a bid, or a member in connection with a listing carries the " +
			"public log of that as evidence. Nobody but you, staff and those whom they involve ever reads it, and never whom it is about.",
		Tags:          []string{tag},
		DefaultStatus: http.StatusCreated,
		Errors:        []int{http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests},
		Responses: map[string]*huma.Response{
			strconv.Itoa(http.StatusCreated):  answer(reflect.TypeFor[Issue](), "The issue that a member has reported."),
			strconv.Itoa(http.StatusAccepted): answer(reflect.TypeFor[LetterSent](), "What a visitor does next."),
		},
	}, issuesapi.Report), a.report)
	huma.Register(routes, httpserver.Public(huma.Operation{
		OperationID: "confirm-issue",
		Method:      http.MethodPost,
		Path:        collection + "/confirmations",
		Summary:     "Confirm your address",
		Description: "Hands the issue that a visitor has reported to the help desk, and answers with the secret by which he follows it. The " +
			"token is good once: who comes again is refused as already_confirmed, and finds another link in the letter that went to him.",
		Tags:   []string{tag},
		Errors: []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}), a.confirm)
}

// ReportBody is what somebody reports.
type ReportBody struct {
	Title string       `json:"title" example:"The chair that came is red" doc:"One line of 1 to 1,000 characters."`
	Text  string       `json:"text,omitempty" doc:"Up to 10,000 characters."`
	About *ReportAbout `json:"about,omitempty" doc:"What it is about; absent for nothing in particular."`
	Email string       `json:"email,omitempty" maxLength:"1000" doc:"Where a visitor can be reached. Members leave it out: they are answered in their account."`
}

// ReportAbout names what an issue is about: a listing, a bid on it, or a member, maybe in connection with a listing.
type ReportAbout struct {
	ListingID *uuid.UUID `json:"listing_id,omitempty" format:"uuid" doc:"A listing that is published."`
	Bid       int64      `json:"bid,omitempty" minimum:"1" doc:"With listing_id: the seq of a bid, as the list of bids and the log have it."`
	MemberID  *uuid.UUID `json:"member_id,omitempty" format:"uuid" doc:"A member; not together with bid."`
}

// about returns what the use case is asked: of what names nothing, or an id of nobody's, something that it refuses.
func (r *ReportAbout) about() app.About {
	if r == nil {
		return app.About{}
	}
	about := app.About{Listing: idOf(r.ListingID), Bid: r.Bid, Member: idOf(r.MemberID)}
	nobody := r.ListingID != nil && about.Listing == uuid.Nil || r.MemberID != nil && about.Member == uuid.Nil
	if nobody || about == (app.About{}) { // which the use case would take for nothing in particular
		return app.Nowhere
	}
	return about
}

type reportInput struct {
	httpserver.Repeatable
	Body ReportBody
}

// LetterSent answers what goes on by e-mail.
type LetterSent struct {
	Message string `json:"message" doc:"What to do next, for people."`
}

// reportOutput has an Issue as its body, or a LetterSent.
type reportOutput struct {
	Status       int
	Location     string `header:"Location" doc:"Where a member's issue is."`
	ETag         string `header:"ETag" doc:"Names this version of it."`
	CacheControl string `header:"Cache-Control"`
	Body         any
}

func (a *api) report(ctx context.Context, in *reportInput) (*reportOutput, error) {
	complaint := app.Complaint{Title: in.Body.Title, Text: in.Body.Text, About: in.Body.About.about()}
	if identity.From(ctx).Guest() {
		return a.reportAsVisitor(ctx, in, complaint)
	}
	return a.reportAsMember(ctx, in, complaint)
}

// reportAsVisitor takes as long for an address to which no letter goes as for any other.
func (a *api) reportAsVisitor(ctx context.Context, in *reportInput, c app.Complaint) (*reportOutput, error) {
	defer httpserver.Even(ctx, time.Now())
	err := a.ReportByVisitor.Do(ctx, app.ReportByVisitorCommand{
		Email: in.Body.Email, Network: httpserver.ClientNetwork(ctx), Complaint: c, Key: in.IdempotencyKey,
	})
	if err != nil {
		return nil, inBody(err)
	}
	return &reportOutput{Status: http.StatusAccepted, CacheControl: noStore, Body: LetterSent{
		Message: "A letter is on its way to this address. The help desk sees your issue when you have followed the link in it, within 24 hours.",
	}}, nil
}

func (a *api) reportAsMember(ctx context.Context, in *reportInput, c app.Complaint) (*reportOutput, error) {
	if in.Body.Email != "" {
		return nil, domain.ErrInvalidEmail.Detailf("You are signed in, and are answered in your account. Leave the address out.")
	}
	by := member(ctx)
	id, err := a.ReportByMember.Do(ctx, app.ReportByMemberCommand{By: by.Caller, Complaint: c, Key: in.IdempotencyKey})
	if err != nil {
		return nil, inBody(err)
	}
	record, err := a.Read.Do(ctx, by, id)
	if err != nil {
		return nil, err
	}
	created, err := httpserver.RespondCreated(collection+"/"+id.String(), issueOf(record))
	if err != nil {
		return nil, err
	}
	return &reportOutput{
		Status: created.Status, Location: created.Location, ETag: created.ETag, CacheControl: noStore, Body: created.Body,
	}, nil
}

// ConfirmBody is what a mailed link brings.
type ConfirmBody struct {
	Token string `json:"token" maxLength:"1000" doc:"From the link in the letter."`
}

type confirmInput struct {
	Body ConfirmBody
}

// Confirmed says how a visitor follows his issue.
type Confirmed struct {
	IssueID   uuid.UUID `json:"issue_id" format:"uuid"`
	IssueLink string    `json:"issue_link" doc:"Show it in the header Issue-Link. It is a secret. A letter to you has another one."`
}

type confirmOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         Confirmed
}

func (a *api) confirm(ctx context.Context, in *confirmInput) (*confirmOutput, error) {
	link, err := a.Confirm.Do(ctx, in.Body.Token)
	if err != nil {
		return nil, err
	}
	id, _, err := domain.ParseMailedText(link)
	if err != nil {
		return nil, err
	}
	return &confirmOutput{CacheControl: noStore, Body: Confirmed{IssueID: id, IssueLink: link}}, nil
}
