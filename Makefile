# Caseload. `make help` lists the targets; `make test` is everything that must pass.
SHELL = /bin/sh
.DEFAULT_GOAL = help

# Packages that `make test` tests under the race detector, where Go has a C compiler.
RACE = ./activities/... ./batch/... ./config/... ./metrics/... ./store/... ./worker/... ./workflows/...
# How long each fuzz target runs.
FUZZTIME = 20s
# `make demo KEEP=1` leaves the stack running; `make demo FAULTS=1` shows errors of every category.
KEEP =
FAULTS =
# `make e2e STORE=postgres` runs the end-to-end tests on PostgreSQL and a real Redis.
STORE = sqlite

STEP = scripts/step
LINT_MOD = tools/lint/go.mod tools/lint/go.sum
BUILD_TOOL = cd tools/lint && CGO_ENABLED=0 go build -ldflags='-s -w'
SERVER_MOD = tools/server/go.mod tools/server/go.sum
BUILD_SERVER = cd tools/server && CGO_ENABLED=0 go build -ldflags='-s -w'

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-11s %s\n", $$1, $$2 }' Makefile

.PHONY: build
build: ## build bin/starter and bin/worker, and bin/temporal where none is installed
	go build -o bin/starter ./starter
	go build -o bin/worker ./worker
	@scripts/temporal

.PHONY: demo
demo: build ## read sample documents and show what was found; KEEP=1 leaves the stack running, FAULTS=1 shows errors
	@scripts/need tesseract || echo 'Going on without it: the scanned samples will fail as CONFIGURATION.'
	bin/starter demo $(if $(filter-out 0 no,$(KEEP)),--keep) $(if $(filter-out 0 no,$(FAULTS)),--faults)

.PHONY: test
test: deps ## everything that must pass
	@$(STEP) format scripts/format
	@$(STEP) modules scripts/modules
	@$(STEP) vet scripts/vet
	@$(MAKE) --no-print-directory lint
	@$(STEP) build $(MAKE) --no-print-directory build
	@$(STEP) unit scripts/unit '$(RACE)'
	@$(STEP) end-to-end $(MAKE) --no-print-directory e2e
	@echo 'make test: all passed'

.PHONY: unit
unit: ## test every package by itself, quickly: without the race detector
	@scripts/need postgres antiword catdoc wpd2html
	@cd tools/samples && go test -count=1 ./...
	@cd tools/deploy && go test -count=1 ./...
	@go test $$(go list ./... | grep -v '/caseload/test$$')

.PHONY: e2e
# The programs and the samples under test are no dependencies that the test cache knows: -count=1 runs them always.
e2e: ## test the built programs against a real Temporal server; STORE=postgres: on PostgreSQL and a real Redis
	@scripts/need tesseract redis-server postgres
	@scripts/temporal
	@E2E_STORE=$(STORE) go test -count=1 -timeout 25m ./test/...

.PHONY: race
race: ## test the packages of RACE under the race detector
	@scripts/need postgres
	@go test $$(scripts/raceflags) $(RACE)

.PHONY: bench
# Go's build puts the temporal CLI beside it, so that the bench finds it.
bench: build ## measure Caseload against its claims: all of them, or SCENARIO="name …"
	@go build -o bin/bench ./test/bench
	@bin/bench $(SCENARIO) $(BENCHFLAGS)

.PHONY: eval
eval: ## measure what is read from text on cases with known answers: all sets, or SET="name …"
	@go run ./test/eval $(SET) $(EVALFLAGS)

.PHONY: reliability
reliability: ## inject faults and cause outages at the size that docs/reliability.md reports
	@scripts/need tesseract redis-server postgres
	@scripts/temporal
	go test -count=1 -v -timeout 40m -parallel 1 -run 'Faults|Killed|Dies|Waited' ./test -full

.PHONY: hostile
hostile: ## read bombs, loops and other hostile documents at the size that docs/hostile.md reports
	@scripts/need tesseract redis-server
	@scripts/temporal
	go test -count=1 -v -timeout 90m -run 'Hostile' ./test -full

.PHONY: lint
lint: bin/golangci-lint bin/workflowcheck ## run golangci-lint and workflowcheck
	@$(STEP) golangci-lint bin/golangci-lint run ./...
	@$(STEP) workflowcheck bin/workflowcheck -test=false -config tools/lint/workflowcheck.yaml ./workflows/...

.PHONY: fmt
fmt: bin/golangci-lint ## format the code
	gofmt -w $$(scripts/gofiles)
	bin/golangci-lint fmt ./...

.PHONY: fuzz
fuzz: ## run each fuzz target for FUZZTIME (20s)
	@scripts/fuzz $(FUZZTIME)

.PHONY: vuln
vuln: bin/govulncheck ## look the dependencies up in the Go vulnerability database (online)
	@scripts/vuln

.PHONY: sbom
sbom: build bin/cyclonedx-gomod ## list what the programs are made of, as bin/*.cdx.json (CycloneDX)
	@scripts/sbom

.PHONY: server
server: bin/temporal-server bin/temporal-sql-tool ## build a Temporal server for PostgreSQL, to run without Docker

.PHONY: deps
deps: bin/golangci-lint bin/workflowcheck ## install or build what build and test need
	@scripts/need tesseract redis-server postgres antiword catdoc wpd2html
	@scripts/temporal

.PHONY: clean
clean: ## remove what was built
	rm -rf bin

bin/golangci-lint: $(LINT_MOD)
	@echo 'Building golangci-lint, once: 1 to 3 minutes on 2 cores.'
	@$(BUILD_TOOL) -o ../../bin/golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@touch $@

bin/workflowcheck: $(LINT_MOD)
	@$(BUILD_TOOL) -o ../../bin/workflowcheck go.temporal.io/sdk/contrib/tools/workflowcheck
	@touch $@

bin/govulncheck: $(LINT_MOD)
	@$(BUILD_TOOL) -o ../../bin/govulncheck golang.org/x/vuln/cmd/govulncheck
	@touch $@

bin/cyclonedx-gomod: tools/sbom/go.mod tools/sbom/go.sum
	@cd tools/sbom && CGO_ENABLED=0 go build -ldflags='-s -w' -o ../../bin/cyclonedx-gomod github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod
	@touch $@

bin/temporal-server: $(SERVER_MOD)
	@echo 'Building the Temporal server, once: about 3 minutes on 2 cores.'
	@$(BUILD_SERVER) -o ../../bin/temporal-server go.temporal.io/server/cmd/server
	@touch $@

bin/temporal-sql-tool: $(SERVER_MOD)
	@$(BUILD_SERVER) -o ../../bin/temporal-sql-tool go.temporal.io/server/cmd/tools/sql
	@touch $@
