package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/sitetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const password = sitetest.Password

// isPage checks that an answer is a page, with all that keeps it safe.
func isPage(t *testing.T, a sitetest.Answer, status int, title string) {
	t.Helper()
	a.Is(status)
	require.Equal(t, "text/html; charset=utf-8", a.Header.Get("Content-Type"))
	require.Regexp(t, `^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$`,
		a.Header.Get("Content-Security-Policy"))
	require.Equal(t, "no-store", a.Header.Get("Cache-Control"))
	require.Equal(t, "strict-origin", a.Header.Get("Referrer-Policy"))
	require.Contains(t, a.Body, "<h1>"+title+"</h1>")
	require.NotContains(t, a.Body, "<script")
	require.NotContains(t, a.Body, password)
}

func form(pairs ...string) url.Values {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values
}

// goesTo checks that an answer sends the browser on.
func goesTo(t *testing.T, a sitetest.Answer, path string) {
	t.Helper()
	a.Is(http.StatusSeeOther)
	require.Equal(t, path, a.Header.Get("Location"))
	require.Equal(t, "no-store", a.Header.Get("Cache-Control"))
}

var ada = []string{"email", "ada@example.org", "handle", "ada", "password", password}

func TestOpeningALinkChangesNothing(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Browser()
	goesTo(t, b.Form("/register", form(ada...)), "/sign-in?note=registered")
	link := "/verify?token=" + s.Letters.Last(t, "ada@example.org").Token
	for range 3 {
		isPage(t, b.Get(link), http.StatusOK, "Verify your e-mail address")
		b.Do(http.MethodHead, link, "").Is(http.StatusOK)
	}
	refused := b.Form("/sign-in", form("email", "ada@example.org", "password", password))
	isPage(t, refused, http.StatusUnauthorized, "Sign in")
	require.Contains(t, refused.Body, "first follow the link in the letter")

	token := form("token", s.Letters.Last(t, "ada@example.org").Token)
	goesTo(t, b.Form("/verify", token), "/sign-in?note=verified")
	isPage(t, b.Get("/sign-in?note=verified"), http.StatusOK, "Sign in")
	require.Contains(t, b.Get("/sign-in?note=verified").Body, "Your e-mail address is verified.")
	goesTo(t, b.Form("/sign-in", form("email", "ada@example.org", "password", password)), "/account")
	require.Contains(t, b.Get("/account").Body, "ada@example.org")
	again := b.Form("/verify", token)
	isPage(t, again, http.StatusConflict, "Verify your e-mail address")
	require.Contains(t, again.Body, `role="alert">This link is not valid`)
}

func TestTheVerifyingLetterComesAgain(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Browser()
	goesTo(t, b.Form("/register", form(ada...)), "/sign-in?note=registered")
	first := s.Letters.Last(t, "ada@example.org").Token
	require.Contains(t, b.Get("/sign-in").Body, `href="/verify-again"`)
	isPage(t, b.Get("/verify-again"), http.StatusOK, "Get the verifying letter again")
	for _, address := range []string{"ada@example.org", "nobody@example.org"} {
		goesTo(t, b.Form("/verify-again", form("email", address)), "/sign-in?note=verify-again")
	}
	require.Contains(t, b.Get("/sign-in?note=verify-again").Body, "A letter is on its way")
	second := s.Letters.Last(t, "ada@example.org").Token
	require.NotEqual(t, first, second)
	goesTo(t, b.Form("/verify", form("token", second)), "/sign-in?note=verified")

	refused := b.Form("/verify-again", form("email", "ada"))
	isPage(t, refused, http.StatusUnprocessableEntity, "Get the verifying letter again")
	require.Contains(t, refused.Body, `value="ada"`)
}

func TestAResettingLinkSetsThePasswordAndSignsIn(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	s.Member("ada")
	b := s.Browser()
	b.Post("/api/v1/password-resets", sitetest.Map{"email": "ada@example.org"}).Is(http.StatusAccepted)
	token := s.Letters.Last(t, "ada@example.org").Token
	page := b.Get("/reset?token=" + token)
	isPage(t, page, http.StatusOK, "Set a new password")
	require.Contains(t, page.Body, `<input type="hidden" name="token" value="`+token+`">`)

	refused := b.Form("/reset", form("token", token, "password", "short"))
	isPage(t, refused, http.StatusUnprocessableEntity, "Set a new password")
	require.Contains(t, refused.Body, `aria-describedby="password-hint password-error" aria-invalid="true"`)
	require.Contains(t, refused.Body, `<p class="error" id="password-error">A password has 10 to 256 characters.</p>`)
	require.NotContains(t, refused.Body, "short")
	answer := b.Form("/reset", form("token", token, "password", "quite another one"))
	goesTo(t, answer, "/account?note=password-set")
	require.NotNil(t, answer.Cookie("gavel"))
	require.NotNil(t, answer.Cookie("gavel-device"))
	isPage(t, b.Get("/account"), http.StatusOK, "Your account")
	isPage(t, b.Form("/reset", form("token", token, "password", "quite another one")), http.StatusConflict, "Set a new password")
}

func TestAChangingLinkChangesTheAddress(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Member("ada")
	b.Post("/api/v1/me/email-changes", sitetest.Map{"email": "new@example.org", "password": password}).Is(http.StatusAccepted)
	token := s.Letters.Last(t, "new@example.org").Token
	isPage(t, b.Get("/change-email?token="+token), http.StatusOK, "Change your e-mail address")
	require.Contains(t, b.Get("/account").Body, "ada@example.org")
	goesTo(t, s.Browser().Form("/change-email", form("token", token)), "/sign-in?note=email-changed")
	require.Contains(t, b.Get("/account").Body, "new@example.org")
	isPage(t, b.Form("/change-email", form("token", token)), http.StatusConflict, "Change your e-mail address")
}

func TestAnInvitationLeadsToTheForm(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t, func(p *app.Policy) { p.Registration = app.RegistrationInvite })
	s.Admin("root1").Post("/api/v1/invitations", sitetest.Map{"email": "ada@example.org"}).Is(http.StatusCreated)
	token := s.Letters.Last(t, "ada@example.org").Token
	b := s.Browser()
	isPage(t, b.Form("/register", form(ada...)), http.StatusForbidden, "Register")
	page := b.Get("/register?invitation=" + token)
	isPage(t, page, http.StatusOK, "Register")
	require.Contains(t, page.Body, `name="invitation" value="`+token+`"`)
	refused := b.Form("/register", form("email", "ada", "handle", `"><b>`, "password", "short", "invitation", token))
	isPage(t, refused, http.StatusUnprocessableEntity, "Register")
	for _, field := range []string{"email", "handle", "password"} {
		require.Contains(t, refused.Body, `id="`+field+`-error"`, "every field at once")
	}
	require.Contains(t, refused.Body, `name="invitation" value="`+token+`"`)
	require.NotContains(t, refused.Body, "<b>")
	goesTo(t, b.Form("/register", form(append(ada, "invitation", token)...)), "/sign-in?note=registered")
}

func TestSigningInAndOut(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	s.Member("ada")
	b := s.Browser()
	goesTo(t, b.Get("/account"), "/sign-in")
	isPage(t, b.Get("/sign-in?note=<script>"), http.StatusOK, "Sign in")
	wrong := b.Form("/sign-in", form("email", "ada@example.org", "password", "wrong password"))
	isPage(t, wrong, http.StatusUnauthorized, "Sign in")
	require.Contains(t, wrong.Body, `role="alert">The e-mail address or the password is wrong.`)
	require.Contains(t, wrong.Body, `value="ada@example.org"`)
	require.NotContains(t, wrong.Body, "wrong password")

	goesTo(t, b.Form("/sign-in", form("email", "ada@example.org", "password", password)), "/account")
	isPage(t, b.Get("/account"), http.StatusOK, "Your account")
	other := b.Do(http.MethodPost, "/sign-out", "", "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
	other.Problem(http.StatusForbidden, "cross_site_request")
	out := b.Form("/sign-out", nil)
	goesTo(t, out, "/sign-in?note=signed-out")
	require.Negative(t, out.Cookie("gavel").MaxAge)
	require.Contains(t, b.Get("/sign-in?note=signed-out").Body, "You are signed out.")
	goesTo(t, b.Get("/account"), "/sign-in")
	goesTo(t, b.Form("/sign-out", nil), "/sign-in?note=signed-out")
}

func TestGuessingIsSlowedDownHereToo(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	s.Member("ada")
	b := s.Browser()
	for range 5 {
		isPage(t, b.Form("/sign-in", form("email", "ada@example.org", "password", "wrong password")), http.StatusUnauthorized, "Sign in")
	}
	answer := b.Form("/sign-in", form("email", "ada@example.org", "password", password))
	isPage(t, answer, http.StatusTooManyRequests, "Sign in")
	require.Equal(t, "60", answer.Header.Get("Retry-After"))
}

func TestTheSetupLinkBelongsToTheFirstBrowser(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	token, ok, err := s.Setup.NewLink(t.Context())
	require.NoError(t, err)
	require.True(t, ok)
	first, second := s.Browser(), s.Browser()
	isPage(t, first.Get("/setup?token=none"), http.StatusForbidden, "Set up this house")
	second.Do(http.MethodHead, "/setup?token="+token, "").Is(http.StatusOK)
	for range 2 {
		page := first.Get("/setup?token=" + token)
		isPage(t, page, http.StatusOK, "Set up this house")
		require.Equal(t, 30*60, page.Cookie("gavel-setup").MaxAge)
	}
	refused := second.Get("/setup?token=" + token)
	isPage(t, refused, http.StatusForbidden, "Set up this house")
	require.NotContains(t, refused.Body, "<form")
	require.Contains(t, refused.Body, "opened in another browser")
	isPage(t, second.Form("/setup", form(append(ada, "token", token)...)), http.StatusForbidden, "Set up this house")

	short := first.Form("/setup", form("email", "ada@example.org", "handle", "ada", "password", "short", "token", token))
	isPage(t, short, http.StatusUnprocessableEntity, "Set up this house")
	require.Contains(t, short.Body, `value="`+token+`"`)
	done := first.Form("/setup", form(append(ada, "token", token)...))
	goesTo(t, done, "/account?note=set-up")
	require.NotNil(t, done.Cookie("gavel"))
	require.Negative(t, done.Cookie("gavel-setup").MaxAge)
	page := first.Get("/account?note=set-up")
	require.Contains(t, page.Body, "you are its admin")
	require.Contains(t, page.Body, "<dt>Roles</dt><dd>admin</dd>")
	isPage(t, first.Get("/setup?token="+token), http.StatusConflict, "Set up this house")
}

func TestWhatNoFormSendsIsRefused(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Browser()
	for name, test := range map[string]struct {
		body   string
		status int
		code   string
	}{
		"too much":        {body: "email=" + strings.Repeat("x", 16<<10), status: http.StatusRequestEntityTooLarge, code: "body_too_large"},
		"NUL":             {body: "email=a%00b", status: http.StatusBadRequest, code: "malformed_form"},
		"no text":         {body: "email=%ff", status: http.StatusBadRequest, code: "malformed_form"},
		"broken escaping": {body: "email=%zz", status: http.StatusBadRequest, code: "malformed_form"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b.Do(http.MethodPost, "/sign-in", test.body, "Content-Type", "application/x-www-form-urlencoded").Problem(test.status, test.code)
		})
	}
}

// TestPagesCanBeUsedByEverybody checks what people who do not see the page, or have a small one, need.
func TestPagesCanBeUsedByEverybody(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Browser()
	input := regexp.MustCompile(`<input id="([a-z]+)" name="([a-z]+)" type="([a-z]+)" [^>]*autocomplete="([a-z-]+)"`)
	want := map[string]map[string]string{
		"/register": {"email": "email", "handle": "off", "password": "new-password"},
		"/sign-in":  {"email": "username", "password": "current-password"},
		"/reset":    {"password": "new-password"},
	}
	for path, fields := range want {
		body := b.Get(path).Is(http.StatusOK).Body
		require.Contains(t, body, `<html lang="en">`)
		require.Contains(t, body, `<meta name="viewport" content="width=device-width, initial-scale=1">`)
		got := map[string]string{}
		for _, match := range input.FindAllStringSubmatch(body, -1) {
			require.Contains(t, body, `<label for="`+match[1]+`">`)
			got[match[2]] = match[4]
		}
		require.Equal(t, fields, got, path)
	}
}

func TestTokensAreInNoLog(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Browser()
	const token = "a-token-that-must-not-be-logged"
	b.Get("/verify?token=" + token).Is(http.StatusOK)
	b.Form("/verify", form("token", token)).Is(http.StatusConflict)
	b.Form("/sign-in", form("email", "ada@example.org", "password", token)).Is(http.StatusUnauthorized)
	require.NoError(t, s.Server.Stop(t.Context()))
	require.NotZero(t, s.Logs.FilterField(zap.String("path", "/verify")).Len())
	for _, entry := range s.Logs.All() {
		for name, value := range entry.ContextMap() {
			text, _ := value.(string)
			require.NotContains(t, text, token, name)
		}
	}
}
