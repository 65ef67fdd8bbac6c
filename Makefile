# Every target does its own set-up on a Debian machine with Go.

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test test-page fuzz check faults faults-short bench build generate secrets

staticcheck := go run honnef.co/go/tools/cmd/staticcheck@v0.8.2

# Of what the experiments say, what is not about their coming and going.
results := grep -v -e '^=== ' -e '^ *--- PASS'

# Go says nothing while it fetches and compiles.
first := echo "make: compiling; the first time this takes some minutes"

help: ## say what there is to make
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | expand -t 15

demo: build ## run the whole bot with a stand-in Telegram, on one page
	@scripts/need.sh postgres
	bin/koprik demo

test: ## run all tests but those in a browser
	@scripts/need.sh go postgres redis
	@$(first)
	go test ./... $(TESTFLAGS)

test-page: ## run the tests of the demo page in Chromium
	@scripts/need.sh go postgres redis chromium
	go test -tags page ./bot/simulator/page $(TESTFLAGS)
	go test -tags page -run Page ./cmd/koprik $(TESTFLAGS)

fuzz: ## try all readers of what comes from outside with made-up input, 30 s each
	@scripts/need.sh go postgres redis
	@$(first)
	scripts/fuzz.sh
	go test -count 1 -timeout 30m -run TestNothingNastyStopsADialogue ./handlers -nasty

check: ## look for faults without running: format, vet, staticcheck, vulnerabilities
	@scripts/need.sh go
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "not as gofmt has it:"; echo "$$unformatted"; exit 1; }
	go vet ./...
	go vet -tags page ./...
	$(staticcheck) ./...
	$(staticcheck) -tags page ./...
	go vet -tags faults ./cmd/koprik
	go vet -tags failpoints ./...
	$(staticcheck) -tags faults ./cmd/koprik
	scripts/vulnerabilities.sh

faults: ## make all experiments with faults, once in the long form and with 20 seeds; takes hours
	@scripts/need.sh go postgres redis
	go test -tags faults -v -timeout 24h -run TestFaults ./cmd/koprik -full -table $(CURDIR)/faults-long.md $(TESTFLAGS) | $(results)
	go test -tags faults -v -timeout 24h -parallel 3 -run TestFaults ./cmd/koprik -seeds 20 -table $(CURDIR)/faults-20.md $(TESTFLAGS) | $(results)

faults-short: ## make each experiment once, in its short form
	@scripts/need.sh go postgres redis
	go test -tags faults -v -timeout 20m -run TestFaults ./cmd/koprik $(TESTFLAGS) | $(results)

bench: ## measure the queues, the clock, a search and the whole way of a message
	@scripts/need.sh go postgres redis
	go run ./bench

# Without HTTP/2, of which the bot uses nothing, the program is half a megabyte smaller.
build: ## build the program, bin/koprik, which needs no other file
	@scripts/need.sh go
	@$(first)
	CGO_ENABLED=0 go build -trimpath -tags nethttpomithttp2 -ldflags="-s -w -X main.version=$$(git describe --tags --always --dirty 2>/dev/null)" -o bin/koprik ./cmd/koprik

secrets: ## make the files in secrets/ that compose.yaml wants
	@scripts/secrets.sh

generate: ## write the generated files anew
	@scripts/need.sh go
	go generate ./...
