# Marsad. `make run` and `make test` set up all they need: git, make and python3 (>= 3.11, with venv) suffice.
.DEFAULT_GOAL := help
.PHONY: help run demo dev test lint types bench docs pictures
export UV_PYTHON_DOWNLOADS := never

UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
SYNC := $(UV) sync --quiet --inexact
ARGS :=

help:  ## say what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

run: .venv/ready  ## one monitoring cycle now; ARGS="--data DIR" and the like are passed on
	@.venv/bin/marsad run $(ARGS)

demo: .venv/ready  ## the same cycle against a small news site of our own, without network
	@.venv/bin/marsad demo $(ARGS)

dev: .venv/ready-dev  ## set up the tools of the tests too, a mail server to try among them
	@echo "The tools of the tests are set up."

# Tests start programs by the hundred; where no bytecode may be written, each would compile all it imports again.
test: .venv/ready-dev  ## all tests; ARGS="-k name" and the like are passed on
	@env -u PYTHONDONTWRITEBYTECODE .venv/bin/pytest -n 2 --dist loadfile $(ARGS)

lint: .venv/ready-dev  ## style, and the floors of the house
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/lint-imports

types: .venv/ready-dev  ## mypy, strict
	@.venv/bin/mypy

bench: .venv/ready-dev  ## measure every stage, for docs/benchmarks.md; ARGS="--only end_to_end", ARGS=--full for large sizes
	@PYTHONPATH=. .venv/bin/python bench/everything.py $(ARGS)

docs: .venv/ready-dev  ## write again what is generated
	@.venv/bin/python -m warehouse.dictionary > docs/data-dictionary.md
	@.venv/bin/python -m tests.questions_world
	@.venv/bin/python -m tests.reference

pictures: .venv/ready  ## the pictures of the README, taken of the demo with Chromium
	@command -v chromium >/dev/null || { echo "Pictures need Chromium; on Debian: apt-get install chromium" >&2; exit 2; }
	@.venv/bin/marsad demo build/demo >/dev/null
	@$(call picture,report,900x1120,reports/report.html)
	@$(call picture,mail,700x1080,mail/digest-1.html)

picture = profile=$$(mktemp -d) && chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
  --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars \
  --user-data-dir=$$profile --window-size=$(subst x,$(comma),$(2)) --screenshot=docs/pictures/$(1).png \
  file://$(CURDIR)/build/demo/$(3) 2>/dev/null && rm -r $$profile
comma := ,

.venv/ready: pyproject.toml $(if $(filter .tools/bin/uv,$(UV)),.tools/bin/uv)
	@echo "Setting up (once, about a minute) ..." >&2
	@$(SYNC) --no-dev
	@touch $@

.venv/ready-dev: .venv/ready
	@$(SYNC)
	@touch $@

.tools/bin/uv:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Marsad needs Python 3.11 or newer as python3; this one is $$(python3 --version 2>&1)." >&2; exit 2; }
	@python3 -m venv .tools || \
	  { echo "python3 cannot make environments here; on Debian: apt-get install python3-venv" >&2; exit 2; }
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
