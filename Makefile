# Two commands matter: `make run` and `make test`. Everything else is listed by `make help`.
.DEFAULT_GOAL := help
SHELL := /bin/sh
.DELETE_ON_ERROR:
.PHONY: help run test tests types fix bench lock

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --progress-bar off --compile
WORDS := lms/translations/nl/LC_MESSAGES/messages
PAGES := templates
step = @printf '\n\033[1m%s\033[0m\n' "$(1)"

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/run.stamp $(WORDS).mo ## Start Bekwaam with its own database (PORT, HOST, BEKWAAM_DATA, DATABASE_URL)
	@exec $(BIN)/bekwaam run

test: .venv/test.stamp $(WORDS).mo ## Check format, lint, types, imports and templates, and run all tests
	$(call step,1/7 format)
	@$(BIN)/ruff format --check .
	$(call step,2/7 lint)
	@$(BIN)/ruff check .
	$(call step,3/7 import contracts)
	@$(BIN)/lint-imports --no-cache
	$(call step,4/7 templates)
	@$(BIN)/djlint $(PAGES) --lint
	@$(BIN)/djlint $(PAGES) --check
	$(call step,5/7 a browser)
	@$(BIN)/python -m tests.chromium
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target tests types

# Beside each other: the types have one core for half a minute. A + lets the tests say at once how far they are.
tests:
	$(call step,6/7 tests)
	+@$(BIN)/python -m pytest -n auto --maxprocesses 8 --dist worksteal

types:
	@printf '\n\033[1m7/7 types (beside the tests)\033[0m\n'; $(BIN)/mypy

fix: .venv/test.stamp ## Format the code and repair what the linters can repair
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format . ; $(BIN)/djlint $(PAGES) --quiet --reformat

bench: .venv/run.stamp $(WORDS).mo ## Measure the pages on demonstration data and print a table
	@$(BIN)/python -m benchmarks

lock: export CUSTOM_COMPILE_COMMAND := make lock
lock: .venv/bin/python ## Resolve requirements/*.in anew into *.txt, with hashes
	@$(INSTALL) 'pip-tools~=7.6.0'
	@for name in run test; do \
	  $(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url \
	    --no-emit-find-links --no-emit-trusted-host -o requirements/$$name.txt requirements/$$name.in || exit 1; \
	done

.venv/bin/python:
	@requirements/environment.sh .venv

.venv/run.stamp: requirements/run.txt pyproject.toml | .venv/bin/python
	@echo "Installing what Bekwaam needs (once, a minute or two)"
	@$(INSTALL) --require-hashes -r requirements/run.txt
	@$(INSTALL) --no-deps --no-build-isolation --no-index -e .
	@touch $@

.venv/test.stamp: requirements/test.txt .venv/run.stamp
	@echo "Installing what the tests need (once)"
	@$(INSTALL) --require-hashes -r requirements/test.txt
	@touch $@

%.mo: %.po .venv/run.stamp
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
