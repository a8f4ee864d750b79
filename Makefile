# Staffel: `make` shows what can be done. Needs Python >= 3.11 and make; everything else is set up in .venv.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.ready-run
DEV := $(VENV)/.ready-dev
export PYTHONUNBUFFERED := 1

.PHONY: help
help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

# uv installs quickly and checks hashes; where it is absent it is put into .venv itself.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Staffel needs Python 3.11 or newer; found: $$($(PYTHON) --version). Name another one: make PYTHON=python3.12 …"; exit 1; }
	@echo "Setting up $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

NEED_UV = command -v uv >/dev/null 2>&1 || [ -x $(BIN)/uv ] || $(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'
UV = $$(command -v uv || echo $(BIN)/uv) pip install --quiet --python $(BIN)/python

$(RUN): pyproject.toml requirements/run.txt | $(VENV)/bin/python
	@$(NEED_UV)
	@$(UV) --require-hashes -r requirements/run.txt
	@$(UV) --require-hashes -r requirements/build.txt
	@$(UV) --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): pyproject.toml requirements/dev.txt $(RUN)
	@$(UV) --require-hashes -r requirements/dev.txt
	@touch $@

.PHONY: demo
demo: $(RUN) ## a lifelike demo on 127.0.0.1 with SQLite under var/; the second start keeps the data
	@$(BIN)/staffel demo $(ARGS)

.PHONY: run
run: $(RUN) ## an empty installation; creates the first administrator
	@$(BIN)/staffel init --if-needed $(INIT)
	@$(BIN)/staffel serve $(ARGS)

.PHONY: test
test: $(DEV) ## all tests, on SQLite and on a real PostgreSQL
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

.PHONY: nightly
nightly: $(DEV) ## property tests with MODELS=10000 random models each, new ones every time; takes hours
	@STAFFEL_EXAMPLES=$(or $(MODELS),10000) $(BIN)/python -m pytest -n 2 --timeout=0 tests/property $(ARGS)

.PHONY: check
check: $(DEV) ## lint, format, types, import rules, vendored files
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tools/vendor.py check

.PHONY: bench
bench: $(DEV) ## measure against SpiffWorkflow and against bare driver statements; writes var/bench.json
	@$(BIN)/python -m tools.bench $(ARGS)

.PHONY: conformance
conformance: $(DEV) ## run the outside suites that are present; writes var/conformance.json
	@$(BIN)/python -m tools.conformance $(ARGS)

.PHONY: fuzz
fuzz: $(DEV) requirements/fuzz.txt ## search for inputs that FEEL or DMN cannot cope with; ARGS="--target dmn --seconds 60"
	@$(UV) --require-hashes -r requirements/fuzz.txt
	@$(BIN)/python -m tools.fuzz $(ARGS)

.PHONY: pictures
pictures: $(DEV) ## make the pictures of the README from the running demo (needs chromium)
	@$(BIN)/python -m tools.pictures $(ARGS)

.PHONY: lock
lock: ## lock the dependencies anew, with hashes (maintainers)
	uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements/run.txt
	uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header requirements/s3.in -c requirements/run.txt -o requirements/s3.txt
	uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml --extra s3 --group dev -c requirements/run.txt -o requirements/dev.txt
	uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header --group fuzz -o requirements/fuzz.txt
	uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header requirements/build.in -o requirements/build.txt

.PHONY: clean
clean: ## remove .venv and caches; var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
