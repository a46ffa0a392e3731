#!/bin/sh
# In a real window: a C source that is dropped onto it is compiled and runs; one with a fault says so, and runs when it is mended.
set -eu
build=$1
. "$(dirname "$0")/window.sh"
here=$(dirname "$0")
export XDG_CACHE_HOME="$folder/cache"

warning='#B42318'
printf '#include <stdlib.h>\nint main(void) { return malloc(9) == 0; }\n' >"$folder/good.c"
printf 'int main(void) {\n    return x;\n}\n' >"$folder/bad.c"

# Waits for the recording of a program of this name.
wait_for_run() {
    tries=0
    until [ -n "$(ls "$folder"/state/procatlas/recordings 2>/dev/null | grep "$1")" ]; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] || { echo "FAILED: $1 does not run"; exit 1; }
        sleep 0.05
    done
}

start
/usr/bin/python3 "$here/drop_file.py" "$id" 600 400 "$folder/good.c"
wait_for_run good
/usr/bin/python3 "$here/drop_file.py" "$id" 600 400 "$folder/bad.c"
wait_for "$warning" above 15
cp "$folder/good.c" "$folder/bad.c"
xdotool key --window "$id" Return # in the field for the file, which has the keyboard
wait_for_run bad
wait_for "$warning" below 3
stop
[ -x "$(echo "$folder"/cache/procatlas/programs/*/bad)" ] || { echo "FAILED: no compiled program"; exit 1; }
grep -q '"file": ".*/bad.c"' "$folder/procatlas/settings.json" || { echo "FAILED: it is not remembered"; exit 1; }
echo "1 passed, 0 failed"
