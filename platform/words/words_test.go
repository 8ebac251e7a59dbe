package words_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/words"
)

func TestOf(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want []string
	}{
		"nothing":                     {text: " \t—!", want: []string{}},
		"distinct words in order":     {text: "red chair, blue chair", want: []string{"blue", "chair", "red"}},
		"case and accents":            {text: "ÉCLAIR Straße ÅNGSTRÖM", want: []string{"angstrom", "eclair", "straße"}},
		"decomposed accents":          {text: "cafe\u0301", want: []string{"cafe"}},
		"digits":                      {text: "2x4 model-42", want: []string{"2x4", "42", "model"}},
		"compatible forms":            {text: "ﬁne Ｗｉｄｅ", want: []string{"fine", "wide"}},
		"other scripts":               {text: "часы 時計", want: []string{"часы", "時計"}},
		"what a database might quote": {text: `"a" OR b* -c:d`, want: []string{"a", "b", "c", "d", "or"}},
		"a word that is too long":     {text: strings.Repeat("é", 50), want: []string{strings.Repeat("e", 40)}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, words.Of(test.text))
		})
	}
}

func TestWordsOfSeveralTextsDoNotRunTogether(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"blue", "chair", "old"}, words.Of("blue chair", "old chair"))
	require.Empty(t, words.Of())
}

func TestOnlySoManyWordsOfAQueryCount(t *testing.T) {
	t.Parallel()
	require.Len(t, words.OfQuery("a b c d e f g h i j"), words.MaxInQuery)
	require.Len(t, words.OfQuery("a b c d e f g h i j k l"), words.MaxInQuery)
}
