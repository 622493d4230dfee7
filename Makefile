# make help lists the targets. Builds and tests need no C compiler: CGO_ENABLED
# is 0 everywhere but in the race detector, which can't do without.

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

export CGO_ENABLED := 0

TAGS    := nomsgpack
LDFLAGS := -s -w
# A checkout that belongs to another user makes git, and with it the build, fail.
BUILDVCS := $(shell git rev-parse --git-dir >/dev/null 2>&1 && echo auto || echo false)

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 10

.PHONY: run
run: build ## build, fill data/diachiso.db with the demo province at the first start, serve on 127.0.0.1:8080
	@exec scripts/run.sh

.PHONY: build
build: ## bin/diachiso, one static file
	@scripts/setup.sh build
	go build -tags $(TAGS) -trimpath -buildvcs=$(BUILDVCS) -ldflags "$(LDFLAGS)" -o bin/diachiso ./cmd/diachiso

.PHONY: test
test: ## set up what is missing, check the format, vet, build, and run every test on both databases
	@scripts/setup.sh test
	scripts/format.sh check
	go vet -tags $(TAGS) ./...
	go build -tags $(TAGS) -buildvcs=$(BUILDVCS) ./...
	scripts/with-postgres.sh go test -tags $(TAGS) ./...

.PHONY: race
race: export CGO_ENABLED = 1
race: ## the tests under the race detector (needs a C compiler)
	@scripts/setup.sh test
	scripts/with-postgres.sh go test -race -tags $(TAGS) ./...

.PHONY: bench
bench: ## rates beside a bare Gin handler, as ratios; DATABASE=… names a filled registry, default data/diachiso.db
	go run -tags $(TAGS) ./bench -database-url "$(or $(DATABASE),data/diachiso.db)"

.PHONY: quality
quality: ## how well a running server finds what is written otherwise; URL=…, ARGS="-call suggest -v"
	go run -tags $(TAGS) ./bench/quality -url "$(or $(URL),http://127.0.0.1:8080)" $(ARGS)

.PHONY: cluster
cluster: ## a private PostgreSQL cluster for work by hand, until Ctrl-C
	@exec scripts/with-postgres.sh bash -c \
		'echo "$$DIACHISO_TEST_POSTGRES_URL"; echo "Ctrl-C stops and removes it." >&2; exec sleep infinity'

.PHONY: fmt
fmt: ## format the Go files
	scripts/format.sh write

.PHONY: clean
clean: ## remove bin/ (the registry in data/ stays)
	rm -rf bin
