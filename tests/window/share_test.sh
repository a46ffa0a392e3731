#!/bin/sh
# In a real window: a figure goes to the clipboard and into a file, and that file, dropped onto another window, opens its moment.
set -eu
build=$1
. "$(dirname "$0")/window.sh"
here=$(dirname "$0")

"$build/bin/procatlas" trace -o "$folder/run.procatlas" --example child >/dev/null
start open "$folder/run.procatlas"
wait_for "$child" above 1000
xdotool key --window "$id" Left Left ctrl+e
until xdotool mousemove --window "$id" 545 534 click 1 && sleep 0.05 &&
    xclip -selection clipboard -target image/png -o >"$folder/copied.png" 2>/dev/null; do
    tries=$((${tries:-0} + 1))
    [ $tries -lt 200 ] || { echo "FAILED: no picture came to the clipboard"; exit 1; }
done
size=$(convert "$folder/copied.png" -format '%w %h' info:)
[ "${size% *}" -gt 600 ] && [ "${size#* }" -gt 400 ] || { echo "FAILED: the picture is $size"; exit 1; }

# A person types when the dialog is there to be seen. A slow window may take what is typed before that for the dialog's old text.
tries=0
until [ -s "$folder/figure.svg" ]; do
    if [ $((tries % 100)) = 0 ]; then
        xdotool key --window "$id" Escape ctrl+e
        sleep 1
        xdotool key --window "$id" --delay 20 ctrl+a
        xdotool type --window "$id" --delay 20 "$folder/figure.svg"
        xdotool key --window "$id" Return
    fi
    tries=$((tries + 1))
    [ $tries -lt 600 ] || { echo "FAILED: there is no figure"; exit 1; }
    sleep 0.05
done
stop

start
/usr/bin/python3 "$here/drop_file.py" "$id" 600 400 "$folder/figure.svg"
wait_for "$child" above 1000
stop
echo "1 passed, 0 failed"
