package uow

import _ "net/http"
