package httpserver

import "net/http"

// CloseListener takes a running server's listener away from it, as a failing network would.
func CloseListener(s *Server) { _ = s.main.listener.Close() }

// InModule puts the module before a type's name in the OpenAPI document.
var InModule = inModule

// AskAuthorityThrough lets an ACME authority be asked through a client that knows its certificate.
func AskAuthorityThrough(s *ACMESettings, client *http.Client) { s.client = client }
