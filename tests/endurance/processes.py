"""Processes of one run, known by a word in their environment."""
import os
import time


def marked(mark):
    """PID and name of each living process with the mark; zombies are not living."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if mark.encode() not in file.read():
                    continue
            with open(f"/proc/{pid}/comm") as file:
                found[int(pid)] = file.read().strip()
        except OSError:
            continue
    return found


def named(mark, name):
    return [pid for pid, comm in marked(mark).items() if comm.startswith(name)]


def wait_until(condition, seconds):
    """What the condition gives as soon as it is true; its last answer after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()) and time.monotonic() < deadline:
        time.sleep(0.005)
    return answer
