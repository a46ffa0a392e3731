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
start
/usr/bin/python3 "$here/drop_file.py" "$id" 600 400 "$folder/good.c"
wait_for "$heap_gone" above 3000
/usr/bin/python3 "$here/drop_file.py" "$id" 600 400 "$folder/bad.c"
wait_for "$warning" above 15
cp "$folder/good.c" "$folder/bad.c"
xdotool key --window "$id" Return # in the field for the file, which has the keyboard
wait_for "$warning" below 3
wait_for "$heap_gone" above 3000
stop
[ -x "$(echo "$folder"/cache/procatlas/programs/*/bad)" ] || { echo "FAILED: no compiled program"; exit 1; }
grep -q '"file": ".*/bad.c"' "$folder/procatlas/settings.json" || { echo "FAILED: it is not remembered"; exit 1; }
echo "1 passed, 0 failed"
