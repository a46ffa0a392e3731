"""Runs the benchmarks and sets them beside other tools, in turns, so that a busy moment hits all alike. Prints medians of each."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import psutil

import python_steps

programs = pathlib.Path(sys.argv[1])


def google_benchmark(name, repetitions):
    text = subprocess.run(
        [programs / name, f"--benchmark_repetitions={repetitions}", "--benchmark_enable_random_interleaving=true",
         "--benchmark_min_time=0.1", "--benchmark_format=json"],
        check=True, capture_output=True, text=True).stdout
    times = {}
    for run in json.loads(text)["benchmarks"]:
        if run["run_type"] == "iteration":
            scale = {"ns": 1e-6, "us": 1e-3, "ms": 1}[run["time_unit"]]
            times.setdefault(run["run_name"], []).append(run["real_time"] * scale)
    return {name: statistics.median(values) for name, values in times.items()}


def milliseconds(action):
    begin = time.perf_counter()
    action()
    return (time.perf_counter() - begin) * 1000


def in_turns(actions, rounds):
    """Medians in milliseconds; each round runs every action once."""
    times = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            times[name].append(milliseconds(action))
    return {name: statistics.median(values) for name, values in times.items()}


def run(*command):
    return lambda: subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def snapshots():
    print("snapshot (read and parse) beside a bare read of the same maps; at most 1.15")
    medians = google_benchmark("snapshot_bench", 9)
    for count in (30, 300, 3000, 30000):
        raw, ours = medians[f"raw_read/{count}"], medians[f"snapshot/{count}"]
        print(f"  {count:6} mappings: read {raw:8.3f} ms, snapshot {ours:8.3f} ms, ratio {ours / raw:.3f}")


def pages():
    print("the state of all pages beside a bare read of pagemap (at most 1.2) and smaps (below 0.5); MiB/pattern")
    medians = google_benchmark("pages_bench", 25)
    for what, name in (("16/1", "16 MiB, all there"), ("16/2", "16 MiB, every other one copied"),
                       ("16/3", "16 MiB, every eighth one copied"), ("4096/0", "4 GiB, untouched")):
        raw, ours, smaps = (medians[f"{kind}/{what}"] for kind in ("raw_pagemap", "pages", "smaps"))
        print(f"  {name}: bare {raw:8.3f} ms, pages {ours:8.3f} ms, smaps {smaps:8.3f} ms, "
              f"ratios {ours / raw:.3f} and {ours / smaps:.3f}")


def stacks():
    print("frames of a stack with their variables, beside a bulk read of the same bytes, eu-stack and gdb (whole programs)")
    medians = google_benchmark("stack_bench", 5)
    for count in (10, 100, 1000):
        with subprocess.Popen([programs / "deep_stack", str(count)], stdout=subprocess.PIPE) as subject:
            subject.stdout.readline()
            pid = str(subject.pid)
            others = in_turns({"eu-stack": run("eu-stack", "-p", pid, "-n", "0"),
                               "gdb": run("gdb", "-nx", "-batch", "-p", pid, "-ex", "bt")}, 5)
            subject.kill()
        bulk, ours = medians[f"bulk_read/{count}"], medians[f"frames/{count}"]
        print(f"  {count:6} calls: bulk read {bulk:8.3f} ms, frames {ours:8.3f} ms, "
              f"eu-stack {others['eu-stack']:8.1f} ms, gdb {others['gdb']:8.1f} ms")


def other_tools():
    print("one process, by other tools: whole programs, and psutil's call alone")
    for count in (30, 300, 3000, 30000):
        with subprocess.Popen([programs / "map_maker", str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as subject:
            subject.stdout.readline()
            process = psutil.Process(subject.pid)
            medians = in_turns(
                {"snapshot_once": run(programs / "snapshot_once", str(subject.pid)),
                 "pmap -x": run("pmap", "-x", str(subject.pid)),
                 "psutil": lambda: process.memory_maps(grouped=False)}, 5 if count > 3000 else 15)
            print(f"  {count:6} mappings: " + ", ".join(f"{name} {value:.2f} ms" for name, value in medians.items()))


def slowdown():
    print("`true` 300 times in a shell: slowdown over an untraced run")
    command = ["sh", "-c", "i=0; while [ $i -lt 300 ]; do /bin/true; i=$((i + 1)); done"]
    medians = in_turns(
        {"untraced": run(*command),
         "procatlas trace --grain lifecycle": run(programs / "procatlas", "trace", "--grain", "lifecycle", "--json", "--", *command),
         "procatlas trace (memory calls too)": run(programs / "procatlas", "trace", "--json", "--", *command),
         "strace -f -e trace=none": run("strace", "-f", "-e", "trace=none", "-o", "/dev/null", *command),
         "strace -f --seccomp-bpf -e trace=none":
             run("strace", "-f", "--seccomp-bpf", "-e", "trace=none", "-o", "/dev/null", *command),
         "strace -f --seccomp-bpf -e trace=%memory,execve,write":
             run("strace", "-f", "--seccomp-bpf", "-e", "trace=%memory,execve,write", "-o", "/dev/null", *command),
         "a bare tracer of fork, exec and exit": run(programs / "bare_tracer", "0", *command),
         "a bare tracer that reads a map at each": run(programs / "bare_tracer", "3", *command),
         "a bare tracer that reads the parent's at a fork too": run(programs / "bare_tracer", "4", *command)}, 11)
    for name, value in medians.items():
        more = (value - medians["untraced"]) / 300 * 1000
        print(f"  {name}: {value:.0f} ms, {value / medians['untraced']:.2f}x, {more:.0f} us more for each `true`")


def layout():
    print("laying out one column of memory")
    for name, value in google_benchmark("layout_bench", 3).items():
        _, regions, seen = name.split('/')[:3]
        print(f"  {regions:>6} regions, {'those in a window' if int(seen) < 10_000 else 'all drawn'}: {value:.2f} ms")


def processor_seconds(pid):
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def frames():
    print("one frame of the window, by the CPU it takes on the software renderer; each pointer move asks for one")
    display = ":93"
    environment = {**os.environ, "DISPLAY": display, "LIBGL_ALWAYS_SOFTWARE": "1"}
    environment.pop("WAYLAND_DISPLAY", None)
    with tempfile.TemporaryDirectory() as settings, \
            subprocess.Popen(["Xvfb", display, "-screen", "0", "1280x800x24"], stderr=subprocess.DEVNULL) as server:
        environment["XDG_CONFIG_HOME"] = settings
        deadline = time.monotonic() + 20
        while subprocess.run(["xdotool", "getdisplaygeometry"], env=environment, capture_output=True).returncode != 0:
            if time.monotonic() > deadline:
                sys.exit("Xvfb does not answer")
        for what in (["100"], ["10000"], ["100000"], ["pages", "16"], ["pages", "4096"]):
            window = subprocess.Popen([programs / "procatlas-scripted-window", *what], env=environment)
            subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--name", "procatlas"], env=environment, check=True,
                           stdout=subprocess.DEVNULL, timeout=60)
            moves = 100
            steps = " ".join(f"mousemove {400 + i % 200} {300 + i % 97} sleep 0.05" for i in range(moves)).split()
            subprocess.run(["xdotool", *steps[:60]], env=environment, check=True)  # past the first frames
            name = f"{what[0]} mappings"
            if what[0] == "pages":
                before = processor_seconds(window.pid)
                subprocess.run(["xdotool", "key", "g", "sleep", "1"], env=environment, check=True)
                name = f"pages of {what[1]} MiB (shown after {(processor_seconds(window.pid) - before) * 1000:.0f} ms of work)"
            before = processor_seconds(window.pid)
            subprocess.run(["xdotool", *steps], env=environment, check=True)
            spent = processor_seconds(window.pid) - before
            print(f"  {name}: {spent * 1000 / moves:.1f} ms a frame")
            window.terminate()
            window.wait()
        print("the CPU of one draw without the graphics card's share, beside a bare ImGui frame in the same run", flush=True)
        subprocess.run([programs / "frame_times"], env=environment, check=True)
        server.terminate()


def once(*arguments):
    text = subprocess.run([programs / "store_once", *arguments], check=True, capture_output=True, text=True).stdout
    return {name: float(value) for name, value in (line.split() for line in text.splitlines())}


def recordings():
    print("a recording of 1,000,000 events and 200 processes; opened below 2,000 ms and 512 MiB, a jump below 16 ms")
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/long.procatlas"
        made = once("make", path, "1000000")
        print(f"  written: {made['append_and_follow_us_an_event']:.2f} us an event for its owner, {made['file_mib']:.0f} MiB")
        opened = [once("open", path) for _ in range(5)]
        median = {name: statistics.median(run[name] for run in opened) for name in opened[0]}
        print(f"  opened: {median['open_ms']:.0f} ms, peak {median['open_peak_mib']:.0f} MiB; jump: median "
              f"{median['jump_median_ms']:.2f} ms, longest {max(run['jump_longest_ms'] for run in opened):.2f} ms")
    print("1,000 maps of 100 mappings with 3 changes each, beside whole maps as rows; at least 5 times as fast, 1/30 of the size")
    runs = []
    for _ in range(5):
        with tempfile.TemporaryDirectory() as folder:
            runs.append(once("snapshots", folder))
    median = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    print(f"  whole rows {median['whole_rows_a_second']:.0f} a second, {median['whole_rows_kib']:.0f} KiB; recorded "
          f"{median['recorded_a_second']:.0f} a second, {median['recorded_kib']:.0f} KiB: {median['speed_ratio']:.1f} times as "
          f"fast, 1/{median['size_ratio']:.0f} of the size")


def grains():
    print("steps a second at each grain, each answered, beside a bare ptrace loop")
    print(subprocess.run([programs / "grain_bench"], check=True, capture_output=True, text=True).stdout, end="")


snapshots()
pages()
stacks()
recordings()
other_tools()
slowdown()
layout()
frames()
grains()
python_steps.report(programs)
