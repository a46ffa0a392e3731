"""Events a second and the time to the first one, here and over ssh on loopback: speed.py BUILD"""

import os
import pathlib
import statistics
import subprocess
import sys
import time

import sshd

BUILD = pathlib.Path(sys.argv[1]).resolve()
PROCATLAS = str(BUILD / "bin/procatlas")


def measure(machine, options, command):
    begun = time.monotonic()
    running = subprocess.Popen([PROCATLAS, "trace", *options, "--json-lines", "--", *command], env=machine.environment(),
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    running.stdout.readline()
    running.stdout.readline()
    first = time.monotonic() - begun
    count = 1 + sum(1 for _ in running.stdout)
    running.wait()
    return count / (time.monotonic() - begun - first), first


def main():
    if why := sshd.why_none():
        print(f"not measured: {why}")
        return 77
    forks = ["sh", "-c", "i=0; while [ $i -lt 400 ]; do /bin/true; i=$((i+1)); done"]
    lines = [str(BUILD / "bin/programs/grandchildren")]
    with sshd.Machine(f"{BUILD}/bin:/usr/local/bin:/usr/bin:/bin") as machine:
        for name, options, command in (("system calls", [], forks), ("lines", ["--grain", "lines"], lines)):
            for place, where in (("here", []), ("ssh", ["--host", "far"])):
                runs = [measure(machine, options + where, command) for _ in range(5)]
                print(f"{name:13} {place:5} {statistics.median(r[0] for r in runs):9.0f} events/s, first after "
                      f"{statistics.median(r[1] for r in runs) * 1000:.0f} ms", flush=True)
    return 0


sys.exit(main())
