# Canvass. `make help` lists what there is; every target does its own set-up.
VENV   := .venv
PYTHON ?= python3
BIN    := $(VENV)/bin
UV     := 0.13.9
WORKERS ?= auto
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo serve test quick check format bench lock clean

help: ## List the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.ready ## A simulated city answers six pulses; releases and briefings go to out/
	@$(BIN)/canvass demo --out out

serve: $(VENV)/.ready ## Open the web application with the demo organisation and print the sign-ins
	@$(BIN)/canvass demo --out out --keep
	@$(BIN)/canvass serve --data out/city

test: $(VENV)/.ready $(VENV)/.test-ready ## Run every test: SQLite, PostgreSQL, browser and PDF included
	$(BIN)/pytest -n $(WORKERS)

quick: $(VENV)/.ready ## Run the tests that need no browser, PostgreSQL or simulation
	$(BIN)/pytest -n $(WORKERS) -m "not slow and not browser and not postgres"

check: $(VENV)/.ready ## Check format, lint, types, import rules and docstrings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/numpydoc lint $$(find analysis -name '*.py' ! -name '__init__.py')

format: $(VENV)/.ready ## Format the code and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.ready $(VENV)/.test-ready ## Measure ballots, statistics and briefings
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python -m benchmarks.$$(basename $$file .py) || exit 1; done

lock: $(VENV)/.ready ## Pin every dependency again, with hashes
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate \
		--custom-compile-command "make lock" --group dev pyproject.toml --output-file requirements.lock

clean: ## Remove what the other targets made
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.ready: requirements.lock pyproject.toml
	@echo "Setting up: system libraries, then $$(grep -c '==' requirements.lock) pinned packages into $(VENV) ..."
	@deploy/system-packages run
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Canvass needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 ..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet uv==$(UV)
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements.lock
	@$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@touch $@

$(VENV)/.test-ready: $(VENV)/.ready
	@deploy/system-packages test
	@touch $@
