#!/bin/sh
# In a real window at 20 frames a second, and at 60: each press of an arrow is a step, however fast they come, and of a held key none
# comes after it was let go; what is typed right after the key that opens a dialog is in its field.
set -eu
build=$1
. "$(dirname "$0")/window.sh"
export HOME="$folder"

# wait_for_file FILE WHAT: what is there instead tells what was lost.
wait_for_file() {
    tries=0
    until [ -s "$1" ]; do
        tries=$((tries + 1))
        if [ $tries -gt 300 ]; then
            echo "FAILED at $frame ms a draw: $2; there is $(cd "$folder" && echo *.svg *.procatlas)"
            exit 1
        fi
        sleep 0.1
    done
}

# The dialog suggests a name with the number of the moment, and Enter comes before it is there.
shown_moment_is() {
    xdotool key --delay 0 --window "$id" ctrl+e Return
    wait_for_file "$folder/fork_write-$1.svg" "the moment is not $1"
    rm "$folder/fork_write-$1.svg"
}

"$build/bin/procatlas" trace -o "$folder/fork_write.procatlas" --grain lines --example fork_write >/dev/null
# GLFW takes two presses of one key in the same millisecond for one: a delay of 0 would lose some.
for frame in 50 16; do
    export PROCATLAS_FRAME_MS=$frame
    start open "$folder/fork_write.procatlas"
    wait_for "$child" above 3000
    xdotool key --window "$id" Home
    wait_for "$child" below 3000
    for press in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        xdotool key --delay 0 --window "$id" Right
        sleep 0.025
    done
    shown_moment_is 20
    xdotool key --delay 12 --window "$id" Left Left Left Right Right Left Left
    shown_moment_is 17
    # Another key between: it is done after those before it, and before those after it.
    xdotool key --delay 12 --window "$id" Right Home Right Right Right
    shown_moment_is 3
    # A dialog, and at once what belongs into it.
    xdotool key --delay 0 --window "$id" ctrl+s
    xdotool type --delay 0 --window "$id" "$folder/kim-$frame.procatlas"
    xdotool key --delay 0 --window "$id" Return
    wait_for_file "$folder/kim-$frame.procatlas" "what was typed after Ctrl S is not the name"
    stop
done
echo "1 passed, 0 failed"
