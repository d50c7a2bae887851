# Needs Python 3.11 or newer and make; everything else it brings itself, into .venv.
#   make demo ARGS="--port 9000"      make test ARGS="tests/connectors -x"      make PYTHON=python3.12 check

PYTHON ?= python3
VENV ?= .venv
ARGS ?=
BIN := $(VENV)/bin
DRY := not real and not browser and not slow and not drill
# Two processes, each with its own servers; a file's tests stay together, in the order of tests/parts/spread.py.
SHARED := -n 2 --dist loadfile --no-loadscope-reorder

export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Compiled anew at every start, every command and every test would take seconds more.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo run unit test check format drills bench pictures model figures clean dev parts

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## the whole product with make-believe citizens, no account anywhere
	$(BIN)/omnichannel demo $(ARGS)

run: $(VENV)/.installed ## the service, with config/omnichannel.toml
	$(BIN)/omnichannel serve $(ARGS)

unit: dev ## the tests that start no outside process, in less than 30 s
	$(BIN)/python -m pytest $(SHARED) -m "$(DRY)" $(ARGS)

test: dev parts ## every test but the drills: unit, real parts, the walk in a browser
	$(BIN)/python -m pytest $(SHARED) -m "not drill" $(ARGS)

check: dev parts ## what CI asks: format, lint, types, floors, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --cache-dir .cache/import-linter
	$(BIN)/python -m pytest $(SHARED) -m "not drill" $(ARGS)

format: dev ## writes the code as `check` wants it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

drills: dev parts ## kills, fills and cuts on purpose: nothing received may be lost; thousands of mutilated payloads
	$(BIN)/python -m pytest -s -m drill $(ARGS)
	$(BIN)/python -m pytest -n 2 -m hypothesis --hypothesis-profile=many $(ARGS)

bench: dev ## how fast: webhook to commit, pages, live push, on this machine
	$(BIN)/python -m tests.bench $(ARGS)

pictures: dev parts ## every screen at three widths, light and dark, as PNG files
	$(BIN)/python -m tests.pictures $(ARGS)

model: dev ## learns the models that the package carries, from the corpus alone; the same corpus gives the same bytes
	$(BIN)/omnichannel learn --build omnichannel/router/first.model.gz $(ARGS)
	$(BIN)/omnichannel learn --build-danger omnichannel/router/danger.model.gz $(ARGS)

figures: dev ## how well messages are understood: cues, model and both, on manners and regions never learnt
	$(BIN)/python -m tests.figures $(ARGS)

clean: ## removes what builds and checks made; keeps .venv and data
	rm -rf .cache .hypothesis .schemathesis build dist omnichannel/web/static/vendor omnichannel/web/land $(VENV)/.installed $(VENV)/.dev
	find . -path ./$(VENV) -prune -o -name __pycache__ -type d -exec rm -rf {} +

# ---- what the above stand on

dev: $(VENV)/.dev

parts:
	@tests/parts/install

BUILT_FROM := pyproject.toml package-lock.json hatch_build.py

$(VENV)/.installed: $(BUILT_FROM) | $(BIN)/pip
	@echo "Installing into $(VENV); the first time takes about a minute."
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.dev: $(BUILT_FROM) | $(BIN)/pip
	@echo "Installing into $(VENV), with the tools of the workshop; the first time takes about two minutes."
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@ $(VENV)/.installed

# Debian's Python comes without ensurepip: then `venv` leaves half an environment, which must go before the next try.
$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name it: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || tests/parts/install python3-venv
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv is missing; on Debian: apt-get install python3-venv"; exit 1; }
