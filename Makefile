# What can be done here. The work itself is in tools/.
.DEFAULT_GOAL := help
.PHONY: help demo test bench faults check docs lock clean
ARGS ?=

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

demo: ## install and start everything with simulated devices; ARGS="--port 9000" goes to `digitalpfad up`
	@exec tools/demo.sh $(ARGS)

test: ## install what the tests need and run them all; ARGS="-k quarantine" goes to pytest
	@exec tools/test.sh $(ARGS)

bench: ## measure against references and peers, under 10 minutes; ARGS="--docs" renews docs/performance.md
	@exec tools/bench.sh $(ARGS)

faults: ## every fault in its long form, about 20 minutes; writes docs/faults.md
	@exec tools/faults.sh $(ARGS)

check: ## format, lint, types, import contracts, dependencies; quiet when all is well
	@exec tools/check.sh

docs: ## the documentation as a site, read without a network: build/docs/site/index.html
	@exec tools/docs.sh

lock: ## renew requirements/*.txt from pyproject.toml
	@exec tools/lock.sh

clean: ## remove what was installed and built here; the demo's data stays
	@rm -rf .venv build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache tests/timescale_wasm/node_modules tools/docsite/node_modules
