#!/bin/sh
# In a real window: a run is recorded by itself, goes back by key to its first event and comes back; the recording is opened again.
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

start() {
    "$build/bin/procatlas" "$@" &
    window=$!
    id=$(timeout 30 xdotool search --sync --name '^procatlas$' | tail -1)
}

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
lane='#8450AC' # of the second process
start --example child
wait_for "$heap" above 5000
wait_for "$lane" above 1000
xdotool key --window "$id" Home # the first event: no memory yet, and all lanes are still to come
wait_for "$heap" below 100
wait_for "$lane" below 1000
xdotool key --window "$id" End
wait_for "$heap" above 5000
wait_for "$lane" above 1000
kill "$window"
wait "$window" 2>/dev/null || true

set -- "$folder"/state/procatlas/recordings/*.procatlas
[ $# = 1 ] && [ -f "$1" ] || { echo "FAILED: there are $# recordings"; exit 1; }
start open "$1"
wait_for "$heap" above 5000
xdotool key --window "$id" Left
wait_for "$lane" above 1000
kill "$window"
wait "$window" 2>/dev/null || true
window=
echo "1 passed, 0 failed"
