# Three commands do everything on a fresh machine: make study, make demo, make test.
# They need Python >= 3.11 with venv, and nothing else; packages go into .venv.

PYTHON ?= python3
STUDY ?= data/anzob.toml
OUT ?= results
DEMO_OUT ?= results_demo
# Processes that share the tests, file by file.
WORKERS ?= 2
BIN := .venv/bin
LANDED := .venv/landed
# Compat mode keeps the packages importable beside folders of the same names; setuptools calls it
# transitional in a long warning that says nothing to a user.
INSTALL := PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --config-settings editable_mode=compat --editable

.PHONY: study demo test lint clean

study: $(LANDED)
	$(BIN)/anzob study $(STUDY) --out $(OUT)

demo: $(LANDED)
	$(BIN)/anzob study data/demo.toml --out $(DEMO_OUT)

test: $(LANDED)-test
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile

lint: $(LANDED)-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --config setup.cfg

$(LANDED): setup.cfg pyproject.toml | $(BIN)/python
	$(INSTALL) ".[dxf]"
	@touch $@

$(LANDED)-test $(LANDED)-lint: $(LANDED)-%: $(LANDED)
	$(INSTALL) ".[$*]"
	@touch $@

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing. On Debian: sudo apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than 3.11. Name a newer one: make PYTHON=python3.12 study"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv is missing. On Debian: sudo apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip

clean:
	rm -rf .venv build *.egg-info
