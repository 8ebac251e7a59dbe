package web

import (
	"net/http"
	"strings"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/browser"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
)

func emailField(value, autocomplete string) field {
	return field{Name: "email", Label: "E-mail address", Type: "email", Autocomplete: autocomplete, Value: value, MaxLength: 254}
}

func handleField(value string) field {
	return field{
		Name: "handle", Label: "Handle", Hint: "How others know you, for life: 3 to 30 of a-z, 0-9, _ and -, beginning with a letter.",
		Type: "text", Autocomplete: "off", Value: value, MaxLength: 30,
	}
}

func newPasswordField() field {
	return field{
		Name: "password", Label: "Password", Hint: "10 to 256 characters.", Type: "password", Autocomplete: "new-password", MaxLength: 256,
	}
}

func registerPage(invitation, email, handle string) page {
	p := page{
		Title: "Register",
		Form: &form{
			Action: "/register", Button: "Register",
			Fields: []field{emailField(email, "email"), handleField(handle), newPasswordField()},
		},
		Links: []named{{"Sign in", "/sign-in"}},
	}
	if invitation != "" {
		p.Form.Hidden = []named{{"invitation", invitation}}
	}
	return p
}

func (s *site) askRegister(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, registerPage(r.URL.Query().Get("invitation"), "", ""))
}

func (s *site) register(w http.ResponseWriter, r *http.Request) {
	sent := r.PostForm
	err := s.Register.Do(r.Context(), app.RegisterCommand{
		Email:      sent.Get("email"),
		Handle:     sent.Get("handle"),
		Password:   sent.Get("password"),
		Invitation: sent.Get("invitation"),
		Client:     browser.Client(r.Context()),
	})
	if err != nil {
		s.refuse(w, r, registerPage(sent.Get("invitation"), sent.Get("email"), sent.Get("handle")), err)
		return
	}
	goTo(w, r, "/sign-in?note=registered")
}

func signInPage(email string) page {
	return page{
		Title: "Sign in",
		Form: &form{
			Action: "/sign-in", Button: "Sign in",
			Fields: []field{
				emailField(email, "username"),
				{Name: "password", Label: "Password", Type: "password", Autocomplete: "current-password", MaxLength: 256},
			},
		},
		Links: []named{{"Register", "/register"}, {"Get the verifying letter again", "/verify-again"}},
	}
}

func (s *site) askSignIn(w http.ResponseWriter, r *http.Request) {
	p := signInPage("")
	p.Note = noteOf(r)
	s.show(w, r, http.StatusOK, p)
}

func (s *site) signIn(w http.ResponseWriter, r *http.Request) {
	ctx, email := r.Context(), r.PostForm.Get("email")
	signedIn, err := s.SignIn.Do(ctx, app.SignInCommand{
		Email: email, Password: r.PostForm.Get("password"), Client: browser.Client(ctx),
	})
	if err != nil {
		s.refuse(w, r, signInPage(email), err)
		return
	}
	setCookies(w, browser.SignIn(ctx, signedIn))
	goTo(w, r, "/account")
}

// account shows who is signed in.
func (s *site) account(w http.ResponseWriter, r *http.Request) {
	caller := identity.From(r.Context())
	if caller.Guest() {
		goTo(w, r, "/sign-in")
		return
	}
	if err := caller.Check(profilesapi.ReadOwn); err != nil {
		httpserver.WriteError(w, r, err)
		return
	}
	m, err := s.Views.Member(r.Context(), caller.ID)
	if err != nil {
		httpserver.WriteError(w, r, err)
		return
	}
	facts := []named{{"Handle", m.Handle}, {"E-mail address", m.Email}}
	if len(m.Roles) > 0 {
		roles := make([]string, len(m.Roles))
		for i, role := range m.Roles {
			roles[i] = string(role)
		}
		facts = append(facts, named{"Roles", strings.Join(roles, ", ")})
	}
	s.show(w, r, http.StatusOK, page{
		Title: "Your account",
		Note:  noteOf(r),
		Facts: facts,
		Form:  &form{Action: "/sign-out", Button: "Sign out"},
		Links: []named{{"What programs can do here", "/api/docs"}},
	})
}

func (s *site) signOut(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	caller := identity.From(ctx)
	if !caller.Guest() {
		if err := caller.Check(profilesapi.ManageAccount); err != nil {
			httpserver.WriteError(w, r, err)
			return
		}
		if err := s.SignOut.Do(ctx, app.SignOutCommand{By: caller}); err != nil {
			httpserver.WriteError(w, r, err)
			return
		}
	}
	setCookies(w, browser.SignOut(ctx))
	goTo(w, r, "/sign-in?note=signed-out")
}
