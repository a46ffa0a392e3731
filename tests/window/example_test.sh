#!/bin/sh
# Starts an example by mouse in a real window, steps it by key, and looks whether the picture shows a memory map.
set -eu
build=$1
folder=$(mktemp -d)
window=
end() {
    [ -z "$window" ] || kill "$window" 2>/dev/null || true
    rm -rf "$folder"
}
trap end EXIT

for tool in xdotool import convert; do
    if ! command -v $tool >/dev/null; then
        echo "skipped: $tool is not here"
        exit 0
    fi
done

export XDG_CONFIG_HOME="$folder" XDG_STATE_HOME="$folder/state" LIBGL_ALWAYS_SOFTWARE=1 LC_ALL=C.UTF-8
mkdir "$folder/procatlas"
echo '{"language": "en", "delay_ms": 0, "width": 1280, "height": 800}' >"$folder/procatlas/settings.json"
"$build/bin/procatlas" &
window=$!
id=$(timeout 20 xdotool search --sync --name '^procatlas$' | tail -1)

# Pixels of one colour in what the window shows.
pixels() {
    import -window "$id" "$folder/now.png" &&
        convert "$folder/now.png" -fill black +opaque "$1" -fill white -opaque "$1" -format '%[fx:int(mean*w*h+0.5)]' info:
}

# Waits until at least $3 pixels (or fewer than that, with "below") have the colour $1: $2 is "above" or "below".
wait_for() {
    tries=0
    while :; do
        count=$(pixels "$1" 2>/dev/null) || count=  # the window is not there yet
        case $2$count in
            above | below) ;;
            above*) [ "$count" -lt "$3" ] || return 0 ;;
            below*) [ "$count" -ge "$3" ] || return 0 ;;
        esac
        tries=$((tries + 1))
        if [ $tries -gt 200 ]; then
            echo "FAILED: $count pixels of $1, wanted $2 $3"
            exit 1
        fi
        xdotool mousemove --window "$id" $((600 + tries)) 790
    done
}

heap='#E69F00'
accent='#0B63C4'
wait_for "$accent" above 8000   # the big button of the welcome screen
xdotool mousemove --window "$id" 220 205 click 1
wait_for "$heap" above 10000    # two columns, each with a heap
before=$(pixels "$heap")
xdotool key --window "$id" n    # from the end, a step starts anew, held at the first event: no map of the program yet
wait_for "$heap" below "$before"
steps=0
while [ "$(pixels "$heap")" -lt "$before" ]; do
    xdotool key --window "$id" a
    steps=$((steps + 1))
    if [ $steps -gt 60 ]; then
        echo "FAILED: 60 steps, and the columns have not grown back"
        exit 1
    fi
done
xdotool key --window "$id" t    # dark: the panels are no longer white
wait_for '#191F27' above 100000
xdotool key --window "$id" l
kill "$window"
wait "$window" 2>/dev/null || true
window=
echo "1 passed, 0 failed"
