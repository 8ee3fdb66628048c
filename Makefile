# Two commands do all the set-up: `make demo` and `make test`.
# PYTHON is the interpreter that the virtual environment is made from (3.11 or newer).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP_FLAGS := --quiet --disable-pip-version-check
DEMO := build/demo
# Two workers are what the smallest supported machine has.
WORKERS ?= 2

.PHONY: demo test test-long system-packages check lint types contracts fast-tests fuzz bench evaluate gate clean

# What the tests with real components need: a broker, a Bluetooth daemon in an emulated guest, and the
# tools of the firmware. Installed where that is allowed, else named.
PACKAGES := bluez busybox-static cpio dbus g++ gcc gcc-arm-none-eabi gcc-avr avr-libc kmod libelf-dev \
  libnewlib-arm-none-eabi libsimavr-dev mosquitto openssl qemu-system-arm qemu-system-x86 socat systemd

demo: $(VENV)/.demo-installed
	@mkdir -p $(DEMO)
	$(BIN)/crampdetect replay --demo --log $(DEMO)/episodes.sqlite --plot $(DEMO)/demo-night.png
	$(BIN)/crampdetect log --log $(DEMO)/episodes.sqlite
	@echo "The picture of the night: $(DEMO)/demo-night.png"

test: system-packages check
	$(BIN)/python -m pytest -n $(WORKERS) -m "(slow or real_data or avr) and not bluez and not fuzz" --no-header -q
	$(BIN)/python -m pytest -m bluez --no-header -q
	$(BIN)/python -m pytest -m fuzz --no-header -q

# A night of ten hours in ten minutes, through the whole program.
test-long: $(VENV)/.test-installed
	$(BIN)/crampdetect night --device demo --speed 60 --no-check --no-log --folder build/long

system-packages:
	@missing=$$(dpkg-query -W -f='$${db:Status-Status} $${Package}\n' $(PACKAGES) 2>/dev/null | sed -n 's/^installed //p' \
	  | sort > build-packages.tmp; for each in $(PACKAGES); do grep -qx "$$each" build-packages.tmp || echo $$each; done; rm -f build-packages.tmp); \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if ! command -v apt-get >/dev/null; then echo "the tests also need: $$missing" >&2; exit 0; fi; \
	if [ "$$(id -u)" = 0 ]; then sudo=; elif sudo -n true 2>/dev/null; then sudo="sudo -n"; else \
	  echo "please install: apt install $$missing" >&2; exit 0; fi; \
	$$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing >/dev/null

check: lint types contracts fast-tests

lint: $(VENV)/.test-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test-installed
	$(BIN)/mypy

contracts: $(VENV)/.test-installed
	$(BIN)/lint-imports

fast-tests: $(VENV)/.test-installed
	$(BIN)/python -m pytest -n $(WORKERS) -m "not slow and not fuzz and not real_data and not bluez and not avr" --no-header -q

bench: $(VENV)/.test-installed
	$(BIN)/pip install $(PIP_FLAGS) -e '.[bench]'
	$(BIN)/python benchmarks/compare.py
	$(BIN)/python benchmarks/memory.py
	$(BIN)/python benchmarks/simulation.py
	$(BIN)/python benchmarks/live.py
	$(BIN)/python benchmarks/startup.py

# MODEL is a trained model in models/, with its report beside it. It takes half an hour on two free cores.
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
