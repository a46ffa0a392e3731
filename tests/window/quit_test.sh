#!/bin/sh
# A signal closes a real window as its button does: the program ends, and the recording is one whole file. An observer that stands still is
# ended with the program while the window stays, which keeps no zombie of it.
set -eu
build=$1
. "$(dirname "$0")/window.sh"

# What the graphics driver leaks in a library that it has unloaded cannot be named in a list of leaks to leave out, and would replace
# the exit status of a sanitized window.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"

recordings=$folder/state/procatlas/recordings

# until_true COMMAND...: waits, and fails with the command's words after a minute.
until_true() {
    tries=0
    until "$@"; do
        tries=$((tries + 1))
        [ $tries -lt 1200 ] || { echo "FAILED: not so after a minute: $*"; exit 1; }
        sleep 0.05
    done
}
began() { [ -e "$folder/began" ]; }
nothing_below() { [ -z "$(ps -o pid= --ppid "$1")" ]; }
# Beside the observer there are readers of procatlas's own, which stay.
no_observer_below() { ! ps -o comm= --ppid "$1" | grep -q '^procatlas-obs'; }
lives() { ps -o stat= -p "$1" | grep -q '^[^Z]'; }
has_zombie() { ps -o stat= --ppid "$1" | grep -q '^Z'; }

start -- sh -c ">'$folder/began'; while :; do /bin/true; done"
until_true began
kill "$window"
status=0
wait "$window" || status=$?
window=
[ "$status" = 143 ] || { echo "FAILED: the window ended with $status"; exit 1; }
[ "$(ls "$recordings" | wc -l)" = 1 ] || { echo "FAILED: the recording is not one file"; ls -l "$recordings"; exit 1; }
"$build/bin/procatlas" show "$recordings"/*.procatlas --as json >"$folder/json"
grep -q '"kind": "exec"' "$folder/json" || { echo "FAILED: the recording does not tell of the program"; exit 1; }

rm "$folder/began"
start -- sh -c ">'$folder/began'; sleep 1000"
until_true began
observer=$(ps -o pid=,comm= --ppid "$window" | sed -n 's/^ *\([0-9]*\) procatlas-obs.*/\1/p')
program=$(ps -o pid= --ppid "$observer" | head -1)
kill -STOP "$observer"
until_true no_observer_below "$window"
[ -n "$program" ] || { echo "FAILED: there was no program below the observer"; exit 1; }
until_true nothing_below "$program"
! has_zombie "$window" || { echo "FAILED: the window keeps a zombie"; exit 1; }
! lives "$program" || { echo "FAILED: the program outlived its observer"; exit 1; }
stop
echo "1 passed, 0 failed"
