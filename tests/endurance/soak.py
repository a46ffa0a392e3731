"""Short processes without end: memory, descriptors and threads of procatlas grow by what is recorded, and by nothing else.

    python3 tests/endurance/soak.py BUILD_FOLDER [COUNT [PIECE]]      by default 1,000,000 processes in pieces of 250,000

Each piece is one run of `trace --grain lifecycle -o FILE`. Prints what the observer and its client use at each tenth of a piece;
fails where descriptors or threads grow, the observer's memory grows by more than 4 MiB after the first tenth, the client's by
more than BYTES_AN_EVENT, or where the client ever needs more than MOST_MIB beside these, also when it tells what it saw."""
import os
import subprocess
import sys
import tempfile
import time

from processes import named, wait_until

EVENTS_A_PROCESS = 4  # fork, exec, exit, reap
LISTS = 6  # of a recording that may become so long that each gets a file of its own
BYTES_AN_EVENT = 512
MOST_MIB = 64  # beside BYTES_AN_EVENT for each event


def used(pid):
    with open(f"/proc/{pid}/status") as file:
        fields = dict(line.split(":", 1) for line in file)
    kept = min(len(os.listdir(f"/proc/{pid}/fd")) for _ in range(20))  # not what is open for the time of one read
    return {"KiB": int(fields["VmRSS"].split()[0]), "descriptors": kept, "threads": int(fields["Threads"])}


def has_ended(pid):
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def lines_in(path):
    with open(path, "rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def piece(build, processes, number):
    wrong = []
    mark = f"PROCATLAS_ENDURANCE={os.getpid()}-soak-{number}"
    name, value = mark.split("=")
    with tempfile.TemporaryDirectory(prefix="endurance-") as folder:
        count = f"{folder}/count"
        program = f"i=0; while [ $i -lt {processes} ]; do /bin/true; i=$((i + 1)); [ $((i % {max(processes // 10, 1)})) = 0 ] && echo >>{count}; done; :"
        open(count, "w").close()
        run = subprocess.Popen([f"{build}/bin/procatlas", "trace", "--grain", "lifecycle", "-o", f"{folder}/run.procatlas", "--", "sh", "-c", program],
                               env={**os.environ, name: value}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        observer = wait_until(lambda: named(mark, "procatlas-obser"), 30)[0]
        seen = []
        for tenth in range(1, 10):
            wait_until(lambda: lines_in(count) >= tenth or has_ended(run.pid), 3600)
            if not has_ended(run.pid):
                seen.append({"observer": used(observer), "client": used(run.pid)})
                print(f"  {tenth * 10:3} %: " + "; ".join(f"{who} " + ", ".join(f"{v} {k}" for k, v in what.items()) for who, what in seen[-1].items()),
                      flush=True)
        _, status, most = os.wait4(run.pid, 0)
        status = run.returncode = os.waitstatus_to_exitcode(status)
        size = os.path.getsize(f"{folder}/run.procatlas")
    if status != 0:
        wrong.append(f"it ended with {status}")
    if len(seen) > 1:
        first, last = seen[0], seen[-1]
        for who in first:
            for what in ("descriptors", "threads"):
                more = LISTS if (who, what) == ("client", "descriptors") else 0
                if last[who][what] > first[who][what] + more:
                    wrong.append(f"{what} of the {who} grow from {first[who][what]} to {last[who][what]}")
        if last["observer"]["KiB"] > first["observer"]["KiB"] + 4096:
            wrong.append("the memory of the observer grows")
        events = (len(seen) - 1) * processes / 10 * EVENTS_A_PROCESS
        each = (last["client"]["KiB"] - first["client"]["KiB"]) * 1024 / events
        print(f"  the client keeps {each:.0f} bytes an event, the file has {size / processes / EVENTS_A_PROCESS:.0f}")
        print(f"  the client needed {most.ru_maxrss // 1024} MiB at most")
        if most.ru_maxrss > (MOST_MIB << 10) + processes * EVENTS_A_PROCESS * BYTES_AN_EVENT // 1024:
            wrong.append(f"the client needed {most.ru_maxrss // 1024} MiB")
        if each > BYTES_AN_EVENT:
            wrong.append(f"the memory of the client grows by more than {BYTES_AN_EVENT} bytes an event")
    return wrong


def main(build, count=1_000_000, size=250_000):
    build, count, size = os.path.abspath(build), int(count), int(size)
    bad = []
    for number in range((count + size - 1) // size):
        began = time.monotonic()
        print(f"piece {number + 1}: {min(size, count - number * size)} processes", flush=True)
        bad += piece(build, min(size, count - number * size), number)
        print(f"  {time.monotonic() - began:.0f} s", flush=True)
    for text in bad:
        print("FAILED:", text)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
