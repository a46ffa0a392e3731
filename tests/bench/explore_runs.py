"""1,000 runs of a program with three children by `procatlas explore`, beside 1,000 runs that nobody traces and, where it is there, beside
`rr record`: python3 explore_runs.py FOLDER [RUNS], of the programs of a build with its fixtures. Says too whether anything was left behind or
grew. CPU is of a command and all that came of it."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

programs = pathlib.Path(sys.argv[1])
wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
orders = str((programs / "fixtures/orders").resolve())


def cost(command):
    """What it printed, CPU and clock in seconds, the most memory of any of its processes in KiB."""
    begin = time.perf_counter()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    printed = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{command} ended with {child.returncode}")
    return printed, used.ru_utime + used.ru_stime, time.perf_counter() - begin, used.ru_maxrss


def survivors():
    left = 0
    for entry in pathlib.Path("/proc").iterdir():
        try:
            left += entry.name.isdigit() and os.readlink(entry / "exe") == orders
        except OSError:
            pass
    return left


def row(what, runs, cpu, clock):
    print(f"{what:34} {runs:6} runs {runs / clock:8.0f} a second {clock / runs * 1000:8.2f} ms each {cpu / runs * 1000:8.2f} ms of CPU each",
          flush=True)


with tempfile.TemporaryDirectory() as folder:
    runs = cpu = clock = 0
    memory = []
    while runs < wanted:
        printed, its_cpu, its_clock, its_memory = cost([str(programs / "procatlas"), "explore", "--json", "-o", folder, "--", orders, "three"])
        told = json.loads(printed)
        assert told["exhaustive"] and len(told["outcomes"]) == 6, told
        runs += told["runs"] + told["given_up"] + len(told["outcomes"]) + 1  # those for the recordings, and the one that finds a launcher
        cpu += its_cpu
        clock += its_clock
        memory.append(its_memory)
    row("procatlas explore", runs, cpu, clock)
    loop = ["sh", "-c", f"i=0; while [ $i -lt {wanted} ]; do {orders} three >/dev/null; i=$((i + 1)); done"]
    _, cpu, clock, _ = cost(loop)
    row("untraced", wanted, cpu, clock)
    record = ["rr", "record", "-n", orders, "three"]
    tried = shutil.which("rr") and subprocess.run(record, env=dict(os.environ, _RR_TRACE_DIR=folder), capture_output=True, text=True)
    if not tried:
        print("rr: not installed")
    elif tried.returncode != 0:  # it needs the processor's performance counters, which many virtual machines have not
        print(f"rr: cannot record here: {tried.stderr.strip().splitlines()[0] if tried.stderr.strip() else tried.returncode}")
    else:
        some = max(wanted // 20, 1)
        loop = ["sh", "-c", f"i=0; while [ $i -lt {some} ]; do _RR_TRACE_DIR={folder} rr record -n {orders} three >/dev/null; i=$((i + 1)); done"]
        _, cpu, clock, _ = cost(loop)
        row("rr record", some, cpu, clock)
    print(f"left behind: {survivors()} processes; memory of the first exploration {memory[0]} KiB, of the last {memory[-1]} KiB")
