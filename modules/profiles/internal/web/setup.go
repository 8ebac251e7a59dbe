package web

import (
	"net/http"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/browser"
)

func setupPage(token, email, handle string) page {
	return page{
		Title: "Set up this house",
		Text:  []string{"You become its first admin."},
		Form: &form{
			Action: "/setup", Button: "Set up", Hidden: []named{{"token", token}},
			Fields: []field{emailField(email, "email"), handleField(handle), newPasswordField()},
		},
	}
}

// openSetup binds the link to the browser that opens it first.
func (s *site) openSetup(w http.ResponseWriter, r *http.Request) {
	ctx, token := r.Context(), tokenOf(r)
	if r.Method == http.MethodHead { // which no browser sends for a person
		s.show(w, r, http.StatusOK, page{Title: "Set up this house"})
		return
	}
	cookie, err := s.Setup.Open(ctx, token, browser.Setup(ctx))
	if err != nil {
		s.refuse(w, r, page{Title: "Set up this house"}, err)
		return
	}
	setCookies(w, []http.Cookie{browser.BindSetup(ctx, cookie)})
	s.show(w, r, http.StatusOK, setupPage(token, "", ""))
}

func (s *site) setUp(w http.ResponseWriter, r *http.Request) {
	ctx, sent := r.Context(), r.PostForm
	signedIn, err := s.Setup.Do(ctx, app.SetupCommand{
		Token:    sent.Get("token"),
		Browser:  browser.Setup(ctx),
		Email:    sent.Get("email"),
		Handle:   sent.Get("handle"),
		Password: sent.Get("password"),
		Client:   browser.Client(ctx),
	})
	if err != nil {
		s.refuse(w, r, setupPage(sent.Get("token"), sent.Get("email"), sent.Get("handle")), err)
		return
	}
	setCookies(w, browser.EndSetup(ctx, signedIn))
	goTo(w, r, "/account?note=set-up")
}
