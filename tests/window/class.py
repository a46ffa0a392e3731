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
follower.wait_for(lambda: follower.state["shown"] == follower.moments - 2, "the window goes back, and the class does not")
with Connection(address) as connection:
    status, _, scene = connection.ask(f"/scene?generation={follower.generation}&moment={follower.state['shown']}&language=en", token)
    if status != 200 or "main()" not in json.loads(scene)["sentence"] + json.loads(scene)["memory"][2] and json.loads(scene)["alive"] != 1:
        fail("the moment cannot be seen")
press("End")
follower.wait_for(lambda: follower.state["shown"] is None, "the window comes back, and the class does not")
