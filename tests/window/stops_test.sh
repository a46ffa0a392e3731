#!/bin/sh
# In a real window: a click in the source's margin sets a stop, which is still there when the program is held at it; Ctrl F9 removes it.
set -eu
build=$1
. "$(dirname "$0")/window.sh"

stop_mark='#B42318'
start --example push_pop
wait_for "$stack" above 5000
xdotool mousemove --window "$id" 31 323 click 1 # beside the call of printf
wait_for "$stop_mark" above 20
xdotool key --window "$id" space # runs until there
wait_for "$stack" above 5000
wait_for "$stop_mark" above 20
xdotool key --window "$id" ctrl+F9
wait_for "$stop_mark" below 20
xdotool key --window "$id" space
wait_for "$stack" below 100 # it has ended
stop
echo "1 passed, 0 failed"
