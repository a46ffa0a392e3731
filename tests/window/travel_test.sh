#!/bin/sh
# In a real window: a run is recorded by itself, goes back by key to its first event and comes back; the recording is opened again.
set -eu
build=$1
. "$(dirname "$0")/window.sh"

lane='#8450AC' # of the second process
start --example child
wait_for "$heap_gone" above 5000
wait_for "$lane" above 1000
xdotool key --window "$id" Home # the first event: no memory yet, and all lanes are still to come
wait_for "$heap_gone" below 100
wait_for "$lane" below 1000
xdotool mousemove --window "$id" 1000 742 click 1 # in the timeline, before the end of both: all panels go there
wait_for "$heap" above 5000
wait_for "$lane" above 1000
xdotool key --window "$id" End
wait_for "$heap_gone" above 5000
wait_for "$lane" above 1000
stop

set -- "$folder"/state/procatlas/recordings/*.procatlas
[ $# = 1 ] && [ -f "$1" ] || { echo "FAILED: there are $# recordings"; exit 1; }
start open "$1"
wait_for "$heap_gone" above 5000
xdotool key --window "$id" Left
wait_for "$lane" above 1000
stop
echo "1 passed, 0 failed"
