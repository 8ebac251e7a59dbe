package httpserver

// CloseListener takes a running server's listener away from it, as a failing network would.
func CloseListener(s *Server) { _ = s.main.listener.Close() }

// InModule puts the module before a type's name in the OpenAPI document.
var InModule = inModule
