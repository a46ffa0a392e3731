"""Those who have a link: what each may do, what they see when they come late or come back, and what `serve` itself says: people_test.py
BUILD_FOLDER."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from serving import Connection, Follower, Serving, fail

build = sys.argv[1]


def expect(what, got, wanted):
    if got != wanted:
        fail(f"{what}: {got}, not {wanted}")


def drives():
    """A step, input, an example, what all are shown; who looks sees each."""
    with Serving(build, "--hold", "--example", "fork_exec") as server:
        look, drive = server.enter(server.look), server.enter(server.drive)
        follower = Follower(server.address, look)
        follower.wait_for(lambda: follower.state.get("held"), "the program is not held")
        for _ in range(3):
            before = follower.moments
            expect("a step", server.do(drive, do="step", pid=0), 204)
            follower.wait_for(lambda: follower.moments > before and follower.state["held"], "a step is not seen")
        expect("showing a moment", server.do(drive, do="show", moment=1), 204)
        follower.wait_for(lambda: follower.state["shown"] == 1, "what is shown is not told")
        expect("showing the last again", server.do(drive, do="show", moment=None), 204)
        expect("running", server.do(drive, do="run"), 204)
        follower.wait_for(lambda: not follower.state["live"], "the program does not end")
        expect("a step after the end", server.do(drive, do="step", pid=0), 409)
        late = Follower(server.address, server.enter(server.look))
        late.wait_for(lambda: late.moments == follower.moments, "who comes late does not get all")
        expect("the output of who comes late", late.output, follower.output)
        generation = follower.generation
        expect("an example", server.do(drive, do="example", name="hello"), 204)
        for one in (follower, late):
            one.wait_for(lambda: one.generation > generation and one.state["title"] == "hello" and one.state["held"],
                         "another program is not seen")
        expect("an old picture", server.ask(f"/scene?generation={generation}&moment=0&language=en", look)[0], 204)
        expect("ending it", server.do(drive, do="stop"), 204)
        follower.wait_for(lambda: not follower.state["live"], "the program is not ended")
        expect("once more", server.do(drive, do="again"), 204)
        follower.wait_for(lambda: follower.state["live"] and follower.state["held"], "it does not begin again")


def comes_back():
    """The page is loaded anew: the old stream ends, and the new one goes on where the page says."""
    with Serving(build, "--", "sh", "-c", "echo one; read line; echo two") as server:
        look, drive = server.enter(server.look), server.enter(server.drive)
        first = Follower(server.address, look)
        first.wait_for(lambda: any("one" in write[4] for write in first.output), "the output does not come")
        second = Follower(server.address, look, first.generation, first.moments)
        while first.take():
            pass
        expect("input", server.do(drive, do="type", text="go\n"), 204)
        second.wait_for(lambda: not second.state.get("live", True), "the stream does not go on")
        if second.missed or any("one" in write[4] for write in second.output) or not any("two" in write[4] for write in second.output):
            fail(f"the stream goes on elsewhere: {second.output}")
        expect("the people", second.state["people"], 1)


def languages():
    """A picture is the same for all who ask in one language, compressed or not."""
    with Serving(build, "--example", "hello") as server:
        look = server.enter(server.look)
        follower = Follower(server.address, look)
        follower.wait_for(lambda: follower.state and not follower.state["live"], "the program does not end")
        path = f"/scene?generation={follower.generation}&moment={follower.moments - 1}&language="
        with Connection(server.address) as connection:
            _, plain_head, plain = connection.ask(path + "en", look)
            _, head, packed = connection.ask(path + "en", look, headers={"Accept-Encoding": "gzip, br"})
            korean = connection.ask(path + "ko", look)[2]
        import gzip
        expect("a packed picture", gzip.decompress(packed), plain)
        expect("its coding", (head.get("Content-Encoding"), plain_head.get("Content-Encoding")), ("gzip", None))
        if json.loads(korean)["sentence"] == json.loads(plain)["sentence"]:
            fail("one language is another")


def says(folder):
    """Wrong words, a recording, commands where they are allowed, a browser that is opened without its link in anybody's sight."""
    procatlas = pathlib.Path(build) / "bin" / "procatlas"
    for words in (["serve"], ["serve", "--example", "nothing"], ["serve", "--example", "hello", "--", "id"]):
        expect(f"{words}", subprocess.run([procatlas, *words], capture_output=True).returncode, 2)
    for address in ("nowhere", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:99999", "256.0.0.1:0"):
        expect(f"listening on {address}", subprocess.run([procatlas, "serve", "--listen", address, "--example", "hello"],
                                                         capture_output=True).returncode, 2)
    for words, status in ((["--", "/nope"], 127), (["--", "nope"], 127), (["--hold", "--", "/nope"], 127), (["--", "/etc/passwd"], 126),
                          ([f"{folder}/nope.c"], 127), (["/etc/passwd"], 1), ([f"{folder}/nofile"], 1)):
        done = subprocess.run([procatlas, "serve", *words], capture_output=True, text=True, timeout=20)
        expect(f"the end of {words}", done.returncode, status)
        expect(f"the links to {words}", done.stdout, "")
        if not done.stderr.startswith("procatlas: ") or "ended" in done.stderr:
            fail(f"{words}: {done.stderr}")
    recording = f"{folder}/run.procatlas"
    subprocess.run([procatlas, "trace", "-o", recording, "--example", "hello"], check=True, stdout=subprocess.DEVNULL)
    with Serving(build, recording) as server:
        follower = Follower(server.address, server.enter(server.look))
        follower.wait_for(lambda: follower.moments > 5 and not follower.state["live"], "a recording is not shown")
    source = pathlib.Path(folder) / "mine.c"
    source.write_text("int main(void) {\n    int answer = 41;\n    answer++;\n    return answer - 42;\n}\n")
    with Serving(build, "--hold", str(source)) as server:
        look = server.enter(server.look)
        follower = Follower(server.address, look)
        follower.wait_for(lambda: follower.moments > 3 and follower.state["held"], "a person's own source is not held")
        expect("the title of a person's own source", follower.state["title"], "mine.c")

        def shows_main():
            path = f"/scene?generation={follower.generation}&moment={follower.moments - 1}&language=en"
            return "main()" in json.loads(server.ask(path, look)[2])["stage"][2]
        while not shows_main():
            before = follower.moments
            follower.wait_for(lambda: follower.moments > before, "it is not held at its own code")
    (pathlib.Path(folder) / "xdg-open").write_text(f'#!/bin/sh\ncat "$1" >{folder}/opened.part\nmv {folder}/opened.part {folder}/opened\necho "$@" >{folder}/words\n')
    os.chmod(f"{folder}/xdg-open", 0o755)
    environment = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"}
    with Serving(build, "--open", "--allow-commands", "--listen", "[::1]:0", "--example", "hello", environment=environment) as server:
        deadline = time.monotonic() + 20
        while not (pathlib.Path(folder) / "words").exists():
            if time.monotonic() > deadline:
                fail("no browser is opened")
            time.sleep(0.02)
        if server.drive not in pathlib.Path(f"{folder}/opened").read_text():
            fail("the browser is opened on something else")
        if server.drive[-32:] in pathlib.Path(f"{folder}/words").read_text():
            fail("the link is among the words of a program")
        server.address = (server.address[0].strip("[]"), server.address[1])
        with Connection(server.address) as connection:
            connection.host = f"[::1]:{server.address[1]}"
            entry = json.loads(connection.ask("/enter", body={"secret": server.drive[-32:]})[2])
            expect("a command where it is allowed", connection.ask("/do", entry["token"], {"do": "start", "command": ["true"]})[0], 204)
        expect("the end by Ctrl-C", server.end(signal.SIGINT), 0)


drives()
comes_back()
languages()
with tempfile.TemporaryDirectory() as scratch:
    says(scratch)
print("1 passed, 0 failed")
