# What a trace function says of a program, without procatlas: a file for each thread of each process, with a line for each event:
# the names of the innermost frame, and for two names of one object the same number.
# usage: python_oracle.py PROGRAM FOLDER
import dis
import inspect
import os
import sys
import threading
import types

program, folder = sys.argv[1:]
files = {}  # by process and thread


def write(line):
    where = (os.getpid(), threading.get_native_id())
    if where not in files:
        files[where] = os.open(os.path.join(folder, "%d.%d" % where), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(files[where], (line + "\n").encode())


PLAIN = (int, str, list, tuple, dict, float, bool, type(None))


def inner(value):
    """As procatlas writes what another object holds: nothing of the program is called."""
    kind = type(value)
    if kind is list:
        return "[" + ", ".join(map(inner, value)) + "]"
    if kind is tuple:
        return "(" + ", ".join(map(inner, value)) + ("," if len(value) == 1 else "") + ")"
    if kind is dict:
        return "{" + ", ".join(inner(key) + ": " + inner(held) for key, held in value.items()) + "}"
    if kind.__name__ == "function":
        return "function " + value.__name__ + "()"
    return repr(value) if kind in PLAIN else "<" + kind.__name__ + ">"


def text(value):
    return inner(value) if type(value) in PLAIN else type(value).__name__


PAUSING = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
paused = set()
last = {}  # the event before, of each frame


def kind_of(frame, event):
    if event == "call" and frame in paused:
        return "resume"
    left_by_exception = event == "return" and last.get(frame) == "exception"
    last[frame] = event
    if event == "return" and frame.f_code.co_flags & PAUSING and not left_by_exception:
        at = [one.opname for one in dis.get_instructions(frame.f_code) if one.offset == frame.f_lasti]
        if at[0] in ("YIELD_VALUE", "YIELD_FROM"):
            paused.add(frame)
            return "suspend"
    return event


def name_of(code):
    if code.co_name != "<module>" and not code.co_flags & inspect.CO_NEWLOCALS:
        return "<class " + code.co_qualname + ">"
    return code.co_qualname.split("<locals>.")[-1]


def tell(frame, event, argument):
    if frame.f_code.co_filename != program:
        return None
    if event == "exception" and argument[2] is None:
        return tell
    event = kind_of(frame, event)
    names = {} if frame.f_code.co_name == "<module>" else dict(frame.f_locals)
    numbers = {}
    told = []
    for name in sorted(names):
        if name.startswith("__") and not callable(names[name]):
            continue
        number = numbers.setdefault(id(names[name]), len(numbers))
        told.append(name + "=" + text(names[name]) + "#" + str(number))
    gives = event == "return" or event == "suspend" and frame.f_code.co_flags & inspect.CO_GENERATOR
    end = " -> " + inner(argument) if gives and argument is not None else ""
    write(event + " " + name_of(frame.f_code) + ":" + str(frame.f_lineno or frame.f_code.co_firstlineno) + " " + ",".join(told) + end)
    return tell


with open(program) as file:
    code = compile(file.read(), program, "exec")
sys.argv = [program]
own = sys.modules["__main__"]  # kept, with what this file has made
main = sys.modules["__main__"] = types.ModuleType("__main__")  # a spawned interpreter looks for the program there
main.__file__ = program
threading.settrace(tell)
sys.settrace(tell)
try:
    exec(code, main.__dict__)
except BaseException:
    pass
sys.settrace(None)
