#!/bin/sh
# backup.sh STORE DISTRICT SETTINGS TARGET [DAYS]: one archive a day, those older than DAYS (30) go.
# STORE is an SQLite file or the address of a database; what is being written meanwhile is whole
# or not there. Without a store there is no backup: the script fails and says why.
set -eu
umask 077
store=$1 district=$2 settings=$3 target=$4 days=${5:-30}
name=circle-$(date +%Y%m%d-%H%M%S)
here=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-$here/.venv/bin/python}

fail() {
    echo "backup.sh: no backup was made: $1" >&2
    exit 1
}

case $store in
    /* | *://*) ;;
    *) store=$PWD/$store ;;
esac
mkdir -p "$target"
work=$(mktemp -d "$target/.making-XXXXXX")
trap 'rm -rf "$work" "$work.tar.gz"' EXIT
said=$(CIRCLE_STORE=$store PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 \
    "$python" -m circle --lang en store backup "$work/store.jsonl" 2>&1 >/dev/null) || fail "$said"
cp -RL "$district" "$work/district"
cp -RL "$settings" "$work/settings"
tar -C "$work" -czf "$work.tar.gz" .
mv "$work.tar.gz" "$target/$name.tar.gz"
find "$target" -name 'circle-*.tar.gz' -mtime "+$days" -delete
