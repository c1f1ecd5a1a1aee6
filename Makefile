# Broadsheet. `make` alone lists what there is.

GO       ?= go
BIN      := bin/broadsheet
# The moment the demonstration happens at: the same pages and keys every time.
DEMO_NOW := 2026-11-20T07:00:00+01:00
LINT     := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUMPT    := mvdan.cc/gofumpt@v0.12.0
FUZZTIME ?= 20s
SEED     ?= 47
LIVES    ?= 3000

.PHONY: help build demo demo-clean test race torture fuzz golden screenshots lint bench dist clean
.DEFAULT_GOAL := help

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build bin/broadsheet
	@$(GO) build -trimpath -o $(BIN) ./cmd/broadsheet

demo: build ## make a sample publication, compile it, send it to a local sink
	@BROADSHEET=$(BIN) DEMO_NOW=$(DEMO_NOW) sh internal/sample/demo.sh demo

demo-clean: ## remove the sample publication
	rm -rf demo

test: ## run every test
	$(GO) test ./...

# What runs side by side, and one whole send. The pure packages start no
# goroutines; the commands' scripts, killed processes, an hour of being slowed
# down and the random lives of stories take minutes under the detector.
RACY := ./internal/workflow ./internal/store ./internal/mailer ./internal/sink \
        ./internal/preview ./internal/source ./internal/web ./internal/model ./internal/message

SLOW := TestCrash|TestSlowsDownWhenToldAndEases|TestStoriesAreDeliveredOnceAndNeverLost

race: ## run the tests of all that runs side by side under the race detector
	$(GO) test -race -skip '^($(SLOW))$$' $(RACY)
	$(GO) test -race -run 'Sample|TwoSends|Interrupt' ./cmd/broadsheet

torture: ## kill, cut and starve thousands of sends; SEED and LIVES choose which and how many
	$(GO) test ./cmd/broadsheet -run TestTorture -v -count=1 -timeout 0 -seed $(SEED) -lives $(LIVES)

fuzz: ## fuzz everything that reads what comes from outside, FUZZTIME each
	@$(GO) list ./... | while read -r package; do \
	  for target in $$($(GO) test -list '^Fuzz' "$$package" | grep '^Fuzz'); do \
	    $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$package" || exit 1; \
	  done; \
	done

golden: ## rewrite the expected outputs of the golden tests; read the difference
	@$(GO) test ./... -run Golden -update

screenshots: ## take the pictures of the README again (needs Chromium)
	BROADSHEET_SCREENSHOTS=1 $(GO) test ./internal/cli ./internal/render -run Screenshots -count=1

lint: ## formatting, vet and the linters of .golangci.yml
	@unformatted=$$($(GO) run $(FUMPT) -l .); test -z "$$unformatted" || { echo "not gofumpt-ed:"; echo "$$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) run $(LINT) run ./...

bench: ## measure; BENCHMARKS.md says what the figures mean
	$(GO) test -run '^$$' -bench . -benchmem ./...

dist: ## build for Linux, macOS and Windows into dist/
	@for target in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64; do \
	  ext=; case $$target in windows/*) ext=.exe;; esac; \
	  CGO_ENABLED=0 GOOS=$${target%/*} GOARCH=$${target#*/} $(GO) build -trimpath -ldflags '-s -w' \
	    -o dist/broadsheet-$${target%/*}-$${target#*/}$$ext ./cmd/broadsheet || exit 1; \
	done

clean: ## remove what was built
	rm -rf bin dist
