"""A class: load_test.py BUILD_FOLDER [CONNECTIONS SECONDS]. All follow a run of ten events a second over plain connections, one in five looks
at every picture, one never reads. Nobody misses an event, the program does not notice, memory is bounded, and who never read comes back
whole."""

import selectors
import socket
import sys
import time

from serving import Connection, Follower, Serving, fail, sanitized

build = sys.argv[1]
count, seconds = (int(word) for word in sys.argv[2:4]) if len(sys.argv) > 3 else (60, 5)

paced = f"""
import time
begin = time.monotonic()
for i in range({10 * seconds}):
    print(i, flush=True)
    due = begin + (i + 1) / 10
    time.sleep(max(due - time.monotonic(), 0))
work = time.monotonic()
for i in range(400):
    print("work", i, flush=True)
print("took", time.monotonic() - begin, time.monotonic() - work, flush=True)
"""
loud = "import sys\nfor i in range(40000): print('line', i, 'x' * 80)\nsys.stdin.readline()"


def took(follower):
    line = next(write[1] for write in follower.output if write[4].startswith("took"))
    text = "".join(write[4] for write in follower.output if write[1] == line)
    return [float(word) for word in text.split()[1:]]


def follow(followers, pictures, server):
    """Until the program of each follower has ended. Returns the resident bytes of the server while it was at it."""
    chooser = selectors.DefaultSelector()
    for follower in followers:
        chooser.register(follower.socket, selectors.EVENT_READ, follower)
    memory, shown = [], {}
    deadline = time.monotonic() + 3 * seconds + 30
    going = set(followers)
    while going:
        if time.monotonic() > deadline:
            fail(f"{len(going)} followers do not see the end")
        for key, _ in chooser.select(1):
            follower = key.data
            if not follower.take():
                fail("a follower was dropped")
            viewer = pictures.get(follower)
            if viewer and follower.moments and shown.get(follower) != follower.moments:
                shown[follower] = follower.moments
                viewer[0].ask(f"/scene?generation={follower.generation}&moment={follower.moments - 1}&language=en", viewer[1],
                              headers={"Accept-Encoding": "gzip"})
            if follower.state and not follower.state["live"] and any(write[4].startswith("took") for write in follower.output):
                going.discard(follower)
                chooser.unregister(follower.socket)
        memory.append(server.memory())
    return memory


def run(people):
    with Serving(build, "--", "/usr/bin/python3", "-c", paced) as server:
        tokens = [server.enter(server.look) for _ in range(people)]
        followers = [Follower(server.address, token) for token in tokens]
        pictures = {followers[i]: (Connection(server.address), tokens[i]) for i in range(0, people, 5)} if people > 1 else {}
        memory = follow(followers, pictures, server)
        for follower in followers:
            if follower.missed or follower.moments != followers[0].moments or follower.output != followers[0].output:
                fail("somebody has missed an event")
        if people > 1 and max(follower.state["people"] for follower in followers) != people:
            fail(f"{people} are here, {followers[0].state['people']} are counted")
        return took(followers[0]), memory


def never_reads():
    with Serving(build, "--", "/usr/bin/python3", "-c", loud) as server:
        token = server.enter(server.look)
        quiet = socket.socket()
        quiet.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        quiet.connect(server.address)
        quiet.sendall(f"GET /events?generation=0&from=0 HTTP/1.1\r\nHost: {server.page[7:-1]}\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        witness = Follower(server.address, server.enter(server.look))
        witness.wait_for(lambda: witness.moments > 100 and witness.state.get("people") == 2, "two are not counted")
        before = server.memory()
        witness.wait_for(lambda: witness.state["people"] == 1, "one who never reads is not dropped", 40)
        if server.memory() > before + (400e6 if sanitized(build) else 20e6):
            fail("one who never reads fills the memory")
        quiet.close()
        back = Follower(server.address, token)
        back.wait_for(lambda: back.moments >= witness.moments, "one who comes back does not get all")
        if back.missed or back.output[: len(witness.output)] != witness.output[: len(back.output)]:
            fail("one who comes back gets something else")


alone, _ = run(1)
together, memory = run(count)
print(f"alone {alone[0]:.2f} s and {alone[1] * 1000:.0f} ms for 400 lines; with {count}: {together[0]:.2f} s and {together[1] * 1000:.0f} ms; "
      f"memory {min(memory) / 1e6:.0f} to {max(memory) / 1e6:.0f} MB")
if together[0] > 1.05 * alone[0] + 0.5:
    fail("the class slows the program")
if max(memory) > min(memory) + (400e6 if sanitized(build) else 100e6):
    fail("the class fills the memory")
never_reads()
print("1 passed, 0 failed")
