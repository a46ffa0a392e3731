# What a trace function says of a program, without procatlas: a line for each event, with the names of the innermost frame, and
# for two names of one object the same number. usage: python_oracle.py PROGRAM OUT
import sys

program, out = sys.argv[1:]
lines = []


def text(value):
    return repr(value) if type(value) in (int, str, list, tuple, dict, float, bool, type(None)) else type(value).__name__


def tell(frame, event, argument):
    if frame.f_code.co_filename != program:
        return None
    if event == "exception" and argument[2] is None:
        return tell
    names = {} if frame.f_code.co_name == "<module>" else dict(frame.f_locals)
    numbers = {}
    told = []
    for name in sorted(names):
        if name.startswith("__") and not callable(names[name]):
            continue
        number = numbers.setdefault(id(names[name]), len(numbers))
        told.append(name + "=" + text(names[name]) + "#" + str(number))
    end = " -> " + text(argument) if event == "return" and argument is not None else ""
    lines.append(event + " " + frame.f_code.co_name + ":" + str(frame.f_lineno) + " " + ",".join(told) + end)
    return tell


with open(program) as file:
    code = compile(file.read(), program, "exec")
sys.argv = [program]
sys.settrace(tell)
try:
    exec(code, {"__name__": "__main__"})
except BaseException:
    pass
sys.settrace(None)
with open(out, "w") as file:
    file.write("".join(line + "\n" for line in lines))
