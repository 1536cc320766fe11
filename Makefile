# make help lists what can be done here.

PYTHON ?= python3
PORT ?= 8501
ADDRESS ?= 127.0.0.1
SECRETS ?=
SESSIONS ?= 50
MINUTES ?= 1
BROWSERS ?= 2
QGIS_PYTHON ?= /usr/bin/python3
VENV := .venv
BENCH_VENV := .venv-bench
PIP := pip==26.3
UV := uv==0.13.9

BIN := $(VENV)/bin/python
BENCH := $(BENCH_VENV)/bin/python
INSTALL := -m pip install --quiet --disable-pip-version-check --require-hashes
START := $(BIN) -m streamlit run serve.py --server.headless true --browser.gatherUsageStats false \
	--server.fileWatcherType none
LINT_IMPORTS := -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

# An environment whose Python has gone is made anew.
$(foreach env,$(VENV) $(BENCH_VENV),$(if $(wildcard $(env)/.made),\
	$(shell $(env)/bin/python -c "" 2>/dev/null || rm -f $(env)/.made)))

# What numba compiles, and what it takes constants from. The stamp names the folder of
# what was compiled; gone with it, it is made anew.
KERNELS := $(addprefix circle/,$(addsuffix .py,network/speeds reach/compiled reach/kernels reach/raster reach/compile))
$(if $(wildcard $(shell cat $(VENV)/.compiled 2>/dev/null)/*.nbi),,$(shell rm -f $(VENV)/.compiled))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run serve test check golden edits soak qgis lint audit bench load lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-6s  %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.compiled ## start for oneself alone, on http://127.0.0.1:8501 (PORT=… for another port)
	@echo "http://127.0.0.1:$(PORT)"
	@CIRCLE_MODE=local exec $(START) --server.address 127.0.0.1 --server.port $(PORT)

serve: $(VENV)/.compiled ## start for others, to each by role (ADDRESS=… PORT=… SECRETS=file; see docs/operations.md)
	@CIRCLE_MODE=serve exec $(START) --server.address $(ADDRESS) --server.port $(PORT) \
		$(if $(SECRETS),--secrets.files "$(SECRETS)")

# Tests start many processes: what Python compiles is kept for the next.
test check: export PYTHONDONTWRITEBYTECODE =

test: $(VENV)/.test ## every check and every test, those in a browser too
	@bash tests/browser/install.sh
	@$(MAKE) --no-print-directory lint
	$(BIN) -m pytest -n auto

check: $(VENV)/.test ## the fast part: no browser, no slow tests; and the audit of dependencies
	@$(MAKE) --no-print-directory lint audit
	$(BIN) -m pytest -n auto --ignore tests/browser -m "not slow"

edits: $(VENV)/.test ## 10,000 random edits, each answer bit for bit that of a full computation
	CIRCLE_EDITS=10000 $(BIN) -m pytest -q -n0 tests/test_scenario_edits.py

golden: $(VENV)/.test ## every measure of the embedded district, compared bit for bit with what was kept
	CIRCLE_GOLDEN_EXACT=1 $(BIN) -m pytest -q tests/golden

soak: $(VENV)/.test ## the store for long: killed writers, two at once, a database away, 10,000 flipped bytes
	$(BIN) -m pytest -q -n0 -s -m soak tests/store tests/wishes tests/intake

qgis: $(VENV)/.compiled ## open the report's project with QGIS itself (Debian: python3-qgis); pictures into shots/qgis
	@$(QGIS_PYTHON) -c "import qgis.core" || { \
		echo "QGIS is needed: apt install python3-qgis, or QGIS_PYTHON=…" >&2; exit 1; }
	$(BIN) -m circle report --out build/qgis/zh --formats gpkg --lang zh
	$(BIN) -m circle report --out build/qgis/en --formats gpkg --lang en --crs zone --portrait
	@for project in build/qgis/*/*.qgs; do \
		QT_QPA_PLATFORM=offscreen $(QGIS_PYTHON) tests/qgis/open_project.py $$project \
			shots/qgis/$$(basename $$(dirname $$project)) || exit 1; \
	done

lint: $(VENV)/.test ## format, style, types and layers
	$(BIN) -m ruff format --check .
	$(BIN) -m ruff check .
	$(BIN) -m mypy
	$(BIN) $(LINT_IMPORTS)

audit: $(VENV)/.test ## known vulnerabilities of the pinned packages, where PyPI is reached (AUDIT="--ignore-vuln ID")
	@$(BIN) -m tests.audit $(AUDIT)

bench: $(BENCH_VENV)/.bench ## measure side by side with the peers, into docs/performance.md
	$(BENCH) -m benchmarks

load: $(VENV)/.test ## send visitors to a server of its own (SESSIONS=50 MINUTES=1 BROWSERS=2), into docs/performance.md
	@bash tests/browser/install.sh
	$(BIN) -m benchmarks.load --write --sessions $(SESSIONS) --minutes $(MINUTES) \
		--browsers $(BROWSERS)

lock: $(VENV)/.made ## pin the requirements anew (UPGRADE=1 takes the newest versions)
	$(BIN) -m pip install --quiet --disable-pip-version-check $(UV)
	@set -e; for pair in pyproject.toml:requirements.txt \
			tests/requirements.in:tests/requirements.txt \
			benchmarks/requirements.in:benchmarks/requirements.txt; do \
		echo "$${pair#*:}"; \
		$(BIN) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-annotate --no-header --no-emit-index-url $(if $(UPGRADE),--upgrade) \
			"$${pair%%:*}" --output-file "$${pair#*:}"; \
	done

clean: ## remove the environments and all that can be made again
	rm -rf $(VENV) $(BENCH_VENV) build shots .pytest_cache .mypy_cache .ruff_cache \
		.hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made $(BENCH_VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed (found: $$($(PYTHON) --version 2>&1 || true));" \
			"name one with make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check $(PIP)
	@touch $@

$(VENV)/.run: requirements.txt $(VENV)/.made
	$(BIN) $(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.compiled: $(KERNELS) $(VENV)/.run
	@$(BIN) -m circle.reach.compile > $@

$(VENV)/.test: tests/requirements.txt $(VENV)/.compiled
	$(BIN) $(INSTALL) -r tests/requirements.txt
	@touch $@

$(BENCH_VENV)/.bench: requirements.txt benchmarks/requirements.txt $(BENCH_VENV)/.made
	$(BENCH) $(INSTALL) -r requirements.txt -r benchmarks/requirements.txt
	@touch $@
