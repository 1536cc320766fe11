#!/bin/sh
# restore.sh ARCHIVE STORE DISTRICT SETTINGS [USER]: puts back what backup.sh packed, for the
# service's USER (circle) to read. Stop the service first. STORE is an SQLite file, which is kept
# beside the new one, or the address of an empty database. DISTRICT is a new folder; settings that
# are there stay as they are.
set -eu
umask 077
archive=$1 store=$2 district=$3 settings=$4 user=${5:-circle}
stamp=$(date +%Y%m%d-%H%M%S)
here=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-$here/.venv/bin/python}

fail() {
    echo "restore.sh: nothing was restored: $1" >&2
    exit 1
}

[ -f "$archive" ] || fail "there is no archive $archive"
[ ! -e "$district" ] || fail "$district is there already; name a new folder"
id "$user" >/dev/null 2>&1 || fail "there is no user $user"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -C "$work" -xozf "$archive" || fail "$archive cannot be unpacked"
for part in district settings; do
    [ -e "$work/$part" ] || fail "$archive holds no $part"
done
case $store in
    *://*) new=$store ;;
    *) new=$work/circle.sqlite ;;
esac
if [ -e "$work/store.jsonl" ]; then
    said=$(CIRCLE_STORE=$new PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 \
        "$python" -m circle --lang en store restore "$work/store.jsonl" 2>&1 >/dev/null) || fail "$said"
elif [ ! -e "$work/circle.sqlite" ]; then
    fail "$archive holds no store"
elif [ "$new" = "$store" ]; then
    fail "$archive is of an earlier release and holds an SQLite file; name a file"
fi

(umask 022 && mkdir -p "$(dirname "$district")" "$settings")
cp -R "$work/district" "$district"
chmod -R u=rwX,go=rX "$district"

for file in "$work/settings"/*; do
    to=$settings/$(basename "$file")
    if [ -e "$to" ]; then
        echo "restore.sh: $to stays as it is" >&2
        continue
    fi
    cp -R "$file" "$to"
    case $(basename "$file") in
        circle.toml) chmod 644 "$to" ;;
        environment) chmod 600 "$to" ;;
        *) chmod -R u=rwX,go= "$to" && chown -R "$user" "$to" ;;
    esac
done

[ "$new" != "$store" ] || exit 0
[ -d "$(dirname "$store")" ] || { mkdir -p "$(dirname "$store")" && chown "$user" "$(dirname "$store")"; }
for old in "$store" "$store-journal" "$store-wal" "$store-shm"; do
    [ ! -e "$old" ] || mv "$old" "$store.replaced-$stamp${old#"$store"}"
done
cp "$work/circle.sqlite" "$store.new"
chmod 600 "$store.new"
chown "$user" "$store.new"
mv "$store.new" "$store"
