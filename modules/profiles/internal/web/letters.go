package web

import (
	"net/http"
	"time"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/browser"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
)

// tokenOf returns the token of a link that was followed.
func tokenOf(r *http.Request) string { return r.URL.Query().Get("token") }

func verifyPage(token string) page {
	return page{
		Title: "Verify your e-mail address",
		Text:  []string{"Press the button to show that the letter has reached you."},
		Form:  &form{Action: "/verify", Button: "Verify my address", Hidden: []named{{"token", token}}},
	}
}

func (s *site) askVerify(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, verifyPage(tokenOf(r)))
}

func (s *site) verify(w http.ResponseWriter, r *http.Request) {
	token := r.PostForm.Get("token")
	if err := s.VerifyEmail.Do(r.Context(), app.VerifyEmailCommand{Token: token}); err != nil {
		s.refuse(w, r, verifyPage(token), err)
		return
	}
	home(w, r, "verified")
}

func verifyAgainPage(email string) page {
	return page{
		Title: "Get the verifying letter again",
		Text:  []string{"For an address that was registered and is not verified yet."},
		Form:  &form{Action: "/verify-again", Button: "Send the letter", Fields: []field{emailField(email, "email")}},
		Links: []named{{"Sign in", "/sign-in"}},
	}
}

func (s *site) askVerifyAgain(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, verifyAgainPage(""))
}

func (s *site) verifyAgain(w http.ResponseWriter, r *http.Request) {
	ctx, email := r.Context(), r.PostForm.Get("email")
	defer httpserver.Even(ctx, time.Now())
	err := s.VerifyAgain.Do(ctx, app.RequestVerificationCommand{Email: email, Client: browser.Client(ctx)})
	if err != nil {
		s.refuse(w, r, verifyAgainPage(email), err)
		return
	}
	goTo(w, r, "/sign-in?note=verify-again")
}

func changePage(token string) page {
	return page{
		Title: "Change your e-mail address",
		Text:  []string{"Press the button to make the address that this letter has reached your own."},
		Form:  &form{Action: "/change-email", Button: "Change my address", Hidden: []named{{"token", token}}},
	}
}

func (s *site) askChange(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, changePage(tokenOf(r)))
}

func (s *site) change(w http.ResponseWriter, r *http.Request) {
	token := r.PostForm.Get("token")
	if err := s.ConfirmEmail.Do(r.Context(), app.ConfirmEmailChangeCommand{Token: token}); err != nil {
		s.refuse(w, r, changePage(token), err)
		return
	}
	home(w, r, "email-changed")
}

func resetPage(token string) page {
	return page{
		Title: "Set a new password",
		Text:  []string{"It signs you in here and out everywhere else."},
		Form: &form{
			Action: "/reset", Button: "Set the password", Hidden: []named{{"token", token}}, Fields: []field{newPasswordField()},
		},
	}
}

func (s *site) askReset(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, resetPage(tokenOf(r)))
}

func (s *site) reset(w http.ResponseWriter, r *http.Request) {
	ctx, token := r.Context(), r.PostForm.Get("token")
	signedIn, err := s.ResetPassword.Do(ctx, app.ResetPasswordCommand{
		Token: token, Password: r.PostForm.Get("password"), Client: browser.Client(ctx),
	})
	if err != nil {
		s.refuse(w, r, resetPage(token), err)
		return
	}
	setCookies(w, browser.SignIn(ctx, signedIn))
	goTo(w, r, "/account?note=password-set")
}

// home goes to the account, or to the sign-in of somebody who is signed out, and says what worked.
func home(w http.ResponseWriter, r *http.Request, note string) {
	if identity.From(r.Context()).Guest() {
		goTo(w, r, "/sign-in?note="+note)
		return
	}
	goTo(w, r, "/account?note="+note)
}

// notes are what the next page can say. Its address names one, so that no link can make it say anything else.
var notes = map[string]string{
	"email-changed": "Your e-mail address was changed.",
	"password-set":  "Your password was set.",
	"registered":    "A letter is on its way to you. Go on with the link in it.",
	"set-up":        "The house is set up, and you are its admin.",
	"signed-out":    "You are signed out.",
	"verify-again":  "A letter is on its way to this address. Go on with the link in it, within a day.",
	"verified":      "Your e-mail address is verified.",
}

func noteOf(r *http.Request) string { return notes[r.URL.Query().Get("note")] }
