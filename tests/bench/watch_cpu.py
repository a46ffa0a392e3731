"""What `procatlas watch` costs where nothing happens, beside a bare loop that reads a file of each: python3 watch_cpu.py FOLDER, of the
programs of a build. 200 idle processes, ten looks a second; CPU as the kernel counts it for the scheduler, in percent of one processor."""

import pathlib
import signal
import subprocess
import sys
import time

programs = pathlib.Path(sys.argv[1])
SECONDS = 10
IDLE = 200


def used_ns(pid):
    return int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[0])


def children(pid):
    return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


family = subprocess.Popen(["sh", "-c", f"i=0; while [ $i -lt {IDLE} ]; do sleep 1000 & i=$((i + 1)); done; echo ready; wait"],
                          stdout=subprocess.PIPE, start_new_session=True)
try:
    family.stdout.readline()
    bare = subprocess.Popen([programs / "bare_watch", str(10 * (SECONDS + 5))], stdin=subprocess.PIPE, text=True)
    bare.stdin.write("\n".join(map(str, [family.pid, *children(family.pid)])))
    bare.stdin.close()
    watch = subprocess.Popen([programs / "procatlas", "watch", str(family.pid), "--json-lines"], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    time.sleep(2)
    helpers = children(watch.pid)
    parts = {"bare loop": bare.pid, "procatlas": watch.pid}
    parts |= {pathlib.Path(f"/proc/{pid}/comm").read_text().strip(): pid for pid in helpers}
    before = {name: used_ns(pid) for name, pid in parts.items()}
    begin = time.monotonic()
    time.sleep(SECONDS)
    clock = time.monotonic() - begin
    percents = {name: (used_ns(pid) - before[name]) / 1e7 / clock for name, pid in parts.items()}
    for name, used in percents.items():
        print(f"{name:<20} {used:.2f} %")
    print(f"{'procatlas watch':<20} {sum(percents.values()) - percents['bare loop']:.2f} % in all")
    watch.send_signal(signal.SIGINT)
    watch.wait()
    bare.kill()
    bare.wait()
finally:
    for pid in [*children(family.pid), family.pid]:
        subprocess.run(["kill", str(pid)], check=False)
    family.wait()
