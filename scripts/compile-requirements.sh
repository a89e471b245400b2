#!/usr/bin/env bash
# Pin requirements/*.in with hashes. Nothing in the result names a registry (tests/test_house.py).
set -euo pipefail
cd "$(dirname "$0")/../requirements"
compile() {
  ../.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-header "$@"
}
compile uv.in -o uv.txt
compile run.in -o run.txt
compile test.in -c run.txt -o test.txt
