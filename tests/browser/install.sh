#!/usr/bin/env bash
# What the tests open pages and documents with: Chromium, a Chinese font, LibreOffice, poppler; PostgreSQL, for the store; and nginx, for its limits. Through apt-get where that is allowed.
# Where they stay missing: a failure when CI=true, else a word, and the tests that need them skip.
set -euo pipefail

# The shell alone costs little more than half the processor time; not every release has it.
browser() {
  if apt-cache show chromium-headless-shell >/dev/null 2>&1; then
    echo chromium-headless-shell
  else
    echo chromium
  fi
}

missing() {
  command -v soffice >/dev/null || echo libreoffice-writer-nogui
  command -v pdftotext >/dev/null || echo poppler-utils
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || echo postgresql
  command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || echo nginx-light
  if [ -z "${CHROMIUM:-}" ] && ! command -v chromium-headless-shell >/dev/null && ! command -v chromium >/dev/null; then
    browser
  fi
  if [ -z "$(fc-list :lang=zh 2>/dev/null | head -n 1)" ]; then
    echo fontconfig fonts-noto-cjk
  fi
}

wanted() {
  missing
  if [ -z "${CHROMIUM:-}" ] && ! command -v chromium-headless-shell >/dev/null; then
    browser
  fi
}

[ -n "$(missing)" ] || [ "$(wanted)" = chromium-headless-shell ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  as_root=(sudo -n)
fi
if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
  "${as_root[@]}" apt-get update -qq || true
  packages=$(wanted | sort -u)
  echo "Installing for the tests:" $packages
  # shellcheck disable=SC2086
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends $packages >/dev/null || true
fi

packages=$(missing)
[ -n "$packages" ] || exit 0
echo "The tests need, and this machine lacks:" $packages >&2
if [ "${CI:-}" = true ]; then
  exit 1
fi
echo "Install them, or name a browser with CHROMIUM=/path; the tests that need them are skipped." >&2
