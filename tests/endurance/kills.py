"""Kills one program of procatlas, or the traced one, at random moments: nothing survives, nothing hangs, nothing seen is lost.

    python3 tests/endurance/kills.py BUILD_FOLDER [COUNT [WHO...]]      WHO: watcher observer reader program window

By default 40 times each; the window needs xvfb-run."""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from processes import marked, named, wait_until

SOON = 2.0  # seconds after which nothing may be left
COMM = {"observer": "procatlas-obser", "reader": "procatlas-reade", "program": "sh"}


class Wrong(Exception):
    pass


def must(condition, text):
    if not condition:
        raise Wrong(text)


def opens(build, recording):
    if not os.path.exists(recording):
        return  # killed before there was one
    shown = subprocess.run([f"{build}/bin/procatlas", "show", recording, "--as", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # While the tables are made there is nothing to lose yet.
    unmade = b"(format 0," in shown.stderr or (b"its tables are not" in shown.stderr and os.path.exists(recording + "-journal"))
    must(shown.returncode == 0 or unmade or os.path.getsize(recording) == 0, "the recording does not open: " + shown.stderr.decode())


def once(build, who, number):
    mark = f"PROCATLAS_ENDURANCE={os.getpid()}-{who}-{number}"
    folder = tempfile.mkdtemp(prefix="endurance-")
    recording = f"{folder}/run.procatlas"
    name, value = mark.split("=")
    environment = {**os.environ, name: value, "XDG_STATE_HOME": folder, "XDG_CONFIG_HOME": folder, "LC_ALL": "C.UTF-8"}
    rounds = 6 if who == "reader" else 200
    program = ["sh", "-c", f"i=0; while [ $i -lt {rounds} ]; do {build}/bin/programs/push_pop; i=$((i + 1)); done"]
    if who == "window":
        environment["LIBGL_ALWAYS_SOFTWARE"] = "1"
        command = [f"{build}/bin/procatlas", "--", *program]
    else:
        command = [f"{build}/bin/procatlas", "trace", "--json", "--grain", "calls", "-o", recording, "--", *program]
    run = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: named(mark, "procatlas-obser"), 30)
        time.sleep(random.uniform(0, 0.6))  # the moment is the input
        victims = [run.pid] if who in ("watcher", "window") else wait_until(lambda: named(mark, COMM[who]), 10)
        must(victims, f"there is no {who}")
        os.kill(min(victims), signal.SIGKILL)  # of several, the one that made the others
        killed = time.monotonic()
        if who == "reader":
            output = run.communicate(timeout=120)[0]
            text = "".join(e["text"] for e in json.loads(output)["events"] if e["kind"] == "output")
            must(run.returncode == 0 and text == "4 apples: 1100 won\n" * rounds, f"the program did not go on: {run.returncode}")
        elif who == "window" or who == "watcher":
            run.wait()
        else:
            output = run.communicate(timeout=30)[0]
            must(time.monotonic() - killed < SOON + 3, "it ends only after %.1f s" % (time.monotonic() - killed))
            must(run.returncode == (125 if who == "observer" else 137) , f"it ended with {run.returncode}")
            json.loads(output)
        must(wait_until(lambda: not marked(mark), SOON), f"left: {marked(mark)}")
        recordings = [recording] if who != "window" else [f"{folder}/procatlas/recordings/{f}" for f in os.listdir(f"{folder}/procatlas/recordings")
                                                         if f.endswith(".procatlas")] if os.path.isdir(f"{folder}/procatlas/recordings") else []
        for file in recordings:
            opens(build, file)
    finally:
        for pid in marked(mark):
            os.kill(pid, signal.SIGKILL)
        run.wait()
        shutil.rmtree(folder, ignore_errors=True)


def main(build, count=40, *who):
    build = os.path.abspath(build)
    bad = 0
    for one in who or ("watcher", "observer", "reader", "program", "window"):
        if one == "window" and not os.environ.get("DISPLAY"):
            print("window: skipped, there is no display (xvfb-run)")
            continue
        wrong = 0
        for number in range(int(count)):
            try:
                once(build, one, number)
            except (Wrong, subprocess.TimeoutExpired, ValueError) as why:
                wrong += 1
                print(f"{one} {number}: {why}", flush=True)
        print(f"{one}: {count} kills, {wrong} wrong", flush=True)
        bad += wrong
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
