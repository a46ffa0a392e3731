"""What speed is asked of us, each row beside its rival in one run: python3 speed_table.py FOLDER [ROW...], of the programs of a build.

Commands are run in turns, and the quickest of each counts. CPU is of a command and all that came of it, user and system: on a machine
that others use too it says more than the time on the clock, which is told beside it."""

import mmap
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

programs = pathlib.Path(sys.argv[1])
own = str(programs / "procatlas")
RAN = ["sh", "-c", "i=0; while [ $i -lt 300 ]; do /bin/true; i=$((i + 1)); done"]
SHELLS = ["sh", "-c", "i=0; while [ $i -lt 20 ]; do sh -c 'echo a | cat; :' >/dev/null; i=$((i + 1)); done"]


def cost(command, **options):
    """CPU and clock, in milliseconds."""
    begin = time.perf_counter()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             **{"stdout": subprocess.DEVNULL, **options})
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    clock = (time.perf_counter() - begin) * 1000
    if child.returncode != 0:
        sys.exit(f"{command} ended with {child.returncode}")
    return (used.ru_utime + used.ru_stime) * 1000, clock


def in_turns(commands, rounds):
    costs = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            costs[name].append(cost(command))
    return {name: tuple(min(of) for of in zip(*values)) for name, values in costs.items()}


def row(what, ours, theirs, rival, asked, unit="ms of CPU"):
    ratio = ours / theirs if theirs else 0
    print(f"{what:42} {ours:10.1f} {theirs:10.1f} {unit:12} {ratio:7.2f}   {asked:18} {rival}", flush=True)


def both(what, costs, rival, asked):
    for unit, i in (("ms of CPU", 0), ("ms", 1)):
        row(what if i == 0 else "", costs["ours"][i], costs["rival"][i], rival if i == 0 else "", asked if i == 0 else "", unit)


def lifecycle():
    """The floor: the same tracer, when it also reads what else our events tell, and does nothing with it."""
    costs = in_turns({"ours": [own, "trace", "--grain", "lifecycle", "--json", "--", *RAN],
                      "maps": [programs / "bare_tracer", "3", *RAN], "told": [programs / "bare_tracer", "told", *RAN]}, 7)
    for name, rival, asked in (("maps", "a bare tracer that reads the same maps", "at most 1.10"),
                               ("told", "the same, and open files, program, arguments", "")):
        both("`true` x 300, --grain lifecycle", {"ours": costs["ours"], "rival": costs[name]}, rival, asked)


def memory():
    """The floors: a bare tracer with our stops that asks what each call was; and one that reads the whole map behind each."""
    costs = in_turns({"ours": [own, "trace", "--json", "--", *RAN],
                      "strace": ["strace", "-f", "--seccomp-bpf", "-e", "trace=%memory,execve,write", "-o", "/dev/null", *RAN],
                      "calls": [programs / "bare_tracer", "calls", *RAN],
                      "maps": [programs / "bare_tracer", "maps", *RAN],
                      "untraced": RAN}, 7)
    for name, rival, asked in (("strace", "strace of these calls, by seccomp", "below 1"),
                               ("calls", "a bare tracer: these stops, maps at fork, exec, exit", ""),
                               ("maps", "the same, and the map after each memory call", ""),
                               ("untraced", "untraced", "")):
        both("`true` x 300, memory calls too", {"ours": costs["ours"], "rival": costs[name]}, rival, asked)


def pages():
    """The floor: what reading pagemap costs a bare tracer that reads the map behind each memory call."""
    costs = in_turns({"ours": [own, "trace", "--json", "--pages", "--", *SHELLS], "rival": [own, "trace", "--json", "--", *SHELLS],
                      "pages": [programs / "bare_tracer", "pages", *SHELLS], "maps": [programs / "bare_tracer", "maps", *SHELLS]}, 7)
    both("20 short shells, --pages", costs, "the same without", "at most 1.3")
    both("  a bare tracer that reads pagemap", {"ours": costs["pages"], "rival": costs["maps"]}, "it reads the maps alone", "")


def grains():
    text = subprocess.run([programs / "grain_bench"], check=True, capture_output=True, text=True).stdout
    rates = {name: float(rate) for name, rate in re.findall(r"^(\S.*?)\s+(\d+) a second", text, re.M)}
    for name, floor in (("calls", "bare, 5 stops for 2, answered"), ("lines", "bare, two stops, answered"),
                        ("instructions", "bare, one stop, answered")):
        row(f"{name} a second", rates[name], rates["bare ptrace"], "a bare ptrace loop", "at least 0.7", "a second")
        row("", rates[name], rates[floor], "a loop that answers each event as we must", "", "a second")


def stacks():
    text = subprocess.run([programs / "stack_bench", "--benchmark_filter=/1000", "--benchmark_min_time=0.1", "--benchmark_repetitions=3"],
                          check=True, capture_output=True, text=True).stdout
    times = {}
    for name, value, unit in re.findall(r"^(\w+)/1000\s+(\d+\.?\d*) (ns|us|ms) ", text, re.M):
        value = float(value) * {"ns": 1e-6, "us": 1e-3, "ms": 1}[unit]
        times[name] = min(value, times.get(name, value))
    row("stack of 1,000 frames, looked at again", times["frames"], times["bulk_read"], "a bulk read of its bytes", "at most 0.3 ms", "ms")


def once(*arguments):
    text = subprocess.run([programs / "store_once", *arguments], check=True, capture_output=True, text=True).stdout
    return {name: float(value) for name, value in (line.split() for line in text.splitlines())}


def recordings():
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/long.procatlas"
        made = once("make", path, "1000000")
        opened = [once("open", path) for _ in range(3)]
        row("1,000,000 events opened", min(o["open_ms"] for o in opened), 500, "what is asked", "at most 500 ms", "ms")
        floor = min(once("floor", path)["floor_ms"] for _ in range(3))
        row("", min(o["open_ms"] for o in opened), floor, "SQLite alone steps through these rows", "", "ms")
        row("", opened[0]["open_peak_mib"], 250, "what is asked", "at most 250 MiB", "MiB")
        row("written, memory at the end", made["peak_mib"], made["file_mib"], "the file", "", "MiB")


def json():
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/run.procatlas"
        once("make", path, "100000")
        both("JSON of 100,000 events",
             in_turns({"ours": [own, "show", path, "--as", "json"],
                       "rival": ["sqlite3", "-json", path, "SELECT * FROM process; SELECT * FROM event; SELECT * FROM mapping"]}, 5),
             "sqlite3 -json of the same rows", "at most 1.5")


def bytes_an_event(seen):
    (first, first_count), (last, last_count) = seen[0], seen[-1]
    return (last - first) * 1024 / (last_count - first_count)


def held():
    """Memory of the client while short processes come and go, four events each."""
    processes = 10_000
    with tempfile.TemporaryDirectory() as folder:
        count = f"{folder}/count"
        open(count, "w").close()
        program = (f"i=0; while [ $i -lt {processes} ]; do /bin/true; i=$((i + 1)); "
                   f"[ $((i % {processes // 10})) = 0 ] && echo >>{count}; done; :")
        run = subprocess.Popen([own, "trace", "--grain", "lifecycle", "-o", f"{folder}/run.procatlas", "--", "sh", "-c", program],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        seen = []
        while run.poll() is None:
            with open(f"/proc/{run.pid}/status") as status:
                used = re.search(r"VmRSS:\s+(\d+)", status.read())
            tenths = os.path.getsize(count)
            if used and 2 <= tenths < 10 and (not seen or seen[-1][1] < tenths * processes // 10 * 4):
                seen.append((int(used.group(1)), tenths * processes // 10 * 4))
            time.sleep(0.005)
        size = os.path.getsize(f"{folder}/run.procatlas")
    row("held by the client an event", bytes_an_event(seen), size / processes / 4, "the file", "at most 1,024", "bytes")


def first_picture():
    size = 1280 * 800

    def picture(command, folder):
        """Until the middle of the window has a colour; the screen below is black."""
        with tempfile.TemporaryDirectory() as settings:
            environment = {**os.environ, "DISPLAY": ":94", "LIBGL_ALWAYS_SOFTWARE": "1", "XDG_CONFIG_HOME": settings}
            environment.pop("WAYLAND_DISPLAY", None)
            with open(f"{folder}/Xvfb_screen0", "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as screen:
                middle = len(screen) - size * 4 + size * 2
                begin = time.perf_counter()
                window = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                while not any(screen[middle:middle + 64]) and time.perf_counter() - begin < 20:
                    time.sleep(0.001)
                clock = (time.perf_counter() - begin) * 1000
                never = not any(screen[middle:middle + 64])
                window.terminate()
                _, _, used = os.wait4(window.pid, 0)
                window.returncode = 0
                if never:
                    raise RuntimeError(f"{command} draws nothing in 20 s")
                ended = time.perf_counter()
                while any(screen[middle:middle + 64]) and time.perf_counter() - ended < 20:
                    time.sleep(0.001)
                return (used.ru_utime + used.ru_stime) * 1000, clock

    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(["Xvfb", ":94", "-screen", "0", "1280x800x24", "-fbdir", folder, "-noreset"], stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 20
            while subprocess.run(["xdotool", "getdisplaygeometry"], env={**os.environ, "DISPLAY": ":94"}, capture_output=True).returncode != 0:
                if time.monotonic() > deadline:
                    raise RuntimeError("Xvfb does not answer")
                time.sleep(0.01)
            commands = {"ours": [own], "rival": [programs / "bare_window"]}
            times = {name: [] for name in commands}
            for _ in range(5):
                for name, command in commands.items():
                    times[name].append(picture(command, folder))
        finally:
            server.terminate()
            server.wait()
    costs = {name: tuple(min(of) for of in zip(*values)) for name, values in times.items()}
    both("start to first picture, software renderer", costs, "a bare window of one colour", "300 ms, 100 ours")


ROWS = {function.__name__: function
        for function in (lifecycle, memory, pages, grains, stacks, recordings, json, held, first_picture)}

if __name__ == "__main__":
    print(f"{'':42} {'ours':>10} {'beside':>10} {'':12} {'ratio':>7}   {'asked':18} beside")
    for name in sys.argv[2:] or ROWS:
        ROWS[name]()
