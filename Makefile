# make run and make test set up what they need by themselves; the rest expects make test's set-up.
.PHONY: help catalogues run test test-long lint screenshots vendor requirements migration first-revision bench-ledger bench-push bench-web audit clean

PYTHON := .venv/bin/python
# Compiled files are kept even where the machine says not to: a start takes half the time.
unexport PYTHONDONTWRITEBYTECODE

help:
	@echo "make run          set up, load the demo program, serve on http://127.0.0.1:8000"
	@echo "make test         lint, types, contracts and the whole suite"
	@echo "make test-long    what takes minutes"
	@echo "make lint         ruff, mypy, import contracts, templates, scripts"
	@echo "make screenshots  every screen, into screenshots/"
	@echo "make catalogues   bring pwa/translations up to date with the texts"
	@echo "make vendor       refresh static/vendor from npm"
	@echo "make requirements pin requirements/*.in again"
	@echo "make migration m=\"why\"  a new database revision from the models"

run:
	@python3 scripts/setup.py run
	@.venv/bin/setia serve --demo

# Browsers in a process of their own: Playwright keeps an event loop running in its process, where
# asyncio.run is refused for good.
test: lint
	@scripts/step "tests" $(PYTHON) -m pytest -n 2 --dist loadgroup -m "not long and not browser"
	@scripts/step "tests in browsers" $(PYTHON) -m pytest -n 2 --dist loadfile -m "browser and not long"

test-long:
	@python3 scripts/setup.py test
	@scripts/step "long tests" $(PYTHON) -m pytest -n 2 --dist load -m "long and not browser" --durations 12
	@scripts/step "long tests in browsers" $(PYTHON) -m pytest -m "long and browser"

lint:
	@python3 scripts/setup.py test
	@scripts/lint.sh

screenshots:
	@python3 scripts/setup.py test
	$(PYTHON) scripts/screenshots.py

vendor:
	@python3 scripts/vendor.py

requirements:
	@python3 scripts/setup.py test
	scripts/compile-requirements.sh

catalogues:
	@python3 scripts/setup.py test
	$(PYTHON) scripts/catalogues.py

first-revision:
	@python3 scripts/setup.py test
	$(PYTHON) scripts/new_revision.py --first

migration:
	@python3 scripts/setup.py test
	$(PYTHON) scripts/new_revision.py "$(m)"

bench-ledger:
	@python3 scripts/setup.py test
	$(PYTHON) -m benchmarks.ledger

bench-push:
	@python3 scripts/setup.py test
	$(PYTHON) -m benchmarks.push

clean:
	rm -rf .venv *.egg-info static/build .mypy_cache .ruff_cache

audit:
	@python3 scripts/setup.py test
	$(PYTHON) scripts/audit.py

bench-web:
	@python3 scripts/setup.py test
	$(PYTHON) -m benchmarks.web
