package web

import "net/http"

func unsubscribePage(token string) page {
	return page{
		Title: "No more letters like this one",
		Text:  []string{"Press the button to get no more letters of this kind. Your notices are still listed here."},
		Form:  &form{Action: "/unsubscribe", Button: "Stop these letters", Hidden: []named{{"token", token}}},
	}
}

func (s *site) askUnsubscribe(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, unsubscribePage(tokenOf(r)))
}

// unsubscribe answers the form, and programs for mail, which send to the address in the letter (RFC 8058): these have the
// token there, and are not to be sent anywhere else.
func (s *site) unsubscribe(w http.ResponseWriter, r *http.Request) {
	token := r.PostForm.Get("token")
	if token == "" {
		token = tokenOf(r)
	}
	if err := s.Unsubscribe.Do(r.Context(), token); err != nil {
		s.refuse(w, r, unsubscribePage(token), err)
		return
	}
	s.show(w, r, http.StatusOK, page{
		Title: "No more letters like this one",
		Note:  "You get no more letters of this kind.",
		Text:  []string{"In your notification settings you can change your mind."},
		Links: []named{{"Your account", "/account"}},
	})
}
