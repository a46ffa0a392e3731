"""Drags a file onto a window as a file manager does (the XDND protocol, version 5): drop_file.py WINDOW X Y FILE"""
import pathlib
import sys
import time

from Xlib import X, Xatom, display
from Xlib.protocol import event

target_id, x, y, file = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), pathlib.Path(sys.argv[4]).resolve()
d = display.Display()
atom = d.intern_atom
target = d.create_resource_object("window", target_id)
source = d.screen().root.create_window(0, 0, 1, 1, 0, d.screen().root_depth)
uris, selection, copy = atom("text/uri-list"), atom("XdndSelection"), atom("XdndActionCopy")
source.set_selection_owner(selection, X.CurrentTime)


def send(kind, *data):
    message = event.ClientMessage(window=target, client_type=atom(kind), data=(32, (source.id, *data, *[0] * (4 - len(data)))))
    target.send_event(message)
    d.flush()


def answer(request):
    target_property = request.property or request.target
    request.requestor.change_property(target_property, request.target, 8, (file.as_uri() + "\r\n").encode())
    request.requestor.send_event(event.SelectionNotify(
        time=request.time, requestor=request.requestor, selection=request.selection, target=request.target,
        property=target_property))
    d.flush()


def wait_for(kind):
    deadline = time.monotonic() + 60  # the window may still be starting
    while time.monotonic() < deadline:
        if d.pending_events() == 0:
            time.sleep(0.01)
            continue
        got = d.next_event()
        if got.type == X.SelectionRequest:
            answer(got)
        elif got.type == X.ClientMessage and got.client_type == atom(kind):
            return got
    sys.exit(f"the window did not say {kind}")


send("XdndEnter", 5 << 24, uris)
send("XdndPosition", 0, x << 16 | y, X.CurrentTime, copy)
if not wait_for("XdndStatus").data[1][1] & 1:
    sys.exit("the window does not take it")
send("XdndDrop", 0, X.CurrentTime)
wait_for("XdndFinished")
