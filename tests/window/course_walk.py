#!/usr/bin/env python3
"""Walks the lecture note's whole way in the real window by one key: course_walk.py BUILD [LAST]

From the welcome screen on, Page Down alone is pressed: it must begin lesson 1, go through every step of every lesson up to LAST (10: areas,
push and pop, heap, PID and PPID, one child, three same, three different, fork and write twice, exec), and each lesson's run must be seen
on the stage. It is what a presenter's remote sends, and it goes on also where a field has the keyboard.
"""

import pathlib
import subprocess
import sys
import time

from lesson_walk import Failed, Window, blocks_of, wait_until

STACK = "#BE4F00"
PAGE = "#6D3FC0"  # of one process alone: the lesson on copy-on-write shows pages


def pixels(window, colour):
    shown = subprocess.run(["import", "-window", window.id, "png:-"], capture_output=True).stdout
    count = subprocess.run(["convert", "png:-", "-fill", "black", "+opaque", colour, "-fill", "white", "-opaque", colour,
                            "-format", "%[fx:int(mean*w*h+0.5)]", "info:"], input=shown, capture_output=True, text=False).stdout
    return int(count or 0)


def walk(window, folder, steps):
    """From before the first step to the last one; returns at how many steps its memory was on the stage."""
    name = folder.name.split("-", 1)[1]
    seen = 0
    for step in range(1, len(steps) + 1):
        window.key("Next")
        wait_until(f"{name}, step {step} of {len(steps)}", lambda: window.step(name) == step)
        has_run = any("run" in one for one in steps[:step])
        if has_run and not seen:
            wait_until(f"{name}: its run", window.run_file)
            end = time.monotonic() + (10 if step == len(steps) else 2)  # what a question is about is veiled
            while not seen and time.monotonic() < end:
                seen += pixels(window, STACK) > 1000 or pixels(window, PAGE) > 1000
    return seen


def main():
    build = pathlib.Path(sys.argv[1])
    last = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    lessons = pathlib.Path(__file__).parents[2] / "assets" / "lessons"
    folders = sorted(folder for folder in lessons.iterdir() if folder.is_dir())[:last]
    window = Window(build, "en", "light", "1280x800")
    presses = 0
    try:
        for folder in folders:
            begun = time.monotonic()
            steps = blocks_of(folder / "lesson.en.md")
            if not walk(window, folder, steps):
                raise Failed(f"{folder.name}: its memory was never on the stage")
            presses += len(steps)
            print(f"ok      {folder.name}: {len(steps)} steps, {time.monotonic() - begun:.0f} s", flush=True)
    except Failed as failure:
        print(f"FAILED: {failure}")
        return 1
    finally:
        window.close()
    print(f"{len(folders)} lessons by {presses} presses of one key")
    return 0


if __name__ == "__main__":
    sys.exit(main())
