#!/bin/sh
# A real window: an example held at its first event, stepped by key until the picture grows, then closed; nothing may be left behind.
# sh example_test.sh BUILD_FOLDER, on the display of the environment.
set -eu
programs=$1/bin
home=$(mktemp -d)
export HOME="$home" XDG_CONFIG_HOME="$home" LIBGL_ALWAYS_SOFTWARE=1 LC_ALL=C.UTF-8
started=
trap '[ -z "$started" ] || kill "$started" 2>/dev/null || true; rm -rf "$home"' EXIT

fail() {
    echo "FAILED: $*"
    exit 1
}

# until_true SECONDS WHAT COMMAND...: tries again until it succeeds.
until_true() {
    end=$(($(date +%s) + $1))
    what=$2
    shift 2
    until "$@"; do
        [ "$(date +%s)" -lt "$end" ] || fail "$what"
        sleep 0.1
    done
}

picture() { import -window root "$home/$1.png"; }
# The picture has text and colours, not an empty window.
drawn() {
    picture now
    [ "$(identify -format %k "$home/now.png")" -gt 50 ]
}
different_pixels() { compare -metric AE "$home/$1.png" "$home/$2.png" null: 2>&1 | cut -d ' ' -f 1; }
differs_from() {
    picture now
    [ "$(different_pixels "$1" now)" != 0 ]
}
settled() {
    picture before
    sleep 0.3
    picture now
    [ "$(different_pixels before now)" = 0 ]
}

"$programs/procatlas" --hold --example three_same &
started=$!
window=$(timeout 60 xdotool search --sync --onlyvisible --pid "$started" | head -n 1)
[ -n "$window" ] || fail "no window came up"
until_true 60 "nothing was drawn" drawn
for step in 1 2 3; do
    until_true 20 "the picture does not settle" settled  # held, nothing changes by itself
    xdotool key --window "$window" n
    until_true 20 "step $step changed nothing" differs_from before
done

samples=$(pgrep -f "^$programs/programs/three_same" || true)
[ -n "$samples" ] || fail "the example is not there while it is held"
kill "$started"
wait "$started" || true
started=
gone() { ! pgrep -f "^$programs/programs/three_same" >/dev/null; }
until_true 10 "the example outlived the window" gone
echo "passed"
