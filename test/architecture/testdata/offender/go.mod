module example.com/offender

go 1.26.0

require (
	github.com/jmoiron/sqlx v0.0.0
	go.uber.org/fx v0.0.0
)

replace (
	github.com/jmoiron/sqlx => ./stubs/sqlx
	go.uber.org/fx => ./stubs/fx
)
