# Doudi 兜底. `make` lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3.11
BIN := .venv/bin

.PHONY: help setup run test check bench bars bundle long sec

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

# pip can install uv anywhere; uv then makes .venv from the hashed lock, quickly
.venv/ready: requirements/dev.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed (set PYTHON=…)."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/python -m uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch .venv/ready

setup: .venv/ready ## build .venv with .venv/bin/doudi

run: .venv/ready ## the house with its demo county, until Ctrl-C
	@exec $(BIN)/doudi run

test: .venv/ready ## all tests, the browser's too, in three processes side by side
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: .venv/ready ## lint, types, contracts, architecture, policy
	$(BIN)/ruff check src tests scripts
	$(BIN)/ruff format --check src tests scripts
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint src --lint --quiet
	$(BIN)/python -m pytest tests/architecture
	$(BIN)/doudi policy check

bench: .venv/ready ## the benchmarks; figures go to var/bench
	@for name in screen simulate load decide spark; do $(BIN)/doudi bench $$name || exit 1; done

bars: .venv/ready ## the bars, one line each: ID=A-01 (or A-) for some, FULL=1 for their long form
	@$(BIN)/python -m tests.bars $(ID) $(if $(FULL),--full) $(if $(REPORT),--report $(REPORT))

# programs that look at the house from outside, in an environment of their own: nothing of them is imported or shipped
var/sec-tools/ready: requirements/sec.txt .venv/ready
	@$(BIN)/python -m uv venv --quiet --clear --python $(BIN)/python var/sec-tools
	@$(BIN)/python -m uv pip install --quiet --python var/sec-tools/bin/python --require-hashes -r requirements/sec.txt
	@touch var/sec-tools/ready

sec: var/sec-tools/ready ## bandit, known weaknesses, secrets, licences; the bill of materials goes to var/security
	@$(BIN)/python scripts/sec.py

bundle: .venv/ready ## dist/: what a machine without a network installs from, x86-64 and ARM64 (needs a network here)
	@$(BIN)/python scripts/bundle.py

long: .venv/ready ## long forms of other tests: both renderings on 100,000 households, whole packs, bad files, pages
	@TESTS_LONG=1 DOUDI_AGREEMENT_HOUSEHOLDS=100000 $(BIN)/python -m pytest tests/engine/test_renderings_agree.py \
	  tests/engine/test_spark.py tests/bench tests/flows tests/audit tests/sources tests/browser
	@$(BIN)/python -m tests.engine.hostile.measured
