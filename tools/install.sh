#!/usr/bin/env bash
# Install what `make check-all` needs beyond pip: a browser, an office, fonts and a database server
# (Debian's packages; needs root or sudo), and clients in JavaScript (npm, Node 20 or newer).
set -euo pipefail
cd "$(dirname "$0")"
packages=()
need() { command -v "$1" >/dev/null || packages+=("${@:2}"); }
need chromium chromium
need soffice libreoffice-writer-nogui libreoffice-calc-nogui
need pdftotext poppler-utils
need npm nodejs npm
fc-list 2>/dev/null | grep -q "Noto Sans CJK" || packages+=(fonts-noto-cjk)
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || packages+=(postgresql)
if [ "${#packages[@]}" -gt 0 ]; then
  run=""
  [ "$(id -u)" = 0 ] || run=sudo
  $run apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi
npm ci --prefix checks/npm --no-audit --no-fund --silent
