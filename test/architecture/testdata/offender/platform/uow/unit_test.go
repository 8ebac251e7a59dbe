package uow_test

import _ "example.com/offender/modules/stock/stockapi"
