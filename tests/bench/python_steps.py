"""Lines of a Python program a second: under procatlas, by the hook alone (sys.settrace with the same decoding, and nobody who reads),
by `python3 -m trace` and by pdb's `step` through a pipe. In turns; the median of each.

usage: python_steps.py FOLDER, of the programs of a build
"""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 3
LOOPS = 10_000
LINES = 2 * LOOPS
PROGRAM = f"""
def work(loops):
    total = 0
    for number in range(loops):
        total += number
    return total

work({LOOPS})
"""
PYTHON = "/usr/bin/python3"


def seconds(command, **options):
    begin = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, **options)
    return time.perf_counter() - begin


def compare(programs):
    with tempfile.TemporaryDirectory() as folder:
        many, none = (pathlib.Path(folder) / name for name in ("many.py", "none.py"))
        many.write_text(PROGRAM)
        none.write_text(PROGRAM.replace(f"work({LOOPS})", "work(0)"))
        hook = str(programs / "python")
        hooked = {**os.environ, "PYTHONPATH": hook, "PROCATLAS_PYTHON": "lines"}
        steps = {file: "step\n" * (LINES + 40) + "quit\n" for file in (many, none)}
        ways = {
            "procatlas trace --grain lines": lambda file: seconds(
                [programs / "procatlas", "trace", "--grain", "lines", "-o", f"{folder}/run.procatlas", "--", PYTHON, file]),
            "the hook alone": lambda file: seconds([PYTHON, file], env=hooked),
            "python3 -m trace --trace": lambda file: seconds([PYTHON, "-m", "trace", "--trace", file]),
            "pdb, step through a pipe": lambda file: seconds(
                [PYTHON, "-m", "pdb", file], input=(steps[file] if file == many else "step\n" * 20 + "quit\n").encode()),
        }
        rates = {way: [] for way in ways}
        for _ in range(ROUNDS):
            for way, run in ways.items():
                rates[way].append(LINES / max(run(many) - run(none), 1e-6))
        return {way: statistics.median(values) for way, values in rates.items()}


def report(programs):
    print("lines of a Python program a second")
    rates = compare(programs)
    floor = rates["the hook alone"]
    for way, rate in rates.items():
        print(f"  {way:32} {rate:9.0f}   {rate / floor:5.2f} of the hook alone")


if __name__ == "__main__":
    report(pathlib.Path(sys.argv[1]))
