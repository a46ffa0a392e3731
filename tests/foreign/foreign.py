"""Runs each program of programs.py without procatlas, under strace and under procatlas, and compares what a user would notice: how it
ends, what it prints, how many processes, threads and programs it makes, whether anything survives, and whether the recording opens.

usage: foreign.py BUILD [--short] [NAME...]
"""

import collections
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import programs

MARK = "PROCATLAS_FOREIGN"  # in the environment of each program, so that its survivors are found
DEADLINE = 300
GRAINS = {"lifecycle": "lifecycle", "memory": "memory", "calls": "calls"}

Ran = collections.namedtuple("Ran", "status output seconds")
Counts = collections.namedtuple("Counts", "forks threads execs")


def survivors(mark):
    """The processes that still have `mark` in their environment; zombies have none."""
    found = []
    for folder in pathlib.Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if f"{MARK}={mark}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
            except OSError:
                pass
    return found


def end_survivors(mark):
    """Ends what is left, after a second in which it may end by itself. Returns how many there were."""
    deadline = time.monotonic() + 1
    while (left := survivors(mark)) and time.monotonic() < deadline:
        time.sleep(0.02)
    for pid in left:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    return len(left)


def read_until_end(terminal, child, deadline):
    """What comes out of the terminal until nobody holds its other end, or until the child has ended and nothing more comes."""
    output = b""
    while time.monotonic() < deadline:
        ready = select.select([terminal], [], [], 0.05)[0]
        if not ready:
            if child.poll() is not None:
                return output
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # EIO: the last descriptor of the other end was closed
            return output
        output += piece
    return output


def run_in_terminal(command, folder, mark):
    """Runs `command` with a terminal of its own, as procatlas does."""
    ours, theirs = pty.openpty()
    began = time.monotonic()
    child = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, start_new_session=True,
                             env={**os.environ, MARK: mark})
    os.close(theirs)
    output = read_until_end(ours, child, began + DEADLINE)
    try:
        status = child.wait(max(0.1, began + DEADLINE - time.monotonic()))
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        status = "no end"
    os.close(ours)
    return Ran(status if isinstance(status, str) or status >= 0 else 128 - status, output, time.monotonic() - began)


def run_under_procatlas(build, grain, command, folder, mark):
    """What `trace` tells: the status, the output that it attributes, the counts, and what is wrong with the recording."""
    recording = folder / "run.procatlas"
    began = time.monotonic()
    with open(folder / "trace.json", "w+b") as told, open(folder / "trace.errors", "w+b") as errors:
        child = subprocess.Popen([build / "bin/procatlas", "trace", "--json-lines", "--grain", grain, "--max-processes", "100000",
                                  "-o", recording, "--", *command], stdin=subprocess.DEVNULL, stdout=told, stderr=errors, cwd=folder / "in",
                                 env={**os.environ, MARK: mark}, start_new_session=True)
        try:
            status = child.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            status = "no end"
        seconds = time.monotonic() - began
        told.seek(0)
        events = [json.loads(line) for line in told.read().decode(errors="replace").splitlines()[1:] if line.startswith("{")]
        errors.seek(0)
        complaints = errors.read().decode(errors="replace").strip()
    output = "".join(event.get("text", "") for event in events if event["kind"] == "output")
    kinds = collections.Counter(event["kind"] for event in events)
    counts = Counts(sum(kinds[kind] for kind in ("fork", "vfork", "clone_vm", "clone_vfork")), kinds["thread"], kinds["exec"])
    wrong = []
    for event in events:
        if event["kind"] == "gap" and event["gap"] not in ("output_left_out",):
            wrong.append("gap " + event["gap"])
    shown = subprocess.run([build / "bin/procatlas", "show", recording, "--as", "csv"], capture_output=True)
    if shown.returncode != 0:
        wrong.append("the recording does not open: " + shown.stderr.decode(errors="replace").strip())
    return Ran(status, output.encode(), seconds), counts, wrong, complaints


def count_under_strace(command, folder, mark):
    log = folder / "strace.log"
    run_in_terminal(["strace", "-f", "-qq", "-o", str(log), "-e", "trace=clone,clone3,fork,vfork,execve,execveat", "-e", "signal=none",
                     *command], folder / "in", mark)
    forks = threads = execs = 0
    begun = {}
    for line in log.read_text(errors="replace").splitlines():
        pid, _, rest = line.partition(" ")
        rest = rest.strip()
        if rest.endswith("<unfinished ...>"):
            begun[pid] = rest
            continue
        if rest.startswith("<... "):
            rest = begun.pop(pid, "") + rest
        result = re.search(r"= (-?\d+)", rest)
        if result is None or int(result.group(1)) < 0:
            continue
        if rest.startswith("exec"):
            execs += 1
        elif rest.startswith(("clone", "fork", "vfork")):
            if "CLONE_THREAD" in rest:
                threads += 1
            else:
                forks += 1
    return Counts(forks, threads, execs)


NUMBERS = [(re.compile(rb"(?m)^test_\w+ passed in [^\n]*\n"), b""),  # regrtest tells it of what takes over half a minute
           (re.compile(rb"(?m)^(test_\w+ failed \([^)\n]*\)) in [^\r\n]*"), rb"\1"),  # the same
           (re.compile(rb"(\d+ min )?\d+(\.\d+)? sec\b"), b"T"), (re.compile(rb"0x[0-9a-fA-F]+"), b"H"),
           (re.compile(rb"\b[0-9a-f]{12,40}\b"), b"H"), (re.compile(rb"\d+\.\d+"), b"T"),
           (re.compile(rb"\d{2,}"), b"N"), (re.compile(rb"/tmp/\S*"), b"F"), (re.compile(rb"\r"), b"")]


def made_equal(output):
    """The output without what differs from run to run: PIDs, addresses, times, temporary names."""
    output = output.decode(errors="replace").encode()
    for pattern, instead in NUMBERS:
        output = pattern.sub(instead, output)
    return output


def without_lines(pattern, run):
    """The run without the lines that the pattern matches, and how many these were."""
    lines = run.output.split(b"\n")
    kept = [line for line in lines if not (pattern and re.fullmatch(pattern, line.rstrip(b"\r")))]
    return run._replace(output=b"\n".join(kept)), len(lines) - len(kept)


def same_output(traced, untraced):
    """Equal to one of the untraced runs; where those differ in the order of lines, equal as a collection of lines."""
    texts = [made_equal(run.output) for run in untraced]
    text = made_equal(traced.output)
    if text in texts:
        return True
    if len(set(texts)) == 1:
        return False
    return any(sorted(text.split(b"\n")) == sorted(other.split(b"\n")) for other in texts) or \
        len({tuple(sorted(set(other.split(b"\n")))) for other in texts}) > 1  # the lines themselves vary


def first_other_line(traced, untraced):
    """The first line that was printed in no untraced run, as it was printed."""
    known = {line for run in untraced for line in made_equal(run.output).split(b"\n")}
    lines = [line for line in traced.output.split(b"\n") if made_equal(line) not in known]
    return repr(lines[0].decode(errors="replace")[:100]) if lines else "fewer lines, or in another order"


def same_counts(told, seen):
    """Equal to one of strace's runs, or between them where they differ from each other."""
    return all(min(values) <= one <= max(values) or (len(set(values)) > 1 and min(values) / 2 <= one <= 2 * max(values))
               for one, *values in zip(told, *seen))


def fresh_folder(program, folder):
    shutil.rmtree(folder / "in", ignore_errors=True)
    (folder / "in").mkdir()
    if program.prepare:
        program.prepare(folder / "in")


def compare(build, program, grain, folder):
    """One row of the table: what is wrong, in words; and the times."""
    mark = f"{program.name}-{grain}-{os.getpid()}"
    wrong = []
    untraced = []
    for _ in range(2):
        fresh_folder(program, folder)
        untraced.append(run_in_terminal(program.command, folder / "in", mark))
        end_survivors(mark)
    seen = []
    for _ in range(2):
        fresh_folder(program, folder)
        seen.append(count_under_strace(program.command, folder, mark))
        end_survivors(mark)
    fresh_folder(program, folder)
    traced, counts, wrong, complaints = run_under_procatlas(build, grain, program.command, folder, mark)
    wrong = [entry for entry in dict.fromkeys(wrong) if entry not in program.expected]
    (traced, often), *others = (without_lines(program.sometimes, run) for run in (traced, *untraced))
    untraced = [run for run, _ in others]
    if often > max(count for _, count in others) + 2:  # more than one race lost, as where an exit is taken from its parent
        wrong.append(f"prints {often} of the lines that it prints sometimes")
    if traced.status not in {run.status for run in untraced}:
        wrong.append(f"ends with {traced.status}, untraced with {untraced[0].status}: {complaints[-200:]}")
    if not same_output(traced, untraced):
        wrong.append(f"prints something else: {first_other_line(traced, untraced)}")
        keep = pathlib.Path(os.environ.get("PROCATLAS_FOREIGN_KEEP", "/nonexistent"))
        if keep.is_dir():
            (keep / f"{program.name}-{grain}.untraced").write_bytes(made_equal(untraced[0].output))
            (keep / f"{program.name}-{grain}.traced").write_bytes(made_equal(traced.output))
    if not same_counts(counts, seen):
        wrong.append(f"tells {tuple(counts)} forks, threads, execs; strace {tuple(seen[0])}")
    if left := end_survivors(mark):
        wrong.append(f"{left} processes survive")
    return wrong, min(run.seconds for run in untraced), traced.seconds, counts


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    arguments = sys.argv[2:]
    short = "--short" in arguments
    names = [name for name in arguments if not name.startswith("--")]
    failed = left_out = rows = 0
    for program in programs.PROGRAMS:
        if (names and program.name not in names) or (short and not program.short):
            continue
        if not program.installed():
            print(f"{program.name:24} left out: not installed")
            left_out += 1
            continue
        for grain in program.grains if not short else program.grains[:1]:
            with tempfile.TemporaryDirectory(prefix="procatlas-foreign.") as folder:
                wrong, untraced, traced, counts = compare(build, program, grain, pathlib.Path(folder))
            rows += 1
            failed += bool(wrong)
            print(f"{program.name:24} {grain:9} {untraced:6.2f} s untraced {traced:7.2f} s traced  "
                  f"{counts.forks:6} forks {counts.threads:5} threads {counts.execs:5} execs  {'; '.join(wrong) or 'equal'}", flush=True)
    print(f"{rows} rows, {failed} differ, {left_out} programs left out")
    return 1 if failed or rows == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
