# Pressmark: `make demo` shows it, `make test` proves it. Needs Python 3.11 or newer and make.
PYTHON ?= python3
BIN = .venv/bin
CORPORA ?=
EVAL ?= $(CORPORA)/../eval

.PHONY: demo test check bench score speed fuzz clean

.venv/.installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Pressmark needs Python 3.11 or newer; set PYTHON=")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev,research]'
	touch $@

demo: .venv/.installed  ## crawl our made-up newspaper into demo/news.db
	$(BIN)/python -m tests.newspaper.demo

test: .venv/.installed
	$(BIN)/python -m pytest -n 2

check: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

score: .venv/.installed  ## make score CORPORA=folder: the reader on labelled pages
	@test -n "$(CORPORA)" || { echo "say where the labelled pages are: make score CORPORA=folder"; exit 2; }
	CORPORA=$(CORPORA) $(BIN)/python $(EVAL)/score.py --extractor articles:extract

speed: .venv/.installed
	@test -n "$(CORPORA)" || { echo "say where the labelled pages are: make speed CORPORA=folder"; exit 2; }
	CORPORA=$(CORPORA) $(BIN)/python $(EVAL)/speed.py articles:extract
