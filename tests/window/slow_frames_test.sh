#!/bin/sh
# In a real window at 20 frames a second, and at 60: clicks shorter than a frame, also when the pointer goes on at once; text that is
# typed fast; a drag; a file that is dropped. None is lost, and none lands elsewhere.
set -eu
build=$1
. "$(dirname "$0")/window.sh"
here=$(dirname "$0")
recordings="$folder/state/procatlas/recordings"
shade='#F4F6F8'

# What is left of an open dialog's shadow over the page: the colour of the window's ground.
opens() { wait_for "$shade" below 1000; }
closes() { wait_for "$shade" above 10000; }

fails() {
    echo "FAILED at $frame ms a draw: $1"
    exit 1
}

# wait_until WHAT COMMAND...
wait_until() {
    what=$1
    shift
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || fails "$what"
        sleep 0.1
    done
}

printed() {
    for one in "$recordings"/*.procatlas; do
        "$build/bin/procatlas" show "$one" --as text 2>/dev/null | grep -qF -- "$1" && return 0
    done
    return 1
}

for frame in 50 16; do
    export PROCATLAS_FRAME_MS=$frame
    rm -rf "$recordings"
    start --example child
    wait_for "$stack" above 5000
    # The sheet of keys: opened by a click, and the pointer is elsewhere before the next draw; closed by a key as short.
    for times in 1 2 3 4 5; do
        xdotool mousemove --window "$id" 1201 22
        sleep 0.2
        xdotool mousedown 1 mouseup 1 mousemove --window "$id" 700 300
        opens
        xdotool key --delay 0 --window "$id" Escape
        closes
    done
    # A command of its own, typed faster than any draw.
    xdotool key --delay 0 --window "$id" c
    opens
    sleep 0.2
    xdotool type --delay 1 --window "$id" "echo one-two-three-1234567890-$frame"
    xdotool key --delay 0 --window "$id" Return
    wait_until "what was typed" printed "one-two-three-1234567890-$frame"
    # The edge between source and stage, drawn to the right in 100 ms.
    rm -f "$folder/procatlas/settings.json.before"
    cp "$folder/procatlas/settings.json" "$folder/before.json"
    xdotool mousemove --window "$id" 355 300
    sleep 0.2
    xdotool mousedown 1
    for x in 370 390 410 430 455; do
        xdotool mousemove --window "$id" $x 300
        sleep 0.02
    done
    xdotool mouseup 1
    stop
    ! cmp -s "$folder/before.json" "$folder/procatlas/settings.json" || fails "the edge was not drawn"
    cp "$folder/before.json" "$folder/procatlas/settings.json"
    # A recording that is dropped.
    one=$(ls "$recordings"/*.procatlas | head -1)
    start
    wait_for '#0B63C4' above 8000
    /usr/bin/python3 "$here/drop_file.py" "$id" 600 400 "$one"
    wait_for '#0B63C4' below 8000
    stop
done
echo "1 passed, 0 failed"
