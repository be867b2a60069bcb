# Portolan: `make run` and `make test` are all a newcomer needs; `make help` lists the rest.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
N      ?= 20000

.DEFAULT_GOAL := help
.PHONY: help run test check format soak relevance bench translations lock clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

$(VENV)/.run: requirements.lock pyproject.toml $(wildcard translations/*/LC_MESSAGES/messages.po)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/pybabel -q compile -d translations
	$(BIN)/python -m search.text.dictionaries
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

run: $(VENV)/.run ## Serve the portal on http://127.0.0.1:8000 (set-up, seed and index included)
	@$(BIN)/portolan serve

# Compiled once for all the processes that tests start, also where an image keeps Python from writing byte code.
test: $(VENV)/.dev ## Run the test suite (browser and PostgreSQL tests where these are installed)
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

check: $(VENV)/.dev ## Format, lint, types, import rules, translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.check_translations

format: $(VENV)/.dev ## Format the code and mend what the linter can
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

soak: $(VENV)/.dev ## The full counts that `make test` only samples
	$(BIN)/python -m pytest -m soak -s

relevance: $(VENV)/.dev ## How well judged searches are answered, by language and engine
	$(BIN)/python -m tests.relevance

bench: $(VENV)/.dev ## Measure search and pages beside other engines: make bench N=20000 (ENGINE=tantivy)
	$(BIN)/python -m benchmarks --offers $(N) $(if $(ENGINE),--engine $(ENGINE))

translations: $(VENV)/.dev ## Bring new messages into the catalogues and say what is untranslated
	$(BIN)/python -m tests.check_translations --update

lock: ## Renew both lock files (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --extra dev pyproject.toml -o requirements-dev.lock

clean: ## Remove the virtual environment and caches (never the data)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build *.egg-info
