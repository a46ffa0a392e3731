#!/bin/sh
# Starts an example by mouse in a real window, steps it by key, and looks whether the picture shows a memory map.
set -eu
build=$1
. "$(dirname "$0")/window.sh"

accent='#0B63C4'
start
wait_for "$accent" above 8000   # the big button of the welcome screen
xdotool mousemove --window "$id" 220 205 click 1
wait_for "$heap_gone" above 10000 # two columns, each with a heap that was
xdotool key --window "$id" n    # from the end, a step starts anew, held at the first event: no map of the program yet
wait_for "$heap_gone" below 100
steps=0
while [ "$(pixels "$heap")" -lt 10000 ]; do
    xdotool key --window "$id" a
    steps=$((steps + 1))
    if [ $steps -gt 60 ]; then
        echo "FAILED: 60 steps, and there are no two columns with a heap"
        exit 1
    fi
done
xdotool key --window "$id" t    # dark: the panels are no longer white
wait_for '#191F27' above 100000
xdotool key --window "$id" l
stop
echo "1 passed, 0 failed"
