#!/bin/sh
# Starts an example by mouse in a real window, where it is held at its own code, walks another one by a single key until its child is on
# the stage, and presents it.
set -eu
build=$1
. "$(dirname "$0")/window.sh"

accent='#0B63C4'
start
wait_for "$accent" above 8000   # the big button of the welcome screen
xdotool mousemove --window "$id" 220 205 click 1
wait_for "$stack" above 10000   # held at main: nothing of the loader has to be passed
wait_for "$code" above 10000
stop

start --example fork_write
wait_for "$stack" above 10000
steps=0
while [ "$(pixels "$child")" -lt 3000 ]; do # its badge, its column's edge, its lane
    xdotool key --window "$id" Right
    sleep 0.2                   # a person's speed
    steps=$((steps + 1))
    if [ $steps -gt 60 ]; then
        echo "FAILED: 60 steps, and there is no child"
        exit 1
    fi
done
usual=$(pixels "$stack")
larger=$((usual + usual / 5))
xdotool key --window "$id" F5   # all is larger
wait_for "$stack" above $larger
xdotool key --window "$id" Escape
wait_for "$stack" below $larger
xdotool key --window "$id" t    # dark: the panels are no longer white
wait_for '#191F27' above 100000
xdotool key --window "$id" l
stop
echo "1 passed, 0 failed"
