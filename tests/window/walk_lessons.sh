#!/bin/sh
# Walks a lesson in a real window by keys alone: looked at, answered wrongly, answered rightly. PROCATLAS_LESSONS=all: the course.
# usage: xvfb-run -a -s "-screen 0 1600x1000x24" sh tests/window/walk_lessons.sh BUILD
set -eu
for tool in xdotool import python3; do
    if ! command -v $tool >/dev/null; then
        echo "skipped: $tool is not here"
        exit 0
    fi
done
exec python3 "$(dirname "$0")/lesson_walk.py" "$1"
