# Everything a developer types. `make` alone lists it.

BIN     := bin/monolith
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
COMMIT  ?= $(shell git rev-parse HEAD 2>/dev/null)
LDFLAGS := -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)
TOOL    := go tool -modfile=tools/go.mod

# The race detector, in all code but that of SQLite itself, which is translated from C and took a quarter of what the tests
# of stores cost; the driver around it is watched. The check of unsafe pointers that comes with the detector is left out:
# nothing here uses any. Nor do test programs need what debuggers read (-w), which takes a third of the time to link them.
UNWATCHED := $(foreach package,sqlite/lib libc,-gcflags=modernc.org/$(package)='-d=checkptr=0 -race=false')
RACE      := -race -gcflags=all=-d=checkptr=0 $(UNWATCHED) -ldflags=-w

# Under the race detector garbage is dear to collect, and memory is not: a fifth of the tests' CPU for a gigabyte.
GARBAGE := GOGC=400 GOMEMLIMIT=2GiB

# What `make soak` counts to; the tests themselves default to small numbers.
TEST_HISTORIES       ?= 100000
TEST_KILLS           ?= 20
TEST_POSTGRES_KILLS  ?= 5
TEST_DELIVERY_KILLS  ?= 50
TEST_CHAOS_SECONDS   ?= 120
TEST_SERVERS_SECONDS ?= 60
TEST_FUZZ_REQUESTS   ?= 50000
TEST_SIGNIN_PAIRS    ?= 200

# Random histories against a second set of rules: run first and by itself, so that its shares are printed.
RULES := ^TestDomainKeepsTheRules$$

# Everything that kills: soak runs it by itself, so that what was survived is printed.
CRASHES := KilledUnderLoad$$|^TestTheSameBidIsPlacedOnce$$|^TestKilledRestore$$|^TestServersThatAreKilledWhileTheyDeliver$$|^TestServersThatAreKilledWhileTheyMail$$|^TestTwoServersSurviveEverything$$

# Answering times: soak measures them by themselves, one store after the other.
TIMES := ^TestNoAnsweringTimeTellsWhoIsAMember$$

# Servers that bid against each other: soak lets them do so alone and without the race detector, so that their rates mean
# something; everything else runs them for a second, with it.
SERVERS := ^TestThreeServersBidOnOneDatabase$$

# Malformed requests: soak sends them by themselves, because the test weighs the process and prints what was answered.
MALFORMED := ^TestMalformedRequests$$

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build the one static binary, bin/monolith
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/monolith

.PHONY: release
release: ## Build what is published, into dist: an archive per platform, checksums, bill of materials
	go -C tools run ./release

# docker, or what understands the same words: make image CONTAINERS=podman
CONTAINERS ?= docker

.PHONY: image
image: ## Build the container image, gavel:VERSION
	$(CONTAINERS) build --build-arg VERSION=$(VERSION) --build-arg COMMIT=$(COMMIT) --tag gavel:$(VERSION) .

.PHONY: run
run: build ## Serve on 127.0.0.1:8080 with SQLite in ./data (ARGS='--http.addr :9000' adds flags)
	$(BIN) serve $(ARGS)

.PHONY: test
test: compiler ## Run every test once, race detector on: memory, SQLite and PostgreSQL
	@$(GARBAGE) CGO_ENABLED=1 go test $(RACE) -v -run '$(RULES)' ./modules/listings/internal/oracle
	@$(GARBAGE) CGO_ENABLED=1 go test $(RACE) -timeout 14m -skip '$(RULES)' ./...
	@go -C tools test ./...

.PHONY: soak
soak: compiler ## Run the same tests with the full counts: hours, not minutes
	TEST_HISTORIES=$(TEST_HISTORIES) CGO_ENABLED=1 go test $(RACE) -count=1 -timeout 4h -v -run '$(RULES)' \
		./modules/listings/internal/oracle
	TEST_KILLS=$(TEST_KILLS) TEST_POSTGRES_KILLS=$(TEST_POSTGRES_KILLS) TEST_DELIVERY_KILLS=$(TEST_DELIVERY_KILLS) TEST_CHAOS_SECONDS=$(TEST_CHAOS_SECONDS) \
		CGO_ENABLED=1 go test $(RACE) -count=1 -timeout 4h -v -run '$(CRASHES)' ./cmd/monolith ./platform/events/sqlstore
	TEST_SERVERS_SECONDS=$(TEST_SERVERS_SECONDS) go test -count=1 -timeout 4h -v -run '$(SERVERS)' ./cmd/monolith
	TEST_SIGNIN_PAIRS=$(TEST_SIGNIN_PAIRS) go test -count=1 -timeout 4h -parallel 1 -v -run '$(TIMES)' ./cmd/monolith
	TEST_FUZZ_REQUESTS=$(TEST_FUZZ_REQUESTS) TEST_FUZZ_SEED=$$(date +%s) CGO_ENABLED=1 go test $(RACE) -count=1 -timeout 4h -v -run '$(MALFORMED)' ./cmd/monolith
	TEST_CANARIES=all CGO_ENABLED=1 go test $(RACE) -count=1 -timeout 4h -skip '$(RULES)|$(CRASHES)|$(MALFORMED)' ./...

# The recorded auctions lie in TEST_DATA, by default shared/data beside the repository. ROWS='replay mutants' runs some.
.PHONY: acceptance
acceptance: ## Measure every figure that the project promises, and fail where one does not hold: an hour
	@go run ./test/acceptance $(ROWS)

.PHONY: demo-api
demo-api: ## Play a whole market over HTTP against a fresh server, refusals included
	@go run ./test/demo

.PHONY: mutants
mutants: ## Break the code as test/mutants says, and require that the named tests notice
	@go run ./test/mutants

.PHONY: check
check: ## Vet, staticcheck, formatting, modules and the architecture test
	go vet ./...
	go vet -tags bench ./cmd/monolith ./test/load
	go -C tools vet ./...
	$(TOOL) staticcheck ./...
	@diff="$$($(TOOL) gofumpt -d .)"; status=$$?; \
		[ -z "$$diff" ] || printf '%s\n' "$$diff" "to apply the above: $(TOOL) gofumpt -w ."; \
		[ -z "$$diff" ] && [ $$status = 0 ]
	go mod tidy -diff
	go mod verify
	go test ./test/architecture/...

.PHONY: lint
lint: ## Run golangci-lint (its first build takes minutes)
	$(TOOL) golangci-lint run ./...

# What is measured can be chosen: make bench TEST_LOAD_ONLY=hot,uniform (or zipf, mixed, long, grouped, reads; many wants
# TEST_LOAD_MILLION=1, too). TEST_LOAD_ROUNDS and TEST_LOAD_SECONDS default to 5 and 3. What is written into docs wants five rounds.
TEST_LOAD_ONLY ?=
export TEST_LOAD_ONLY

# The commit that is measured; figures that were just written into docs change nothing of it.
MEASURED = $(shell git rev-parse --short=10 HEAD)$(shell git diff --quiet HEAD -- . ':!docs' || echo -dirty)
LOAD     = TEST_COMMIT=$(MEASURED) go test -tags bench -count=1 -timeout 90m -v ./cmd/monolith

.PHONY: bench
bench: ## Measure bids under load beside pgbench, what a bid, a start and an idle server cost, and allocations
	@$(LOAD) -run '^TestLoad$$'
ifeq ($(TEST_LOAD_ONLY),)
	@$(LOAD) -run '^TestBench$$'
	@go run ./test/load/allocations
endif

.PHONY: bench-http
bench-http: ## Measure how much of the rate in process is left over HTTP, on PostgreSQL and SQLite
	@TEST_LOAD_ONLY= $(LOAD) -run '^TestLoadHTTP$$'

.PHONY: cover
cover: ## Measure which statements the tests reach; cover.out opens with go tool cover -html
	go test -timeout 10m -coverpkg=./cmd/...,./modules/...,./platform/... -coverprofile=cover.out ./...
	@go tool cover -func=cover.out | tail -n 1

# The race detector needs cgo, and cgo a C compiler; the product itself needs neither.
.PHONY: compiler
compiler:
	@command -v "$$(go env CC | cut -d' ' -f1)" >/dev/null || \
		{ echo "the race detector needs a C compiler; install one: apt-get install gcc libc6-dev" >&2; exit 1; }
