# The front door. Each target does its own set-up; all that is needed is Go, make and git, and for -race a C compiler.

PLUGINS := aliyun huawei ctyun
# Without gRPC's tracing pages and the templates behind them, programs are a fifth smaller, in memory too. Without the
# C library they run on any Linux, start sooner and take less memory still.
BUILD   := CGO_ENABLED=0 go build -trimpath -tags grpcnotrace
# The host calls nobody over HTTP and serves HTTP/1.1 alone; plugins do call, and keep HTTP/2.
HOST    := $(BUILD),nethttpomithttp2
LINT    := go tool -modfile=.ci/lint.mod golangci-lint

.PHONY: help build demo test test-clients test-browser lint bench fuzz generate vet-all clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

build: ## build mqtrail and its plugins into bin/
	$(HOST) -o bin/mqtrail ./host/cmd/mqtrail
	@for plugin in $(PLUGINS); do \
	  echo $(BUILD) -o bin/mqtrail-plugin-$$plugin ./plugins/$$plugin; \
	  $(BUILD) -o bin/mqtrail-plugin-$$plugin ./plugins/$$plugin || exit 1; \
	done
	@bin/mqtrail plugins --ship >/dev/null

demo: build ## follow a lost message in a real MCP session with the sandbox
	@go run ./host/internal/mcpserver/demo bin/mqtrail

test: ## all tests that need nothing but Go, with the race detector
	go test -race -timeout 15m ./...

test-clients: ## the official TypeScript MCP client against mqtrail serve; needs Node 20 or newer with npm
	@command -v npm >/dev/null || { echo "make test-clients needs Node 20 or newer with npm: install it and run again" >&2; exit 1; }
	go test -race -timeout 10m -tags clients ./host/internal/mcpserver/...

test-browser: ## the trail's page and diagrams in headless Chromium; needs Node 20 or newer with npm, and Debian's chromium
	@command -v npm >/dev/null || { echo "make test-browser needs Node 20 or newer with npm: install it and run again" >&2; exit 1; }
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null; \
	  else false; fi || \
	  { echo "make test-browser needs Chromium: install the package chromium and run again" >&2; exit 1; }
	go test -race -timeout 10m -tags browser -run TestBrowser ./host/internal/render/...

lint: ## the linter, and vet for every system that mqtrail runs on
	$(LINT) run ./...
	$(MAKE) --no-print-directory vet-all

vet-all:
	@for system in linux darwin windows; do for machine in amd64 arm64; do \
	  echo "vet $$system/$$machine"; \
	  CGO_ENABLED=0 GOOS=$$system GOARCH=$$machine go vet ./... && \
	  CGO_ENABLED=0 GOOS=$$system GOARCH=$$machine go build -o /dev/null ./host/cmd/mqtrail || exit 1; \
	done; done

bench: build ## the budgets: ratios against floors measured in the same run
	go run ./host/internal/bench

fuzz: ## every fuzz target for a few seconds each
	.ci/fuzz 10s

generate: ## rewrite every generated file
	go test ./sdk/protocol -update
	go test ./sdk/trail -update

clean: ## remove what was built
	rm -rf bin
