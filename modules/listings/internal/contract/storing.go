package contract

// storingCases say what becomes of listings whose commands succeed.
var storingCases = []testCase{}
