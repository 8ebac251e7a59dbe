package domain_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
)

func TestEditProfile(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text domain.ProfileText
		want error
	}{
		"a name of one character":      {domain.ProfileText{DisplayName: "A"}, nil},
		"no name":                      {domain.ProfileText{}, domain.ErrInvalidDisplayName},
		"a name of 60 characters":      {domain.ProfileText{DisplayName: strings.Repeat("ä", 60)}, nil},
		"a name of 61 characters":      {domain.ProfileText{DisplayName: strings.Repeat("ä", 61)}, domain.ErrInvalidDisplayName},
		"a name with a space in front": {domain.ProfileText{DisplayName: " Ada"}, domain.ErrInvalidDisplayName},
		"a name of two lines":          {domain.ProfileText{DisplayName: "A\nda"}, domain.ErrInvalidDisplayName},
		"a name that turns around":     {domain.ProfileText{DisplayName: "A\u202eda"}, domain.ErrInvalidDisplayName},
		"about in 2,000 characters":    {domain.ProfileText{DisplayName: "A", About: strings.Repeat("ä", 2000)}, nil},
		"about in 2,001 characters":    {domain.ProfileText{DisplayName: "A", About: strings.Repeat("ä", 2001)}, domain.ErrInvalidAbout},
		"about in lines":               {domain.ProfileText{DisplayName: "A", About: "one\n\ttwo"}, nil},
		"about as a form sends it":     {domain.ProfileText{DisplayName: "A", About: "one\r\ntwo"}, nil},
		"about with half of that":      {domain.ProfileText{DisplayName: "A", About: "one\rtwo"}, domain.ErrInvalidAbout},
		"about with a control":         {domain.ProfileText{DisplayName: "A", About: "one\x1b[2J"}, domain.ErrInvalidAbout},
		"a location of 80 characters":  {domain.ProfileText{DisplayName: "A", Location: strings.Repeat("ä", 80)}, nil},
		"a location of 81 characters":  {domain.ProfileText{DisplayName: "A", Location: strings.Repeat("ä", 81)}, domain.ErrInvalidLocation},
		"a location in two lines":      {domain.ProfileText{DisplayName: "A", Location: "a\nb"}, domain.ErrInvalidLocation},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			handle, err := domain.NewHandle("ada")
			require.NoError(t, err)
			p := domain.NewProfile(ada, handle, noon)
			p.Settle()
			before := p.State()
			err = p.Edit(test.text)
			_, changed := p.Settle()
			if test.want != nil {
				require.ErrorIs(t, err, test.want)
				require.False(t, changed)
				require.Equal(t, before, p.State())
				return
			}
			require.NoError(t, err)
			require.True(t, changed)
			require.NotContains(t, p.State().About, "\r")
			require.NoError(t, p.Edit(test.text))
			_, changed = p.Settle()
			require.False(t, changed, "the same text changes nothing")
		})
	}
}

func TestAllThatIsWrongIsToldAtOnce(t *testing.T) {
	t.Parallel()
	handle, err := domain.NewHandle("ada")
	require.NoError(t, err)
	fields := func(err error) (names []string) {
		t.Helper()
		refusal, ok := errors.AsType[*fault.Error](err)
		require.True(t, ok)
		for _, refused := range refusal.Fields()["errors"].([]map[string]string) {
			names = append(names, refused["field"])
		}
		return names
	}
	err = domain.NewProfile(ada, handle, noon).Edit(domain.ProfileText{About: "\x00", Location: "\x00"})
	require.ErrorIs(t, err, domain.ErrInvalidDisplayName)
	require.Equal(t, []string{"display_name", "about", "location"}, fields(err))

	_, err = domain.NewAPIToken(domain.APITokenState{ID: ada, Account: ada, ExpiresAt: noon}, noon)
	require.ErrorIs(t, err, domain.ErrInvalidTokenName)
	require.Equal(t, []string{"name", "scopes", "expires_at"}, fields(err))
}

func TestCheckReason(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		reason string
		ok     bool
	}{
		"a reason":           {"Sells what he does not have.", true},
		"nothing":            {"", false},
		"a space":            {" ", false},
		"two lines":          {"one\ntwo", false},
		"1,000 characters":   {strings.Repeat("ä", 1000), true},
		"1,001 characters":   {strings.Repeat("ä", 1001), false},
		"no UTF-8":           {"\xff", false},
		"a line's separator": {"one\u2028two", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := domain.CheckReason(test.reason)
			if test.ok {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, domain.ErrInvalidReason)
		})
	}
}

func TestMute(t *testing.T) {
	t.Parallel()
	s := domain.NewNotificationSettings(ada)
	s.Settle()
	require.True(t, s.WantsMail(domain.NoticeOutbid))
	require.ErrorIs(t, s.Mute([]domain.NoticeKind{domain.NoticeOutbid, "everything"}), domain.ErrInvalidNotice)
	require.True(t, s.WantsMail(domain.NoticeOutbid))
	require.NoError(t, s.Mute([]domain.NoticeKind{domain.NoticeWon, domain.NoticeOutbid, domain.NoticeWon}))
	require.Equal(t, []domain.NoticeKind{domain.NoticeOutbid, domain.NoticeWon}, s.State().Muted)
	require.False(t, s.WantsMail(domain.NoticeOutbid))
	_, changed := s.Settle()
	require.True(t, changed)
	require.NoError(t, s.Mute([]domain.NoticeKind{domain.NoticeOutbid, domain.NoticeWon}))
	_, changed = s.Settle()
	require.False(t, changed)
	s.Delete()
	require.Empty(t, s.State().Muted)
}

func TestUnlist(t *testing.T) {
	t.Parallel()
	s := domain.NewNotificationSettings(ada)
	require.ErrorIs(t, s.Unlist([]domain.NoticeKind{"everything"}), domain.ErrInvalidUnlisted)
	require.NoError(t, s.Unlist([]domain.NoticeKind{domain.NoticeWon, domain.NoticeOutbid}))
	require.Equal(t, []domain.NoticeKind{domain.NoticeOutbid, domain.NoticeWon}, s.State().Unlisted)
	require.True(t, s.WantsMail(domain.NoticeWon), "the list is not the mail")
	s.Settle()
	s.Delete()
	_, changed := s.Settle()
	require.True(t, changed)
	require.Empty(t, s.State().Unlisted)
}

func TestTheKeyOfLinksStaysUntilTheMemberIsDeleted(t *testing.T) {
	t.Parallel()
	s := domain.NewNotificationSettings(ada)
	s.KeepKey(domain.Secret{1})
	s.KeepKey(domain.Secret{2})
	require.Equal(t, domain.Secret{1}, s.State().Key)
	s.Delete()
	require.Zero(t, s.State().Key)
}

func TestNobodyBlocksHimself(t *testing.T) {
	t.Parallel()
	_, err := domain.NewBlock(ada, ada, noon)
	require.ErrorIs(t, err, domain.ErrBlockSelf)
	b, err := domain.NewBlock(ada, admin, noon)
	require.NoError(t, err)
	require.Equal(t, domain.BlockID(ada, admin), b.ID())
	require.NotEqual(t, domain.BlockID(admin, ada), b.ID())
}

func TestRefusedTellsAllFields(t *testing.T) {
	t.Parallel()
	var refused domain.Refused
	require.NoError(t, refused.Add(nil))
	require.NoError(t, refused.Err())
	require.NoError(t, refused.Add(domain.ErrInvalidHandle))
	require.NoError(t, refused.Add(domain.ErrPasswordLength))
	require.ErrorIs(t, refused.Err(), domain.ErrInvalidHandle)
	found := &fault.Error{}
	require.ErrorAs(t, refused.Err(), &found)
	require.Len(t, found.Fields()["errors"], 2)
	broken := errors.New("broken")
	require.ErrorIs(t, refused.Add(broken), broken)
}
