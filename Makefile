# `make run` and `make test` are all that one needs; `make check` is what a change must pass besides.
# Any Python from 3.11 on, no root, no database server, no Node: the rest is installed into .venv and node_modules.

PYTHON ?= python3
# More than cores: much of a test is waiting, for a browser, a race or a clock.
WORKERS ?= 4
SCREENS ?= screens
BIN := .venv/bin
PYTEST := $(BIN)/pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder
SETUP := $(PYTHON) tools/bootstrap.py
DEBIAN_POSTGRES = $(lastword $(sort $(wildcard /usr/lib/postgresql/*/bin)))

# What was compiled is kept, whatever the shell says: every process that a test starts imports hundreds of files.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help python run assets test test-long test-debian test-guards check format catalogue lock bench clean screens

help:
	@echo "make run          start ZorgvoorElkaar on http://localhost:8000 (PORT=8001 for another port)"
	@echo "make test         run all tests, the long ones in their quick form"
	@echo "make check        format, lint, types, imports, templates, catalogue, migrations"
	@echo "make test-long    the long tests in full, some into bench/results;  make test-debian  all on Debian's PostgreSQL"
	@echo "                  ZVE_TEST_LONG=1 make test-debian  both;  ZVE_TEST_SEED=... draws the same again"
	@echo "make test-guards  take each guard of docs/cases.md away, in a copy, and see its tests fail, into bench/results"
	@echo "make test-asvs    run every test that docs/asvs.md (OWASP ASVS level 2) and docs/bio.md name; none may be skipped"
	@echo "make test-constraints  drop each constraint, trigger, index, policy and privilege of the ledger, and see a test fail"
	@echo "make screens      photograph a demonstration and every page of the router into $(SCREENS)/ (SCREENS=folder for another)"
	@echo "make bench-matching  the engine beside PostGIS, numpy, geopy and OR-Tools, in one run;  QUICK=1 within five minutes"
	@echo "make bench-ledger the ledger beside an ORM and plain psycopg, in one run;  QUICK=1 a smoke test"
	@echo "make bench-load   pages, matches and bookings under load, beside a bare program;  QUICK=1 a smoke test, MINUTES=60"
	@echo "make test-faults  kill server and worker with -9 while people book, more than a hundred times, into bench/results;"
	@echo "                  then hit each of two web processes, two workers, pgbouncer, primary and replica (apt: pgbouncer)"
	@echo "make client       a client package for the API, generated from its description, into dist/"
	@echo "make sbom         what a release consists of, as CycloneDX, into dist/"
	@echo "make bench        measure, into bench/results;  make lock  resolve the requirements anew;  make clean  remove what was built"

python:
	@command -v $(PYTHON) >/dev/null || { echo "ZorgvoorElkaar needs Python 3.11 or newer, and there is no $(PYTHON) here."; exit 1; }

run: assets
	@exec $(BIN)/zorgvoorelkaar run

assets: python
	@$(SETUP) run build
	@$(BIN)/python tools/build_assets.py
	@$(BIN)/python tools/build_kernel.py

.PHONY: test-tools check-tools
test-tools: python
	@$(SETUP) run build test
	@$(BIN)/python tools/build_assets.py
	@$(BIN)/python tools/build_kernel.py
	@$(BIN)/python tools/find_system.py

check-tools: python
	@$(SETUP) run build test check
	@$(BIN)/python tools/build_assets.py

test: test-tools
	$(PYTEST)

test-long: test-tools
	ZVE_TEST_LONG=1 $(PYTEST)

test-debian: test-tools
	@test -n "$(DEBIAN_POSTGRES)" || { echo "Debian's PostgreSQL is missing: apt install postgresql"; exit 1; }
	ZVE_POSTGRES_BIN=$(DEBIAN_POSTGRES) $(PYTEST)

test-guards: test-tools
	@$(BIN)/python -m tools.prove_guards --jobs 2 --result bench/results/guards.txt

.PHONY: test-asvs
test-asvs: test-tools
	@$(BIN)/python -m tools.asvs

.PHONY: test-constraints
test-constraints: test-tools
	@$(BIN)/python -m tools.drop_constraints --result bench/results/constraints.txt

check: check-tools
	@$(BIN)/python -m tools.check

format: check-tools
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

catalogue: check-tools
	@$(BIN)/python -m tools.check_catalogue --update

screens: test-tools
	@$(BIN)/python -m tools.screens $(SCREENS)
	@$(BIN)/python -m tools.screens_of_routes $(SCREENS)/routes

bench: test-tools
	@mkdir -p bench/results
	@for name in $(basename $(notdir $(wildcard bench/bench_*.py))); do \
		echo "$$name"; \
		{ echo "commit $$(git describe --always --dirty), $$(nproc) cores"; $(BIN)/python -m bench.$$name; } \
			> bench/results/$$name.txt || exit 1; \
		cat bench/results/$$name.txt; \
	done

.PHONY: bench-matching
bench-matching: test-tools
	$(BIN)/python -m bench.matching $(if $(QUICK),--quick)

.PHONY: sbom
sbom: test-tools
	@$(BIN)/python tools/sbom.py

.PHONY: client
client: test-tools
	@$(BIN)/python -m tools.client build/client
	@$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist build/client

.PHONY: bench-ledger bench-load test-faults
bench-ledger: test-tools
	$(BIN)/python -m bench.ledger $(if $(QUICK),--quick)

bench-load: test-tools
	$(BIN)/python -m bench.load $(if $(QUICK),--quick) $(if $(MINUTES),--minutes $(MINUTES))

test-faults: test-tools
	@mkdir -p bench/results
	$(BIN)/python -m tests.faults --into bench/results/faults.txt $(if $(SEED),--seed $(SEED)) $(if $(KILLS),--kills $(KILLS))
	$(BIN)/python -m tests.faults.machines --into bench/results/machines.txt $(if $(SEED),--seed $(SEED))

lock: check-tools
	@$(BIN)/python tools/lock.py
	@npm install --package-lock-only --ignore-scripts

clean:
	rm -rf .venv node_modules web/static/vendor matching/kernel/*.so build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
