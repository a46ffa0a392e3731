# procatlas: what Python's multiprocessing does, for sitecustomize.py. Its own code is not told, but for two functions: the one that
# makes a process, and the one with which that process begins. Syntax of Python 3.8.
import os
import sys
from _io import BytesIO

import _procatlas_objects as objects

place_of_multiprocessing = os.path.dirname(os.__file__) + "/multiprocessing/"


beginning = []  # id of the process object before, while a process begins and is not yet the one that it will be


def current_process():
    module = sys.modules.get("multiprocessing.process")
    return module.__dict__.get("_current_process") if module is not None else None


def process_begins():
    # Its name is not asked of its frame: that would keep references to all that the frame has.
    beginning[:] = [id(current_process())]


def name_process(note):
    process = current_process()
    if process is None or id(process) == beginning[0]:
        return
    beginning.clear()
    fields = dict(objects.fields_of(process, type(process))[0])
    name = fields.get("_name")
    target = fields.get("_target")
    if type(target) is objects.method_type:
        target = target.__func__
    if type(target) is objects.function_type:
        what = objects.clean(target.__name__)
    else:
        what = objects.class_name(process if target is None else target)
    note(b"m", 0, (name if type(name) is str else "?") + " · " + what)


def start_of_child(note, frame, has_sent):
    method = frame.f_code.co_filename[len(place_of_multiprocessing):].split("_")[1]
    if method == "fork.py":
        if not has_sent:
            note(b"p", 0, "fork")
        return
    if has_sent:
        names = frame.f_locals
        sent = names.get("fp") if method == "spawn" else names.get("buf")
        pipe = names.get("parent_w") if method == "spawn" else names.get("w")
        if type(sent) is BytesIO and type(pipe) is int:
            note(b"p", sent.getbuffer().nbytes, method.replace(".py", "") + " %d" % pipe)


def makes_process(code):
    return code.co_name == "_launch" and code.co_filename.startswith(place_of_multiprocessing + "popen_")


def begins_process(code):
    return code.co_name == "_bootstrap" and code.co_filename == place_of_multiprocessing + "process.py"
