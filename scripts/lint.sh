#!/usr/bin/env bash
# Every check that runs nothing of ours, as named steps; all of them run, then the code says.
cd "$(dirname "$0")/.." || exit 1
failed=0
step() { scripts/step "$@" || failed=1; }
step "ruff" .venv/bin/ruff check .
step "types" .venv/bin/mypy
step "import contracts" .venv/bin/lint-imports --no-logo
step "templates" .venv/bin/djlint templates --lint --quiet
step "scripts" scripts/check-scripts.sh
exit $failed
