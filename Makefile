# The two commands a newcomer needs are `make demo` and `make test`; each sets up what it needs by itself.
# `make check` changes nothing; `make fix` does.

PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,$(shell $(name) -c 'import sys; print("$(name)") if (3, 11) <= sys.version_info < (3, 14) else None' 2>/dev/null)))
BIN := .venv/bin
READY := .venv/.ready
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps

# Every command here starts Python several times over: what it compiled once is kept beside the source.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test browser check types sql fix lock clean golden bench soak pictures

help:
	@echo "make demo    set up, invent a trust of twelve schools, publish a release and say where to look"
	@echo "make test    set up and run every check and test"
	@echo "make check   formatting, types, SQL (nothing is changed)"
	@echo "make fix     put formatting right"
	@echo "make bench   time a refresh of 57 invented schools beside a plain script (BENCH=\"--schools 12\" for fewer)"
	@echo "make pictures  a picture of every kind of page in build/pictures: desktop, telephone, dark, print"
	@echo "make soak    run the tests that take longer than the suite may"
	@echo "make golden  accept the present output as the expected one"
	@echo "make lock    write requirements.lock anew from pyproject.toml"

# uv takes seconds where pip takes a minute. It comes by pip and is told pip's index; where it cannot do it, pip does.
$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Plumbline needs Python 3.11, 3.12 or 3.13 on the PATH."; exit 1; }
	$(PYTHON) -m venv .venv
	@echo "Installing what requirements.lock names."
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock >.venv/uv.txt
	@index="$${PIP_INDEX_URL:-$$($(BIN)/python -m pip config get global.index-url 2>/dev/null)}"; \
	$(PIP) --no-compile --require-hashes -r .venv/uv.txt >/dev/null 2>&1 && \
	env $${index:+UV_DEFAULT_INDEX="$$index"} UV_SYSTEM_CERTS=1 UV_HTTP_CONNECT_TIMEOUT=5 UV_HTTP_RETRIES=1 \
	  $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements.lock 2>/dev/null || \
	$(PIP) --no-compile --require-hashes -r requirements.lock
	$(PIP) --no-build-isolation -e .
	@touch $(READY)

demo: $(READY)
	@rm -rf build/demo
	@$(BIN)/plumbline demo build/demo

test: $(READY) browser check
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations=15

# The pages are opened in a real browser. Where nobody may install one, the tests say what is missing.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { \
	  command -v apt-get >/dev/null && test "$$(id -u)" = 0 && \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >/dev/null; } || \
	  echo "There is no Chromium here and it cannot be installed: the browser tests will say so."

# Types and SQL take a minute each on one core: side by side.
check: $(READY)
	$(BIN)/ruff check .
	@$(MAKE) --no-print-directory -j2 types sql

types: $(READY)
	$(BIN)/mypy

# sqlfluff makes millions of small objects for a file and drops few: without Python's search for dropped ones it takes
# two fifths less.
sql: $(READY)
	$(BIN)/python -c 'import gc; gc.disable(); from sqlfluff.cli.commands import cli; cli()' \
	  lint dbt_project --disable-progress-bar --processes 2

fix: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/sqlfluff fix dbt_project --disable-progress-bar

# Whole pages, to be looked at. `make test` makes the first screens of the same in its own folder.
pictures: $(READY) browser
	@rm -rf build/pictures
	PLUMBLINE_PICTURES=build/pictures $(BIN)/python -m pytest -q -rs tests/site_builder/test_pictures_browser.py
	@echo "The pictures are in build/pictures."

golden: $(READY)
	PLUMBLINE_ACCEPT_GOLDEN=1 $(BIN)/python -m pytest -k "golden or sample"

soak: $(READY)
	$(BIN)/python -m pytest -m soak

bench: $(READY)
	@$(BIN)/python -m orchestration.bench $(BENCH)

lock: $(READY)
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --no-header --no-strip-extras -o requirements.lock

clean:
	rm -rf .venv build *.egg-info dbt_project/target
