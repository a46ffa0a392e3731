#!/bin/sh
# In a real window: a run is recorded by itself, goes back by key to its first event and comes back; the recording is opened again.
set -eu
build=$1
. "$(dirname "$0")/window.sh"

start --example child
wait_for "$stack" above 5000
xdotool key --window "$id" space # from its own code to its end
wait_for "$child" above 3000
wait_for "$stack" below 100      # their memory is gone
xdotool key --window "$id" Home # the first event: no memory yet, and of all lanes the outlines alone
wait_for "$child" below 3000
xdotool mousemove --window "$id" 1000 752 click 1 # in the timeline, before the end of both: all panels go there
wait_for "$stack" above 5000
wait_for "$child" above 3000
xdotool key --window "$id" End
wait_for "$stack" below 100
wait_for "$child" above 3000
stop

set -- "$folder"/state/procatlas/recordings/*.procatlas
[ $# = 1 ] && [ -f "$1" ] || { echo "FAILED: there are $# recordings"; exit 1; }
start open "$1"
wait_for "$child" above 3000
xdotool key --window "$id" Left Left Left Left
wait_for "$stack" above 5000
stop
echo "1 passed, 0 failed"
