#!/usr/bin/env bash
# Install what `make check-all` needs beyond pip: clients in JavaScript (npm, Node 20 or newer) and a
# browser (Debian's packages; needs root or sudo).
set -euo pipefail
npm ci --prefix "$(dirname "$0")/checks/npm" --no-audit --no-fund --silent
command -v chromium >/dev/null && exit 0
run=""
[ "$(id -u)" = 0 ] || run=sudo
$run apt-get update -qq
DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null
