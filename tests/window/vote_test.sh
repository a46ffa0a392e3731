#!/bin/sh
# A lesson in a real window is shared with two browsers, one as small as a phone: both answer its question, the window counts, the run judges.
set -eu
build=$1
. "$(dirname "$0")/window.sh"
here=$(dirname "$0")
chromium=$(command -v chromium) || { echo "skipped: chromium is not here"; exit 0; }

accent='#0B63C4'
start
wait_for "$accent" above 8000   # the big button of the welcome screen: lesson 1
xdotool mousemove --window "$id" 220 205 click 1
xdotool key --window "$id" ctrl+l
tries=0
until link=$(xdotool mousemove --window "$id" 570 472 click 1 && sleep 0.1 && xdotool mousemove --window "$id" 452 497 click 1 &&
        sleep 0.1 && xclip -selection clipboard -o 2>/dev/null) && case $link in http://127.0.0.1:*) true ;; *) false ;; esac; do
    tries=$((tries + 1))
    [ $tries -lt 60 ] || { echo "FAILED: no link can be copied"; exit 1; }
done
xdotool key --window "$id" Escape
WINDOW_PROCESS=$window /usr/bin/python3 "$here/vote.py" "$link" "$id" "$chromium" "$folder" ${2:+"$2"}
wait "$window" || true
window=
"$build/bin/procatlas" grade --csv "$XDG_STATE_HOME"/procatlas/recordings/*.procatlas >"$folder/grades.csv" 2>/dev/null || true
students=$(grep -c 'Student [12],' "$folder/grades.csv") || true
[ "$students" = 4 ] || { echo "FAILED: $students of 4 answers are kept"; cat "$folder/grades.csv"; exit 1; }
echo "1 passed, 0 failed"
