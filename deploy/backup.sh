#!/bin/sh
# backup.sh STORE DISTRICT SETTINGS TARGET [DAYS]: one archive a day, those older than DAYS (30) go.
# The store is copied by SQLite itself, so that a confirmation being written is whole or not there.
set -eu
umask 077
store=$1 district=$2 settings=$3 target=$4 days=${5:-30}
name=circle-$(date +%Y%m%d-%H%M%S)
mkdir -p "$target"
work=$(mktemp -d "$target/.making-XXXXXX")
trap 'rm -rf "$work"' EXIT
if [ -f "$store" ]; then
    sqlite3 "$store" ".timeout 10000" ".backup '$work/circle.sqlite'"
    test "$(sqlite3 "$work/circle.sqlite" 'PRAGMA integrity_check')" = ok
fi
cp -RL "$district" "$work/district"
cp -RL "$settings" "$work/settings"
tar -C "$work" -czf "$work.tar.gz" .
mv "$work.tar.gz" "$target/$name.tar.gz"
find "$target" -name 'circle-*.tar.gz' -mtime "+$days" -delete
