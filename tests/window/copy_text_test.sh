#!/bin/sh
# In a real window: text is selected with Shift and the pointer, within one panel, and copied by Ctrl C, whole lines of it. The panels do not act on that click, and a click
# without Shift gives the selection up.
set -eu
build=$1
. "$(dirname "$0")/window.sh"
command -v xclip >/dev/null || { echo "skipped: xclip is not here"; exit 0; }

copied() {
    timeout 5 xclip -selection clipboard -o 2>/dev/null || true
}

# draws X1 Y1 X2 Y2: with Shift held
draws() {
    xdotool mousemove --window "$id" "$1" "$2" keydown shift
    sleep 0.2
    xdotool mousedown 1
    sleep 0.2
    xdotool mousemove --window "$id" "$3" "$4"
    sleep 0.2
    xdotool mouseup 1
    sleep 0.2
    xdotool keyup shift
}

# copies WHAT X1 Y1 X2 Y2: selects there and presses Ctrl C until the clipboard has a line with WHAT in it: the program may not have
# come to its main() yet, and then something else stands there.
copies() {
    presses=0
    until copied | grep -qF -- "$1"; do
        presses=$((presses + 1))
        [ $presses -le 20 ] || { echo "FAILED: copied \"$(copied)\", not $1"; exit 1; }
        draws "$2" "$3" "$4" "$5"
        xdotool key --window "$id" ctrl+c
        sleep 0.5               # a person's speed
    done
}

printf 'nothing yet' | xclip -selection clipboard
start --example fork_write
wait_for "$stack" above 10000
# The three includes of its source.
copies '#include <sys/wait.h>' 105 175 300 225
[ "$(copied)" = '#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>' ] || { echo "FAILED: copied \"$(copied)\""; exit 1; }
# A line that is cut where it is drawn is copied whole, also by a rectangle that is lower than the line.
copies 'printf("%s %d: number at' 105 300 325 306
[ "$(copied)" = '    printf("%s %d: number at %p is %d\n", who, getpid(), (void*)&number, number);' ] ||
    { echo "FAILED: copied \"$(copied)\""; exit 1; }
# From the source into the stage: it keeps to the source.
copies 'int main(void) {' 105 330 890 462
if copied | grep -qE 'mapped|globals|MiB'; then
    echo "FAILED: copied \"$(copied)\" of two panels"
    exit 1
fi
# Titles, also those that are buttons.
copies 'Stage' 370 112 420 124
copies 'Details' 1085 384 1140 398
# The name of a global and its value, in the stage: the click has chosen nothing there.
copies 'number 1' 490 442 890 462
xdotool mousemove --window "$id" 640 120 click 1
printf 'nothing yet' | xclip -selection clipboard
for press in 1 2 3; do
    xdotool key --window "$id" ctrl+c
    sleep 0.2
done
[ "$(copied)" = 'nothing yet' ] || { echo "FAILED: copied \"$(copied)\" without a selection"; exit 1; }
stop
echo "1 passed, 0 failed"
