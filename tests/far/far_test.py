"""procatlas --host, with an sshd of the test's own as the other machine: far_test.py BUILD [PART...]; CUTS=N: so many cuts, not 20"""

import json
import os
import pathlib
import pty
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import sshd

BUILD = pathlib.Path(sys.argv[1]).resolve()
PROCATLAS = str(BUILD / "bin/procatlas")
SAMPLES = BUILD / "bin/programs"
failures = []
started = []


def check(fine, what):
    if not fine:
        failures.append(what)
        print("FAILED:", what[:3000], flush=True)


def start(words, **more):
    """A Popen that does not outlive the test, also where it is stopped and a check or a deadline fails."""
    started.append(subprocess.Popen(words, **more))
    return started[-1]


def run(machine, *words, patience=60, **more):
    return subprocess.run([PROCATLAS, *words], capture_output=True, timeout=patience, env=machine.environment(**more.pop("env", {})),
                          stdin=more.pop("stdin", subprocess.DEVNULL) if "input" not in more else None, **more)


def trace(machine, *words, **more):
    return run(machine, "trace", "--host", "far", *words, **more)


def output_of(events):
    return "".join(e.get("text", "") for e in events if e["kind"] == "output").replace("\r\n", "\n")


def lines_of(done):
    return [json.loads(line) for line in done.stdout.splitlines()[1:]]


def output(machine, *words, **more):
    done = trace(machine, "--json-lines", *words, **more)
    check(done.returncode == 0, f"{words}: {done.returncode} {done.stderr.decode(errors='replace')}")
    return output_of(lines_of(done))


def marked(mark):
    """Processes that have the mark among their words."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if mark.encode() in words and b"far_test.py" not in words:
                found.append((int(entry.name), words.replace(b"\0", b" ")[:120]))
    return found


def wait_for(condition, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())


def same_recording(machine, folder):
    """Also at the grain of lines, where the reader there looks inside."""
    for grain, program in (("memory", [str(SAMPLES / "fork_exec")]), ("lifecycle", ["sh", "-c", "ls / | wc -l; exit 3"]),
                           ("lines", [str(SAMPLES / "fork_write")])):
        here, there = folder / f"here-{grain}.procatlas", folder / f"there-{grain}.procatlas"
        local = run(machine, "trace", "--grain", grain, "-o", str(here), "--", *program)
        far = trace(machine, "--grain", grain, "-o", str(there), "--", *program)
        check(local.returncode == far.returncode, f"{program} at {grain}: {local.returncode} here, {far.returncode} there: {far.stderr}")
        compared = run(machine, "compare", str(here), str(there), "--json")
        if compared.returncode != 0 or not compared.stdout:
            check(False, f"compare {grain}: {compared.stderr}")
            continue
        told = json.loads(compared.stdout)
        check(told["all"] in ("equal", "chance"), f"{program} at {grain} differs there: {json.dumps(told)}")
        if grain == "lines":
            shown = run(machine, "show", str(there), "--as", "text", "--view", "source", "--moment", "20")
            check(b"main" in shown.stdout or b"fork" in shown.stdout, f"no source from there: {shown.stdout[:500]} {shown.stderr}")


def surroundings(machine, folder):
    said = output(machine, "--", "sh", "-c", 'echo "$FAR_WORD|$PWD|$HERE_WORD|$TERM"; id -u', env={"HERE_WORD": "here", "TERM": "vt52"})
    home = str(machine.home) if machine.apart else os.path.expanduser("~")
    check(said == f"there|{home}||vt52\n{sshd.NOBODY if machine.apart else os.geteuid()}\n", f"the environment there: {said!r}")
    odd = ["a b", "it's", '"', "$(touch /tmp/never)", "`id`", "new\nline", "-n", "", "*", "\\", "a;b", "ü", b"\xff\xfe", "!x"]
    said = output(machine, "--", "python3", "-c", "import sys, os; print([os.fsencode(a).hex() for a in sys.argv[1:]])", *odd)
    wanted = [(a if isinstance(a, bytes) else a.encode()).hex() for a in odd]
    check(said == f"{wanted}\n", f"the words there: {said!r}")
    check(output(machine, "--", "cat", input=b"typed\nhere") == "typed\nhere", "standard input does not arrive")
    missing = trace(machine, "--", "no-such-program-xyz")
    check(missing.returncode == 127 and b"no-such-program-xyz" in missing.stderr, f"a missing program: {missing}")
    failing = trace(machine, "--", "sh", "-c", "kill -TERM $$")
    check(failing.returncode == 128 + 15, f"a signal there: {failing.returncode}")
    python = trace(machine, "--grain", "calls", "--json-lines", "--", "python3", "-c", "def f():\n  return 1\nf()")
    check(python.returncode == 0, f"python: {python.stderr}")


def refusals(machine, folder):
    def refused(words, said, env=None, status=125):
        done = run(machine, *words, env=env or {})
        text = done.stderr.decode(errors="replace") + done.stdout.decode(errors="replace")
        check(done.returncode == status and said in text, f"{words}: {done.returncode} {text}")

    def ssh_that(script):
        path = folder / "pretended-ssh"
        path.write_text("#!/bin/sh\n" + script)
        path.chmod(0o755)
        return {"PROCATLAS_SSH": str(path)}

    mark = folder / "touched"
    for name in (f"-oProxyCommand=touch {mark}", f"far;touch {mark}", f"$(touch {mark})", "a b", "x@-oX", "far\nx"):
        refused(["trace", f"--host={name}", "--", "true"], "is no [USER@]MACHINE", env=ssh_that(f"touch {mark}"))
    check(not mark.exists(), "the name of a machine was executed")
    refused(["trace", "--host", "far", "--host-procatlas", f"/no;touch {mark}", "--", "true"], "not installed on far")
    refused(["trace", "--host", "far", "--host-procatlas", "/no/such/procatlas", "--", "true"], "not installed on far")
    check(not mark.exists(), "the path of procatlas was executed")
    refused(["trace", "--host", "far", "--host-procatlas", "/bin/true", "--", "true"], "did not answer")
    refused(["trace", "--host", "no-such-user@far", "--", "true"], "Permission denied")
    refused(["trace", "--host", "far", "--", "true"], "cannot start", env={"PROCATLAS_SSH": "/no/such/ssh"})
    old = "echo noise before; echo procatlas-relay 2 12 1 0.0.9; exec cat"
    refused(["trace", "--host", "lab", "--", "true"], "on lab (0.0.9) speaks stream 12", env=ssh_that(old))
    new = "echo procatlas-relay 2 99 9 9.9; exec cat"
    refused(["trace", "--host", "lab", "--", "true"], "update procatlas on this machine", env=ssh_that(new))
    refused(["trace", "--host", "lab", "--", "true"], "64 KiB of other text", env=ssh_that("exec head -c 200000 /dev/zero"))
    refused(["trace", "--host", "lab", "--", "true"], "64 KiB of other text", env=ssh_that("exec yes"))
    refused(["trace", "--host", "lab", "--", "true"], "is damaged",
            env=ssh_that(f"printf '{hello()}\\n\\377\\377\\377\\377'; exec cat"))
    refused(["trace", "--host", "lab", "--", "true"], "too old", env=ssh_that("exit 2"))
    refused(["trace", "--host", "lab", "--", "true"], "ended with status 1", env=ssh_that("exit 1"))
    refused(["trace", "--host", "lab", "--", "true"], "did not answer: ssh ended with status 255",
            env=ssh_that("exit 255"))
    refused(["trace", "--host", "lab", "--", "true"], "there is no connection to lab",
            env=ssh_that("echo 'ssh: connect to host lab port 22: Connection refused' >&2; exit 255"))
    refused(["trace", "--host", "far", "--host-procatlas", "", "--", "true"], "is no path")
    refused(["trace", "--host", "far"], "needs a command behind --")
    refused(["attach", "--host", "far", "4000000"], "far: there is no process 4000000", status=1)
    refused(["trace", "--host", "far", "--example", "fork_exec"], "sample programs are on this machine")
    refused(["trace", "--host", "far", str(SAMPLES / "hello.c")], "cannot run on far")
    refused(["--host", "far", "explore", "--", "true"], "--host far goes with", status=2)
    known = machine.folder / "known_hosts"
    right = known.read_text()
    known.write_text(right.replace("AAAAC3NzaC1lZDI1NTE5AAAAI", "AAAAC3NzaC1lZDI1NTE5AAAAIA")[:len(right) - 1] + "\n")
    wrong = trace(machine, "--", "true")
    known.write_text(right)
    check(wrong.returncode == 125 and b"there is no connection to far" in wrong.stderr, f"another host key: {wrong.stderr}")


def before_the_greeting(machine, folder):
    """What a shell there prints first, and a far side that never greets."""
    banner = folder / "banner-ssh"
    banner.write_text(f'#!/bin/sh\nprintf "no newline> "\nexec {machine.ssh} "$@"\n')
    banner.chmod(0o755)
    said = run(machine, "trace", "--host", "far", "--json-lines", "--", "echo", "here", env={"PROCATLAS_SSH": str(banner)}, patience=30)
    check(said.returncode == 0 and "here" in output_of(lines_of(said)), f"a banner without an end: {said.stderr}")
    mute = folder / "mute-ssh"
    for script in ("exec sleep 500", "echo procatlas-relay 1; exec sleep 500", "echo procatlas-relay 1 x 3 4; exec sleep 500"):
        mute.write_text("#!/bin/sh\n" + script)
        mute.chmod(0o755)
        begun = time.monotonic()
        without = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}  # nobody can be asked
        done = subprocess.run([PROCATLAS, "trace", "--host", "lab", "--", "true"], capture_output=True, timeout=60,
                              stdin=subprocess.DEVNULL, env={**without, "PROCATLAS_SSH": str(mute)}, start_new_session=True)
        took = time.monotonic() - begun
        check(done.returncode == 125 and b"nothing on lab answered as procatlas does in 10 seconds" in done.stderr,
              f"{script}: {done.returncode} {done.stderr}")
        check(9 < took < 15, f"{script}: given up after {took:.1f} s")


def serving(machine, folder):
    """A connection that is lost is said by serve too, and *Restart* makes another one: it fails where there is none to be had."""
    mark = f"procatlas-far-{os.getpid()}-serving"
    gate = folder / "closed"
    ssh = folder / "gated-ssh"
    ssh.write_text(f"#!/bin/sh\n[ ! -e {gate} ] || {{ echo 'ssh: connect to host far port 22: Connection refused' >&2; exit 255; }}\n"
                   f"exec {machine.ssh} \"$@\"\n")
    ssh.chmod(0o755)
    serving = start([PROCATLAS, "serve", "--host", "far", "--", "sh", "-c", f"echo $PPID; sleep 600 # {mark}"],
                               env=machine.environment(PROCATLAS_SSH=str(ssh)),
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    drive = [serving.stdout.readline().decode().strip() for _ in range(2)][1]  # links: it runs

    def says(words):
        said = b""
        while words not in said:
            line = serving.stderr.readline()
            if not line:
                break
            said += line
        check(words in said, f"serve does not say {words}: {said}")

    def ask(path, token=None, **body):
        request = urllib.request.Request(drive.split("#")[0].rstrip("/") + path, data=json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read()

    def runs():
        return [p for p in marked(mark) if p[0] != serving.pid]

    def restart():
        """Refused while the run before is still ending: asked once more then, as a person would."""
        def taken():
            try:
                ask("/do", token, do="again")
                return True
            except urllib.error.HTTPError as error:
                check(error.code == 409, f"again: {error}")
                return False
        check(wait_for(taken, 10), "it cannot be restarted")

    token = json.loads(ask("/enter", secret=drive.split("=")[1]))["token"]
    for number in range(3):
        check(wait_for(runs, 20), f"it does not run after {number} restarts")
        os.kill(running_ssh(serving.pid), signal.SIGKILL)
        says(b"the connection to far was lost")
        check(wait_for(lambda: not runs(), 10), f"survivors: {marked(mark)}")
        if number == 1:
            gate.touch()
            restart()
            says(b"there is no connection to far")
            gate.unlink()
        restart()
    check(wait_for(runs, 20), "the last restart does not run")
    serving.send_signal(signal.SIGTERM)
    serving.communicate(timeout=60)
    check(serving.returncode == 0, f"serve ends with {serving.returncode}, though its last connection stood")
    check(wait_for(lambda: not runs(), 10), f"survivors: {marked(mark)}")


def by_tunnel(machine, folder):
    """README's line for macOS, Windows and tablets: `ssh -t -L`, but for its ports, which are of one machine here."""
    here, there = sshd.free_port(), sshd.free_port()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp("ssh", ["ssh", "-F", str(machine.folder / "ssh_config"), "-t", "-L", f"{here}:127.0.0.1:{there}", "far",
                          "procatlas", "serve", "--listen", f"127.0.0.1:{there}", "--hold", "--example", "fork_exec"])
    said = read_terminal(terminal, b"Class code")
    link = re.search(rb"http://127\.0\.0\.1:\d+/#drive=[0-9a-f]{32}", said)
    check(link, f"no link to drive: {said}")
    page = f"http://127.0.0.1:{here}"

    def ask(path, token=None, body=None):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(page + path, headers=headers, data=json.dumps(body).encode() if body is not None else None)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()

    check("live.js" in ask("/")[1], "the page does not come through the tunnel")
    token = json.loads(ask("/enter", body={"secret": link[0].decode()[-32:]})[1])["token"]
    check(wait_for(lambda: ask("/scene?generation=1&moment=0&language=en", token)[0] == 200, 10), "the run cannot be seen")
    check(ask("/do", token, {"do": "example", "name": "hello"})[0] == 204, "the run cannot be driven")
    served = [p for p in machine.sessions() if name_of(p).startswith("procatlas")]
    check(served, "nothing runs there")
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(terminal)
    check(wait_for(lambda: not [p for p in machine.sessions() if p in served], 10), f"survivors there: {[name_of(p) for p in served]}")


def hello():
    done = subprocess.run([PROCATLAS, "relay"], stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
    return done.stdout.split(b"\n")[0].decode()


def is_whole(machine, file, folder):
    """The recording can be read, and is one closed file."""
    beside = [p.name for p in file.parent.iterdir() if p.name.startswith(file.name) and p != file]
    check(not beside, f"files beside the recording: {beside}")
    shown = run(machine, "show", str(file), "--as", "json")
    check(shown.returncode == 0, f"not whole: {shown.stderr}")
    return json.loads(shown.stdout)["events"] if shown.returncode == 0 else []


# Forks, writes and execs without end.
BUSY = "while :; do (echo child; /bin/true {mark}); sleep 0.01; done"


def cuts(machine, folder):
    """Who is killed in turn: ssh here, the session's sshd, the relay, the observer."""
    chance = random.Random(17)
    kinds = {}
    for number in range(int(os.environ.get("CUTS", "20"))):
        victim = ("ssh", "sshd", "procatlas-relay", "procatlas-observer")[number % 4]
        mark = f"procatlas-far-{os.getpid()}-{number}"
        file = folder / f"cut-{number}.procatlas"
        running = start([PROCATLAS, "trace", "--host", "far", "--json-lines", "-o", str(file), "--", "sh", "-c",
                                    BUSY.format(mark=mark)], env=machine.environment(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        # The first line of an event: it runs.
        running.stdout.readline()
        running.stdout.readline()
        time.sleep(chance.uniform(0, 0.4))
        begun = time.monotonic()
        victims = [running_ssh(running.pid)] if victim == "ssh" else [p for p in machine.sessions() if name_of(p) == victim]
        if victim == "sshd":  # the innermost serves the session
            victims = [max(victims)]
        check(len(victims) >= 1, f"nobody to kill: {victim}")
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        try:
            out, errors = running.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            running.kill()
            out, errors = running.communicate()
            check(False, f"{victim} killed: procatlas goes on")
        kinds.setdefault(victim, []).append(time.monotonic() - begun)
        check(time.monotonic() - begun < 4, f"{victim} killed: the end took {time.monotonic() - begun:.1f} s")
        check(running.returncode == 125, f"{victim} killed: status {running.returncode}: {errors.decode(errors='replace')}")
        check(wait_for(lambda: not marked(mark), 5), f"{victim} killed, survivors: {marked(mark)}")
        check(wait_for(lambda: not [p for p in machine.sessions() if name_of(p).startswith("procatlas")], 5),
              f"{victim} killed: programs of ours survive there")
        events = is_whole(machine, file, folder)
        gaps = [e for e in events if e["kind"] == "gap"]
        wanted = "signal 9 ended it" if victim == "procatlas-observer" else "the connection to far was lost"
        check(gaps and wanted in json.dumps(gaps[-1]), f"{victim} killed, the last gaps: {gaps[-2:]}")
    print("seconds from the cut to our end:", {k: f"{max(v):.2f}" for k, v in kinds.items()}, flush=True)


def name_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()[:15].replace("procatlas-obser", "procatlas-observer")
    except OSError:
        return ""


def ssh_of(parent):
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            if stat.rsplit(")", 1)[1].split()[1] == str(parent) and "(ssh)" in stat:
                return int(entry.name)
    return 0


def running_ssh(parent):
    """Just after its start it is still called as its parent is."""
    check(wait_for(lambda: ssh_of(parent) != 0, 20), "there is no ssh")
    return ssh_of(parent)


def asks(machine, folder):
    """ssh asks for a password on the terminal, where it can, and Ctrl-C there ends all."""
    asking = folder / "asking-ssh"
    asking.write_text('#!/bin/sh\nexec 2>/dev/null\nstty -echo </dev/tty\nprintf "password: " >/dev/tty\nread -r word </dev/tty\n'
                      'stty echo </dev/tty\n[ "$word" = secret ] || exit 255\n'
                      f'exec {machine.ssh} "$@"\n')
    asking.chmod(0o755)
    for number, (typed, status) in enumerate(((b"secret\n", 7), (b"wrong\n", 125), (b"\x03", -signal.SIGINT))):
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(PROCATLAS, [PROCATLAS, "trace", "--host", "far", "--", "sh", "-c", "read x; echo got $x; exit 7"],
                      {**os.environ, "PROCATLAS_SSH": str(asking)})
        said = read_terminal(terminal, b"password: ")
        check(b"password: " in said, f"no question: {said}")
        os.write(terminal, typed)
        if number == 0:
            os.write(terminal, b"a line\n")
        said = read_terminal(terminal, None)
        _, ended = os.waitpid(pid, 0)
        os.close(terminal)
        check(os.waitstatus_to_exitcode(ended) == status, f"{typed}: {os.waitstatus_to_exitcode(ended)} {said}")
        check(b"secret" not in said and (number != 0 or b"got a line" in said), f"{typed}: {said}")
        check(wait_for(lambda: not marked(str(asking)), 3), f"{typed}, survivors: {marked(str(asking))}")


def read_terminal(terminal, until):
    said = b""
    while until is None or until not in said:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        said += piece
    return said


def silence(machine, folder):
    """The network goes without a word: ssh stands still. And whoever watches stands still: the other side ends by itself. And the
    relay there stands still: its guard ends it."""
    halted_mark = f"procatlas-far-{os.getpid()}-halted"
    halted = start([PROCATLAS, "trace", "--host", "far", "--", "sh", "-c", BUSY.format(mark=halted_mark)],
                              env=machine.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    check(wait_for(lambda: [p for p in marked(halted_mark) if p[0] != halted.pid], 20), "it does not run")
    relays = [p for p in machine.sessions() if name_of(p) == "procatlas-relay"]
    for pid in relays:
        os.kill(pid, signal.SIGSTOP)
    halted_at = time.monotonic()
    still_mark = f"procatlas-far-{os.getpid()}-still"
    still = start([PROCATLAS, "trace", "--host", "far", "--", "sh", "-c", BUSY.format(mark=still_mark)],
                             env=machine.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE)
    check(wait_for(lambda: [p for p in marked(still_mark) if p[0] != still.pid], 20), "it does not run")
    still.send_signal(signal.SIGSTOP)
    stood = time.monotonic()
    mark = f"procatlas-far-{os.getpid()}-silent"
    file = folder / "silent.procatlas"
    running = start([PROCATLAS, "trace", "--host", "far", "--json-lines", "-o", str(file), "--", "sh", "-c",
                                BUSY.format(mark=mark)], env=machine.environment(), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    running.stdout.readline()
    running.stdout.readline()
    ssh = running_ssh(running.pid)
    os.kill(ssh, signal.SIGSTOP)
    begun = time.monotonic()
    out, errors = running.communicate(timeout=60)
    print(f"silence noticed here after {time.monotonic() - begun:.1f} s", flush=True)
    check(running.returncode == 125, f"silence: {running.returncode}")
    check(b"has not answered" in errors or b"did not answer" in errors, f"silence: {errors}")
    check(wait_for(lambda: not marked(mark), 30), f"silence, survivors: {marked(mark)}")
    is_whole(machine, file, folder)
    check(wait_for(lambda: not [p for p in marked(still_mark) if p[0] != still.pid], 30), "it goes on for one who stands still")
    check(relays and wait_for(lambda: not [p for p in machine.sessions() if p in relays], 30), "a relay that stands still stays")
    check(wait_for(lambda: not [p for p in marked(halted_mark) if p[0] != halted.pid], 5), f"survivors of it: {marked(halted_mark)}")
    print(f"what a relay that stands still had started was gone after {time.monotonic() - halted_at:.1f} s", flush=True)
    _, errors = halted.communicate(timeout=60)
    check(halted.returncode == 125 and b"lost" in errors, f"a relay that stands still: {halted.returncode} {errors}")
    print(f"one who stands still was left after {time.monotonic() - stood:.1f} s", flush=True)
    still.send_signal(signal.SIGCONT)
    _, errors = still.communicate(timeout=60)
    check(still.returncode == 125 and b"lost" in errors, f"after standing still: {still.returncode} {errors}")


def endings(machine, folder):
    """Ctrl-C is the program's; SIGTERM, and a second Ctrl-C, end all."""
    for number, (signals, status) in enumerate((([signal.SIGTERM], 128 + 15), ([signal.SIGINT, signal.SIGINT], 128 + 2))):
        mark = f"procatlas-far-{os.getpid()}-ending-{number}"
        file = folder / f"ending-{number}.procatlas"
        script = "trap 'echo caught' INT; " + BUSY.format(mark=mark)
        running = start([PROCATLAS, "trace", "--host", "far", "--json-lines", "-o", str(file), "--", "sh", "-c", script],
                                   env=machine.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, start_new_session=True)
        running.stdout.readline()
        for _ in range(20):
            running.stdout.readline()
        for one in signals:
            os.killpg(running.pid, one)  # as the terminal does: ssh gets it too
            time.sleep(0.3)
        out, errors = running.communicate(timeout=60)
        check(running.returncode == status, f"{signals}: {running.returncode} {errors.decode(errors='replace')}")
        if len(signals) == 2:
            check(b"caught" in out, "the first Ctrl-C does not reach the program there")
        check(wait_for(lambda: not marked(mark), 3), f"{signals}, survivors: {marked(mark)}")
        is_whole(machine, file, folder)


def running_already(machine, folder):
    program = start(["ssh", "-F", str(machine.folder / "ssh_config"), "far", "echo $$; exec sleep 600"],
                               stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    pid = int(program.stdout.readline())
    watching = start([PROCATLAS, "watch", "--host", "far", "--json-lines", str(pid)], env=machine.environment(),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    watching.stdout.readline()
    kinds = [json.loads(watching.stdout.readline())["kind"] for _ in range(2)]  # the first says what is not seen
    check("found" in kinds, f"watch --host finds nothing: {kinds}")
    watching.send_signal(signal.SIGINT)
    watching.communicate(timeout=60)
    check(watching.returncode == 0, f"watch --host ends with {watching.returncode}")
    attached = start([PROCATLAS, "attach", "--host", "far", "--json-lines", str(pid)], env=machine.environment(),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    attached.stdout.readline()
    first = attached.stdout.readline()
    if first:
        check(json.loads(first)["kind"] in ("found", "note"), f"attach --host: {first}")
    attached.send_signal(signal.SIGINT)
    _, errors = attached.communicate(timeout=60)
    check(pathlib.Path(f"/proc/{pid}").exists(), f"attach --host ended the process: {errors}")
    program.kill()
    program.wait()
    os.kill(pid, signal.SIGKILL) if pathlib.Path(f"/proc/{pid}").exists() else None


PARTS = {part.__name__: part for part in (same_recording, surroundings, refusals, before_the_greeting, serving, by_tunnel, cuts, endings, asks,
                                             running_already, silence)}


def main():
    if why := sshd.why_none():
        print(f"not tested: {why}")
        return 77
    wanted = sys.argv[2:] or list(PARTS)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="procatlas-far-test-"))
    try:
        with sshd.Machine(f"{BUILD}/bin:/usr/local/bin:/usr/bin:/bin") as machine:
            if machine.apart and not sshd.others_may_run(PROCATLAS):
                print("not tested: the build folder is closed to other users")
                return 77
            print(f"another machine: {machine.user}@127.0.0.1:{machine.port}", flush=True)
            for name in wanted:
                begun = time.monotonic()
                PARTS[name](machine, folder)
                print(f"{name}: {time.monotonic() - begun:.1f} s", flush=True)
    finally:
        for process in started:
            if process.poll() is None:
                process.kill()
                process.wait()
        for pid, _ in marked(str(machine.folder)):  # an ssh that stands still
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if failures else 0


sys.exit(main())
