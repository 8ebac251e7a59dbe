package letters

// BrowserOf is what a letter says of a User-Agent header.
var BrowserOf = browserOf
