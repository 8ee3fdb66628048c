# Two commands do all the set-up: `make demo` and `make test`.
# PYTHON is the interpreter that the virtual environment is made from (3.11 or newer).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP_FLAGS := --quiet --disable-pip-version-check
DEMO := build/demo
# Two workers are what the smallest supported machine has.
WORKERS ?= 2

.PHONY: demo test check lint types contracts fast-tests fuzz bench evaluate gate clean

demo: $(VENV)/.demo-installed
	@mkdir -p $(DEMO)
	$(BIN)/crampdetect replay --demo --log $(DEMO)/episodes.sqlite --plot $(DEMO)/demo-night.png
	$(BIN)/crampdetect log --log $(DEMO)/episodes.sqlite
	@echo "The picture of the night: $(DEMO)/demo-night.png"

test: check
	$(BIN)/python -m pytest -n $(WORKERS) -m "slow or real_data" --no-header -q
	$(BIN)/python -m pytest -m fuzz --no-header -q

check: lint types contracts fast-tests

lint: $(VENV)/.test-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test-installed
	$(BIN)/mypy

contracts: $(VENV)/.test-installed
	$(BIN)/lint-imports

fast-tests: $(VENV)/.test-installed
	$(BIN)/python -m pytest -n $(WORKERS) -m "not slow and not fuzz and not real_data" --no-header -q

bench: $(VENV)/.test-installed
	$(BIN)/pip install $(PIP_FLAGS) -e '.[bench]'
	$(BIN)/python benchmarks/compare.py
	$(BIN)/python benchmarks/memory.py
	$(BIN)/python benchmarks/simulation.py
	$(BIN)/python benchmarks/startup.py

# MODEL is a trained model in models/, with its report beside it. It takes an hour on two cores.
MODEL ?= boosted-3

evaluate: $(VENV)/.test-installed
	$(BIN)/python -m evaluation.run models/$(MODEL).json --workers $(WORKERS)
	$(BIN)/python models/write_card.py $(MODEL)

gate: $(VENV)/.test-installed
	$(BIN)/python -m evaluation.gate --write

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "found $$($(PYTHON) --version 2>&1); expected Python 3.11 or newer (set PYTHON=...)" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "the venv module is missing; on Debian and Ubuntu: apt install python3-venv" >&2; exit 2; }

$(VENV)/.demo-installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/pip install $(PIP_FLAGS) -c constraints.txt -e '.[plot]'
	@touch $@

$(VENV)/.test-installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/pip install $(PIP_FLAGS) -c constraints.txt -e '.[test]'
	@touch $@ $(VENV)/.demo-installed

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
