#!/usr/bin/env bash
# Install what `make check-all` needs beyond pip: a browser, an office, a database server. Debian's
# packages; needs root or sudo.
set -euo pipefail
declare -A wanted=(
  [chromium]=chromium
  [soffice]="libreoffice-writer-nogui libreoffice-calc-nogui"
  [pdftotext]=poppler-utils
)
missing=()
for command in "${!wanted[@]}"; do
  command -v "$command" >/dev/null || read -ra more <<<"${wanted[$command]}"
  missing+=("${more[@]:-}")
  more=()
done
fc-list 2>/dev/null | grep -q "Noto Sans CJK" || missing+=(fonts-noto-cjk)
packages=()
for one in "${missing[@]}"; do [ -n "$one" ] && packages+=("$one"); done
[ "${#packages[@]}" = 0 ] && exit 0
run=""
[ "$(id -u)" = 0 ] || run=sudo
$run apt-get update -qq
DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
