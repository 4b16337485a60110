# make help lists what there is. Everything is set up on the way: nothing to install first but
# Python 3.11 or newer and make.
PORT ?= 8000
HOST ?= 127.0.0.1
PYTEST_ARGS ?=
UPGRADE ?=

PY := .venv/bin/python
VENV := sh ibzplan/deploy/venv.sh
COMPILE := ../../.venv/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test test-fast check assets lock messages clean-demo

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; \
		do printf '  make %-12s %s\n' "$$name" "$$text"; done

# One simple command last, so that make starts it without a shell in between: a TERM sent to make
# reaches the product itself, and make waits until it has stopped.
run: .env ## Start the product: make run, or make run PORT=8123
	@$(VENV) run
	@$(PY) manage.py serve --host $(HOST) --port $(PORT) --stop-with-parent

# The secret signs sessions; it is made once and stays on this machine.
.env:
	@$(VENV) run
	@umask 077 && $(PY) -c 'import secrets; print("SECRET_KEY=" + secrets.token_urlsafe(50))' > $@.new
	@mv $@.new $@

test: ## Run every check and test, on SQLite and (where there) PostgreSQL with Redis
	@$(VENV) dev
	@$(PY) .ci/verify.py all -- $(PYTEST_ARGS)

test-fast: ## Run the tests without a browser and without slow ones, on SQLite alone
	@$(VENV) dev
	@$(PY) .ci/verify.py fast -- $(PYTEST_ARGS)

check: ## Run the checks alone: style, types, layers, migrations, translations, front end
	@$(VENV) dev
	@$(PY) .ci/verify.py check

assets: ## Build the style sheet and the scripts into ibzplan/static
	npm ci
	npm run build

messages: ## Bring the Dutch and French message files up to date with the code
	@$(VENV) dev
	@DEBUG=1 $(PY) manage.py messages

lock: ## Write the lock files from pyproject.toml; UPGRADE=1 takes the newest versions
	@$(VENV) dev
	cd ibzplan/deploy && $(COMPILE) ../../pyproject.toml -o requirements.txt
	cd ibzplan/deploy && $(COMPILE) -c requirements.txt --group ../../pyproject.toml:dev \
		-o requirements-dev.txt
	@$(VENV) dev

clean-demo: .env ## Take the fictional figures out of the database; the real plans stay
	@$(VENV) run
	@$(PY) manage.py demo_data --remove
