#!/usr/bin/env bash
# Every script of ours parses: pages' islands as scripts, tests as modules.
cd "$(dirname "$0")/.." || exit 1
if ! command -v node >/dev/null; then
  echo "no node on this machine: skipped"
  [ "${SETIA_TEST_REQUIRE_ALL:-}" != 1 ]
  exit
fi
bad=0
while read -r file; do
  if grep -qE '^(import|export) ' "$file"; then
    node --input-type=module --check < "$file" || { echo "in $file"; bad=1; }
  else
    node --check "$file" || bad=1
  fi
done < <(git ls-files 'static/js/*.js' 'service_worker/**/*.js' 'tests/**/*.js')
exit $bad
