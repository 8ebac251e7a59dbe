package malform

// Ways is how many ways there are to break a request.
var Ways = len(breakages)
