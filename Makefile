# Needs Python 3.11 or newer with venv, and make. Everything else goes into .venv. Only check-api
# needs more: Node.js 20 or newer with npm, whose packages go into tools/api/node_modules.

PYTHON ?= python3
VENV   ?= .venv
PORT   ?= 8000
BIN    := $(VENV)/bin

API     := tools/api
UNGA    ?= examples/unga
BENCH   :=
NODE    := $(API)/node_modules/.bin
CLIENTS := build/clients

.PHONY: help demo test check check-api audit bench soak openapi lock clean

help:
	@echo "make demo    load the US-North Korea talks, show where the two sides differ, serve them"
	@echo "make test    run the tests, on SQLite and on a PostgreSQL that they start themselves"
	@echo "make check   lint, types, layers, and whether openapi.yaml is up to date"
	@echo "make check-api  hold openapi.yaml against linters, and generate clients from it (Node.js)"
	@echo "make audit   look for unsafe code, and for known vulnerabilities of the dependencies (network)"
	@echo "make bench   measure the service and what one would use instead (Node.js, wrk; 35 minutes)"
	@echo "make soak    10,000 PATCHes, 100 POSTs at once, 100 kill -9, on each engine (30 minutes)"
	@echo "make openapi write openapi.yaml anew"
	@echo "make lock    pin the dependencies anew"

# The port first: what cannot be served is not made. A token for each port, so that a demo takes none
# away from one that is still served on another port.
demo: $(VENV)/.service
	@$(BIN)/python -c 'import socket; s = socket.socket(); \
	  s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", $(PORT)))' 2>/dev/null || \
	  { echo "Port $(PORT) on 127.0.0.1 cannot be had: stop what uses it, or choose one from 1024 to 65535, like" \
	  "make demo PORT=8001." >&2; exit 1; }
	@$(BIN)/negotiations migrate
	@$(BIN)/negotiations load --example --if-missing
	@$(BIN)/negotiations diff us-dprk usa@2019-10-31 prk@2019-10-31
	@echo
	@echo "Try, in another terminal:"
	@echo "  curl http://127.0.0.1:$(PORT)/v1/negotiations/us-dprk/compare/usa...prk"
	@echo "  curl -H 'Accept: text/plain' 'http://127.0.0.1:$(PORT)/v1/negotiations/us-dprk/compare/usa@2019-01-31...usa@2019-03-31?show=differences'"
	@echo "  curl 'http://127.0.0.1:$(PORT)/v1/negotiations/us-dprk/matrix?on=2019-10-31&format=text'"
	@echo "  curl 'http://127.0.0.1:$(PORT)/v1/negotiations/us-dprk/roadmap?on=2019-10-31&format=text'"
	@TOKEN=$$($(BIN)/negotiations token create --name demo-$(PORT) --scope write 2>/dev/null || \
	  $(BIN)/negotiations token rotate demo-$(PORT) 2>/dev/null); echo "  curl -H 'Authorization: Bearer $$TOKEN'" \
	  "-H 'Content-Type: application/json' -d '{\"slug\": \"che\", \"name\": \"Switzerland\", \"kind\": \"state\"}'" \
	  "http://127.0.0.1:$(PORT)/v1/parties"
	@echo "and in a browser:"
	@echo "  http://127.0.0.1:$(PORT)/v1/negotiations/us-dprk/timeline?format=svg"
	@echo "  http://127.0.0.1:$(PORT)/docs"
	@echo
	@$(BIN)/negotiations serve --port $(PORT)

test: $(VENV)/.development
	$(BIN)/pytest -n auto --dist worksteal

check: $(VENV)/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/negotiations openapi | diff -u openapi.yaml - || (echo "openapi.yaml is out of date: make openapi"; exit 1)

# openapi.yaml by the rules of Spectral, OWASP and Redocly; and clients that are generated from it.
check-api: $(VENV)/.development $(API)/node_modules/.installed
	$(NODE)/spectral lint openapi.yaml --ruleset $(API)/.spectral.yaml --fail-severity hint
	REDOCLY_SUPPRESS_UPDATE_NOTICE=true $(NODE)/redocly lint openapi.yaml --config $(API)/redocly.yaml
	rm -rf $(CLIENTS)
	mkdir -p $(CLIENTS)
	$(NODE)/openapi-typescript openapi.yaml --output $(CLIENTS)/api.ts
	$(NODE)/tsc --strict --noEmit $(CLIENTS)/api.ts
	$(BIN)/openapi-python-client generate --path openapi.yaml --config $(API)/python-client.yaml \
	  --meta none --fail-on-warning --output-path $(CLIENTS)/negotiations_client
	cd $(CLIENTS) && $(abspath $(BIN))/mypy --strict negotiations_client

# bandit by pyproject.toml. pip-audit asks PyPI, and says so where there is no way to it.
audit: $(VENV)/.development
	$(BIN)/bandit --quiet --recursive negotiations_api migrations --configfile pyproject.toml
	$(BIN)/python tools/audit.py requirements.txt requirements-dev.txt bench/requirements.txt

# Everything side by side in one run; writes bench/RESULTS.md. More of it: BENCH="--quick",
# BENCH="--only list,item", BENCH=--help; the UN votes are read from UNGA.
bench: bench/.venv/.installed bench/node_modules/.installed
	bench/.venv/bin/python -m bench --unga $(UNGA) $(BENCH)

# Each line says what it has found, and the first that finds a fault ends it.
soak: $(VENV)/.development
	$(BIN)/python -m tests.soak updates
	$(BIN)/python -m tests.soak updates --mixed
	$(BIN)/python -m tests.soak idempotency
	$(BIN)/python -m tests.soak crashes

openapi: $(VENV)/.development
	$(BIN)/negotiations openapi > openapi.yaml.new
	mv openapi.yaml.new openapi.yaml

# requirements.txt is what the service runs with, requirements-dev.txt that and the tools.
lock: $(VENV)/.development
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
	  setup.cfg --all-extras -o requirements-dev.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	  setup.cfg --extra build -c requirements-dev.txt -o requirements.txt
	cd bench && $(abspath $(BIN))/uv pip compile -q --upgrade --universal --python-version 3.11 \
	  --generate-hashes requirements.in -c ../requirements-dev.txt -o requirements.txt

clean:
	rm -rf $(VENV) $(API)/node_modules bench/.venv bench/node_modules build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(VENV)/.service: requirements.txt setup.cfg
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and "Python 3.11 or newer is needed, this is %d.%d: make PYTHON=/path/to/python3.11" % v[:2])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.development: $(VENV)/.service requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# No package runs a script of its own: npm only unpacks what the lock names by its hash.
$(API)/node_modules/.installed: $(API)/package-lock.json
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' && npm --version >/dev/null || \
	  { echo "make check-api needs Node.js 20 or newer, with npm: install both and try again."; exit 1; }
	npm ci --prefix $(API) --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# The peers stay out of the environment that the service is developed in.
bench/.venv/.installed: requirements.txt bench/requirements.txt setup.cfg
	$(PYTHON) -m venv bench/.venv
	bench/.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	bench/.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r bench/requirements.txt
	bench/.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

bench/node_modules/.installed: bench/package-lock.json
	npm ci --prefix bench --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
