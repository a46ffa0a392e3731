# What the tests of the real window share; to be read in (.) with $build set. The window is of this shell's own settings folder.
for tool in xdotool import convert; do
    if ! command -v $tool >/dev/null; then
        echo "skipped: $tool is not here"
        exit 0
    fi
done

stack='#BE4F00'
code='#0072B2'
child='#931971' # the colour of the second process
folder=$(mktemp -d)
window=
end() {
    [ -z "$window" ] || kill "$window" 2>/dev/null || true
    rm -rf "$folder"
}
trap end EXIT

export XDG_CONFIG_HOME="$folder" XDG_STATE_HOME="$folder/state" LIBGL_ALWAYS_SOFTWARE=1 LC_ALL=C.UTF-8
mkdir "$folder/procatlas"
echo '{"language": "en", "delay_ms": 0, "width": 1280, "height": 800}' >"$folder/procatlas/settings.json"

# start ARGS...: sets $window, its process, and $id, the window itself.
start() {
    "$build/bin/procatlas" "$@" &
    window=$!
    id=
    searches=0
    while [ -z "$id" ]; do  # xdotool gives up where another window goes away while it looks
        searches=$((searches + 1))
        [ $searches -le 5 ] || { echo "FAILED: there is no window"; exit 1; }
        id=$(timeout 30 xdotool search --sync --name '^procatlas$' | tail -1)
    done
}

stop() {
    kill "$window"
    wait "$window" 2>/dev/null || true
    window=
}

# Pixels of one colour in what the window shows; fails where it is not there yet.
pixels() {
    import -window "$id" "$folder/now.png" 2>/dev/null &&
        convert "$folder/now.png" -fill black +opaque "$1" -fill white -opaque "$1" -format '%[fx:int(mean*w*h+0.5)]' info:
}

# Waits until at least $3 pixels (or fewer than that, with "below") have the colour $1: $2 is "above" or "below".
wait_for() {
    tries=0
    while :; do
        count=$(pixels "$1") || count=
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
