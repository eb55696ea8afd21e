# `make chat` and `make test` each do all the set-up themselves; they need Python 3.11 or newer and pip.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin

# uv installs in a tenth of pip's time and shows what it does. Where it cannot be had, or does not find what only pip is told of, pip installs.
define install
	@echo "Installing Paperchat and what it needs into .venv; the first time downloads some 300 MB."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt uv \
		&& $(BIN)/uv pip install --python $(BIN)/python -c constraints.txt $(1) \
		|| { echo "uv could not install it: pip does, which takes minutes."; \
		     $(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt $(1); }
endef

.PHONY: chat test test-slow torture check bench bench-library eval install clean

chat: .venv/installed ## install what is missing, index the bundled papers, open the chat page
	@echo "Opening the chat page. The first time, the bundled papers are indexed before it."
	@$(BIN)/paperchat serve --browse

test: .venv/installed-dev ## install what is missing and run all tests, JOBS files at a time: JOBS=2
	$(BIN)/pytest -n $(or $(JOBS),2) --dist loadfile

test-slow: .venv/installed-dev ## tests against LiteLLM's proxy, which is installed (0.7 GB) into the cache folder
	$(BIN)/pytest -m slow

torture: .venv/installed-dev ## kill a process that changes a library, 300 times at random, and look whether it is whole: KILLS=300 SEED=0
	$(BIN)/python tests/support/torture.py --real --kills $(or $(KILLS),300) --seed $(or $(SEED),0)

check: .venv/installed-dev ## style, types and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/installed-dev ## measure: speed always, retrieval with SCIFACT=folder
	$(BIN)/python -m eval.bench $(if $(SCIFACT),--scifact $(SCIFACT))
	@command -v chromium >/dev/null && $(BIN)/python tests/browser/measure.py || echo 'the page: not measured, there is no Chromium'

bench-library: .venv/installed-dev ## what a question costs at 58, 1,000 and 10,000 papers: DATA=file of JSON Lines, plain or .gz
	$(BIN)/python -m eval.bench.library --data $(DATA)

eval: .venv/installed-dev ## run the dev questions, renew the run that comes along, make the report and the table of what each part brings
	$(BIN)/paperchat eval run --cases dev --out runs/dev.jsonl
	$(BIN)/paperchat eval run --cases sample --overwrite --out eval/data/runs/sample.jsonl
	rm -f eval/data/runs/*.timings.jsonl
	$(BIN)/paperchat eval report runs/dev.jsonl
	$(BIN)/python -m eval.bench.ablation --write eval/README.md
	$(if $(GROUNDING),$(BIN)/python -m eval.checker.calibrate --ablate --data $(GROUNDING))

screenshots: .venv/installed-dev ## pictures of the page's main states, from the real page (needs Chromium)
	$(BIN)/python tests/browser/screenshots.py docs

install: .venv/installed

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Paperchat needs Python 3.11 or newer with venv; none was found. Install one, or run: make PYTHON=/path/to/python $(MAKECMDGOALS)"; exit 1; }
	@echo "Making the environment .venv with $(PYTHON)."
	@$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	$(call install,-e .)
	@touch $@

.venv/installed-dev: .venv/bin/python pyproject.toml constraints.txt
	$(call install,-e '.[dev]')
	@touch $@ .venv/installed

clean: ## remove the environment and caches; your library stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info build
