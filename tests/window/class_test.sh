#!/bin/sh
# A real window shares its run: who has the link sees each step that the window takes, and each moment that it goes back to.
set -eu
build=$1
. "$(dirname "$0")/window.sh"
here=$(dirname "$0")

start --example fork_exec
wait_for "$stack" above 10000   # held at main
xdotool key --window "$id" ctrl+l
accent='#0B63C4'
wait_for "$accent" above 4000   # the dialog's button
tries=0
until link=$(xdotool mousemove --window "$id" 570 472 click 1 && sleep 0.1 && xdotool mousemove --window "$id" 452 497 click 1 &&
        sleep 0.1 && xclip -selection clipboard -o 2>/dev/null) && case $link in http://127.0.0.1:*) true ;; *) false ;; esac; do
    tries=$((tries + 1))
    [ $tries -lt 60 ] || { echo "FAILED: no link can be copied"; exit 1; }
done
[ -z "${PICTURE:-}" ] || import -window root "$PICTURE"
xdotool key --window "$id" Escape
/usr/bin/python3 "$here/class.py" "$link" "$id"
stop
echo "1 passed, 0 failed"
