#!/usr/bin/env bash
# Write the locks anew from pyproject.toml: `requirements/lock.sh`. Needs `uv` on the PATH.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
  uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
    --no-emit-find-links --no-header --no-annotate --quiet "$@"
}
compile --output-file requirements/main.txt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compile --extra embedded --override requirements/overrides.txt --constraints requirements/main.txt --output-file "$work/embedded.txt"
compile --extra gemma --constraints requirements/main.txt --output-file "$work/gemma.txt"
compile --extra pictures --constraints requirements/main.txt --output-file "$work/pictures.txt"
compile --group dev --constraints requirements/main.txt --output-file "$work/dev.txt"
# A lock of an extra holds only what it adds, so that no package stands in two files.
for name in embedded gemma pictures dev; do
  python3 - "$work/$name.txt" requirements/main.txt > "requirements/$name.txt" <<'PY'
import re
import sys

def blocks(path):
    text = open(path, encoding="utf-8").read()
    return [b for b in re.split(r"\n(?=\S)", text.strip("\n")) if b]

known = set(blocks(sys.argv[2]))
print("\n".join(b for b in blocks(sys.argv[1]) if b not in known))
PY
done
# Clients that never share an environment with ours: the partners' own, and those we are measured beside.
uv pip compile requirements/sdks.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-emit-find-links --no-header --no-annotate --quiet --output-file requirements/sdks.txt
compile requirements/bench.in --constraints requirements/main.txt --output-file requirements/bench.txt
