package letters

import "strings"

// known is a mark in what browsers say of themselves, and what people call it. The first that fits is right: most claim
// to be several.
type known struct{ mark, name string }

var browsers = []known{
	{"Edg/", "Edge"},
	{"EdgA/", "Edge"},
	{"OPR/", "Opera"},
	{"SamsungBrowser/", "Samsung Internet"},
	{"Firefox/", "Firefox"},
	{"FxiOS/", "Firefox"},
	{"Chrome/", "Chrome"},
	{"CriOS/", "Chrome"},
	{"Safari/", "Safari"},
	{"curl/", "curl"},
}

var systems = []known{
	{"iPhone", "an iPhone"},
	{"iPad", "an iPad"},
	{"Android", "Android"},
	{"Windows", "Windows"},
	{"CrOS", "ChromeOS"},
	{"Macintosh", "macOS"},
	{"Linux", "Linux"},
}

// browserOf names the browser and the system in a User-Agent header. The header itself does not get into a letter: whoever
// signs in chooses it, and could write to the account's owner in the name of the house.
func browserOf(userAgent string) string {
	browser, system := find(browsers, userAgent), find(systems, userAgent)
	switch {
	case browser == "" && system == "":
		return "a program that is not known"
	case system == "":
		return browser
	case browser == "":
		return "a program on " + system
	default:
		return browser + " on " + system
	}
}

func find(all []known, text string) string {
	for _, k := range all {
		if strings.Contains(text, k.mark) {
			return k.name
		}
	}
	return ""
}
