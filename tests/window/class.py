"""Who has the link to a window's run: class.py LINK WINDOW. The keys of the window are pressed from here."""

import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "serve"))
from serving import Connection, Follower, fail  # noqa: E402

link, window = sys.argv[1:]
address = link.split("/")[2].split(":")
address = (address[0], int(address[1]))


def press(key):
    subprocess.run(["xdotool", "key", "--window", window, key], check=True)


with Connection(address) as connection:
    token = json.loads(connection.ask("/enter", body={"secret": link.split("=")[1]})[2])["token"]
follower = Follower(address, token)
follower.wait_for(lambda: follower.state.get("held"), "the held process is not told")
if follower.state["people"] != 1 or follower.state["title"] != "fork_exec":
    fail(f"the state is {follower.state}")
for _ in range(3):
    before = follower.moments
    press("n")
    follower.wait_for(lambda: follower.moments > before and follower.state["held"], "a step of the window is not seen")
press("Left")
follower.wait_for(lambda: follower.state["shown"] is not None, "the window goes back, and the class does not")
shown = follower.state["shown"]
if shown > follower.moments - 2:
    fail(f"the window goes back to {shown} of {follower.moments}")
with Connection(address) as connection:
    status, _, scene = connection.ask(f"/scene?generation={follower.generation}&moment={shown}&language=en", token)
    if status != 200:
        fail(f"the moment cannot be seen: {status}")
    scene = json.loads(scene)
    if scene["moment"] != shown or not scene["sentence"] or not scene["stage"]:
        fail(f"another moment than {shown} is seen: {str(scene)[:400]}")
press("End")
follower.wait_for(lambda: follower.state["shown"] is None, "the window comes back, and the class does not")
