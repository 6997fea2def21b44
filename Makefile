# Pressmark: `make demo` shows it, `make test` proves it. Needs Python 3.11 or newer and make.
PYTHON ?= python3
BIN = .venv/bin
CORPORA ?=
EVAL ?= $(CORPORA)/../eval
PORT ?= 8517
ARGS ?=

.PHONY: help demo test check manual bench score speed fuzz clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.venv/.installed: pyproject.toml setup.py $(wildcard articles/native*.p?? storage/search/native.p??)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Pressmark needs Python 3.11 or newer: make PYTHON=python3.11 …")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing into .venv (a minute or two, once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev,research]'
	@touch $@

demo: .venv/.installed  ## crawl our made-up newspaper into demo/news.db
	@$(BIN)/python -m tests.newspaper.demo --port $(PORT)

test: .venv/.installed  ## pass the tests (ARGS="-k words" for some of them)
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

check: .venv/.installed  ## lint, types, and which room may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

manual: .venv/.installed  ## write docs/commands.md and the tables of docs/archive.md anew
	$(BIN)/python -m tests.manual
	$(BIN)/python -c 'from storage.documentation import main; main()'

score: .venv/.installed  ## make score CORPORA=folder: the reader on labelled pages
	@test -n "$(CORPORA)" || { echo "say where the labelled pages are: make score CORPORA=folder"; exit 2; }
	CORPORA=$(CORPORA) $(BIN)/python $(EVAL)/score.py --extractor articles:extract

fuzz: .venv/.installed  ## read mutated newspaper pages for a minute (ARGS="--seconds 600" for longer)
	$(BIN)/python -m tests.articles.fuzz $(ARGS)

speed: .venv/.installed  ## make speed CORPORA=folder: its time against a bare parse
	@test -n "$(CORPORA)" || { echo "say where the labelled pages are: make speed CORPORA=folder"; exit 2; }
	CORPORA=$(CORPORA) $(BIN)/python $(EVAL)/speed.py articles:extract
