# Everything from a fresh clone with Python 3.11 and make alone. `make` says what there is.
PORT ?= 8000
VENV := .venv
PYTHON = $(VENV)/bin/python
FIND_PYTHON = for python in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; done

.PHONY: help run demo test check bench lock messages screens lighthouse
.DEFAULT_GOAL := help

help:
	@echo "make run [PORT=8000]  install, start everything, serve on 127.0.0.1"
	@echo "make demo             load the demo network again (what was written is lost)"
	@echo "make test             the whole suite; browser tests where there is a Chromium"
	@echo "make check            format, lint, types, imports, templates, translations, migrations"
	@echo "make bench [BENCH=…]  figures, as ratios; fanout, latency, posts and so on alone"
	@echo "make messages         collect the strings to translate into every app's .po"
	@echo "make screens          photograph every page (var/screens), and the pictures of the README"
	@echo "make lighthouse       what Lighthouse says of the public pages (needs node)"
	@echo "make lock             resolve requirements/*.txt from pyproject.toml again"

run: $(VENV)/.ready-run
	@exec $(PYTHON) -m portal.launch --port $(PORT)

demo: $(VENV)/.ready-run
	@exec $(PYTHON) -m portal.launch --reload

test: $(VENV)/.ready-dev
	@exec $(PYTHON) -m tests.run

check: $(VENV)/.ready-dev
	@exec $(PYTHON) -m tests.check

bench: $(VENV)/.ready-dev
	@exec $(PYTHON) -m tests.bench

screens: $(VENV)/.ready-dev
	@exec $(PYTHON) -m tests.screens

lighthouse: $(VENV)/.ready-dev
	@exec $(PYTHON) -m tests.lighthouse

messages: $(VENV)/.ready-dev
	@exec $(PYTHON) -m tests.translations

lock:
	@$(FIND_PYTHON); test -n "$$python" || { echo "Python 3.11 or newer is needed."; exit 1; }; \
	test -x var/uv/bin/uv || { $$python -m venv var/uv && var/uv/bin/pip install -q uv; }; \
	compile="var/uv/bin/uv pip compile -q pyproject.toml --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate"; \
	$$compile -o requirements/run.txt && $$compile --group dev -o requirements/dev.txt

$(VENV)/pyvenv.cfg:
	@$(FIND_PYTHON); test -n "$$python" || { \
		echo "Majlis needs Python 3.11 or newer, and none was found on this machine."; exit 1; }; \
	$$python -m venv $(VENV) || { \
		echo "Python cannot make a virtual environment here; on Debian: apt install python3-venv"; \
		rm -rf $(VENV); exit 1; }

$(VENV)/.ready-%: requirements/%.txt | $(VENV)/pyvenv.cfg
	@echo "Installing what Majlis is made of ($<)."
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-input \
		--require-hashes -r $< > $(VENV)/install.log 2>&1 || { \
		{ sed -n 's/^ERROR: No matching distribution found for \([^ ]*\).*/There is no wheel of \1 for this platform and Python./p' $(VENV)/install.log; \
		sed -n 's/.*No space left.*/The disk is full./p' $(VENV)/install.log; \
		sed -n '/^ERROR:/p' $(VENV)/install.log; } | head -n 1; \
		echo "The installation failed; all of it is in $(VENV)/install.log."; exit 1; }
	@touch $@
