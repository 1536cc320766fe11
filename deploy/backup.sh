#!/bin/sh
# backup.sh STORE DISTRICT SETTINGS TARGET [DAYS]: one archive a day, those older than DAYS (30) go.
# STORE is an SQLite file; it is copied by SQLite itself, so that what is being written is whole
# or not there. Without it there is no backup: the script fails and says why.
set -eu
umask 077
store=$1 district=$2 settings=$3 target=$4 days=${5:-30}
name=circle-$(date +%Y%m%d-%H%M%S)

fail() {
    echo "backup.sh: no backup was made: $1" >&2
    exit 1
}

case $store in
    *://*) fail "the store is a database, which its own program backs up (PostgreSQL: pg_dump); name an SQLite file" ;;
esac
[ -f "$store" ] || fail "there is no store $store; name the file of the setting store"
command -v sqlite3 >/dev/null || fail "the command sqlite3 is not installed"
mkdir -p "$target"
work=$(mktemp -d "$target/.making-XXXXXX")
trap 'rm -rf "$work" "$work.tar.gz"' EXIT
sqlite3 "$store" ".timeout 10000" ".backup '$work/circle.sqlite'" || fail "$store cannot be copied"
found=$(sqlite3 "$work/circle.sqlite" 'PRAGMA integrity_check') || fail "$store is damaged"
[ "$found" = ok ] || fail "$store is damaged: $found"
cp -RL "$district" "$work/district"
cp -RL "$settings" "$work/settings"
tar -C "$work" -czf "$work.tar.gz" .
mv "$work.tar.gz" "$target/$name.tar.gz"
find "$target" -name 'circle-*.tar.gz' -mtime "+$days" -delete
