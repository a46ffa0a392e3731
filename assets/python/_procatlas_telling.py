# procatlas: what is told of a moment, and how, for sitecustomize.py. Syntax of Python 3.8.
#
# Each event is one write to a descriptor that cannot exist. The observer reads the message while the call is stopped, and the
# call fails: with EBADF, or with another error where a person has chosen another grain meanwhile (core/observe/linux/trace/
# program_messages.h). core/live/python_message.h describes the message.
import builtins
import marshal
import posix
import sys

import _procatlas_children as children
import _procatlas_faults as faults
import _procatlas_objects as objects
import _procatlas_own_code as own_code

__builtins__ = dict(builtins.__dict__)  # for the functions below: the program may change its own ones

most_inner = 40
most_outer = 10
most_message = 65536
nowhere = 1 << 28
version = sys.hexversion
if not getattr(sys, "_is_gil_enabled", lambda: True)():
    version = -version  # reference counts are kept in another way


write = posix.write
marshal_dumps = marshal.dumps
getrefcount = sys.getrefcount
get_limit = sys.getrecursionlimit
clean, class_name, describe, size_of = objects.clean, objects.class_name, objects.describe, objects.size_of
exception_arguments, function_type, order_of_type = objects.exception_arguments, objects.function_type, objects.order_of_type
is_fault_of_ours, ids_of_our_globals = faults.is_fault_of_ours, faults.ids_of_our_globals
owns, told_file, is_of_library = own_code.owns, own_code.told_file, own_code.is_of_library

lines_told = False  # or calls alone
change_grain = None  # of who listens: called with the frame where lines_told has changed
stop_telling = None
go_on_telling = None
depth = 0  # of the stack that was looked at last


def described(x):
    try:
        return describe(x)
    except RuntimeError as error:
        if not is_fault_of_ours(error):
            raise
        return None, "it changed while it was read", (), 0  # by another thread
    except Exception as error:
        if not is_fault_of_ours(error):
            raise
        return None, "it is laid out in a way that is not understood", (), 0


has_hidden_names = sys.version_info >= (3, 12)
keeps_locals = sys.version_info < (3, 13)  # a frame keeps the dictionary that f_locals made, and so one more reference
refills_locals = sys.version_info < (3, 12)


def type_of_locals():
    return type(sys._getframe().f_locals)


proxy_type = type_of_locals()  # a dictionary up to 3.12


def locals_of(frame, code, made):
    names = frame.f_locals
    if code.co_flags & 1:  # CO_OPTIMIZED: a function
        if keeps_locals:
            made.append((names, code))
        return dict(names)
    if type(names) is dict:
        return names
    if type(names) is proxy_type:  # from 3.13 on of a module too, while a comprehension runs
        return dict(names)
    # The body of an Enum and its like has a dictionary with methods of its own: they are not asked.
    return dict(list(dict.items(names))) if any([base is dict for base in order_of_type(type(names))]) else None


def usual_count():
    made = [(sys._getframe().f_locals, None)]
    for names, _ in made:
        return getrefcount(names)


usual = usual_count()


def stack_of(frame):
    # (frames from the innermost outwards, how many are left out, after which)
    global depth
    frames = []
    while frame is not None:
        if id(frame.f_globals) not in ids_of_our_globals:
            frames.append(frame)
        frame = frame.f_back
    depth = len(frames)
    while frames and not owns(frames[-1].f_code.co_filename):
        frames.pop()  # what began the script: runpy, the import system, threading
    if len(frames) <= most_inner + most_outer:
        return frames, 0, 0
    left = len(frames) - most_inner - most_outer
    return frames[:most_inner] + frames[-most_outer:], left, most_inner


def name_of(code):
    # A method has its class before it; where names were nested in functions, the innermost part tells enough.
    name = clean(getattr(code, "co_qualname", code.co_name)).rpartition("<locals>.")[2]
    if code.co_flags & 3 or code.co_name == "<module>":  # CO_OPTIMIZED, CO_NEWLOCALS: a function
        return name
    return "<class " + name + ">"


class Objects:
    # Those that a message tells, each once, in the order in which they were met.
    def __init__(self, most):
        self.most = most
        self.seen = {}
        self.queue = []

    def number(self, x):
        known = self.seen.get(id(x))
        if known is None:
            if len(self.queue) >= self.most:
                return -1
            known = self.seen[id(x)] = len(self.queue)
            self.queue.append(x)
        return known

    def told(self):
        told = []
        at = level = 0
        level_end = len(self.queue)
        while at < len(self.queue):
            if at == level_end:
                level += 1
                level_end = len(self.queue)
            x = self.queue[at]
            at += 1
            value, why, leads, count = described(x)
            if level < 3:
                for other in leads:
                    self.number(other)
            told.append((class_name(x), id(type(x)), value, why, size_of(x), tuple([id(y) for y in leads]), count))
        return tuple(told)

    def ids(self):
        return b"".join([id(x).to_bytes(8, "little") for x in self.queue])


def told_names(frame, code, number, most_values, made):
    # (name, number of its object, whether it is a parameter)
    parameters = code.co_argcount + code.co_kwonlyargcount
    parameters += 1 if code.co_flags & 4 else 0  # CO_VARARGS
    parameters += 1 if code.co_flags & 8 else 0  # CO_VARKEYWORDS
    first = code.co_varnames[:parameters]
    values = locals_of(frame, code, made)
    if values is None:
        return (("… they are kept by an object of the program", -1, 0),)
    if has_hidden_names and code.co_name == "<module>":
        # While a comprehension runs, its names stand among those of the module.
        values = {name: value for name, value in values.items() if frame.f_globals.get(name, frame) is not value}
    told = [(clean(name), number(values[name]), 1) for name in first if name in values]
    left_out = 0
    for name, value in values.items():
        if type(name) is not str or name in first or hidden(name) and type(value) is not function_type:
            continue
        if len(told) < most_values:
            told.append((clean(name), number(value), 0))
        else:
            left_out += 1
    if left_out:
        told.append(("… %d" % left_out, -1, 0))
    return tuple(told)


def told_frame(frame, number, most_values, made):
    code = frame.f_code
    line = frame.f_lineno or code.co_firstlineno  # before its first line a module has none
    if not owns(code.co_filename):
        return name_of(code), code.co_filename, line, 0, ()
    author = 2 if own_code.with_libraries and is_of_library(code.co_filename) else 1
    has_names = code.co_flags & 1 or frame.f_locals is not frame.f_globals
    names = told_names(frame, code, number, most_values, made) if has_names else ()
    return name_of(code), told_file(code.co_filename), line, author, names


def modules_of(frames):
    modules = []
    for frame in frames:
        if len(modules) < 4 and owns(frame.f_code.co_filename) and all([known is not frame.f_globals for known in modules]):
            modules.append(frame.f_globals)
    return modules


def told_globals(modules, number, most_values):
    told = []
    for namespace in modules:
        # What exec() ran may have a dictionary with methods of its own, and looking for a key may ask the program's __eq__.
        names = [(name, value) for name, value in list(dict.items(namespace)) if type(name) is str]
        module = next((value for name, value in names if name == "__name__"), None)
        prefix = "" if type(module) is not str or module in ("__main__", "__mp_main__") else clean(module) + "."
        left_out = 0
        for name, value in names:
            if hidden(name):
                continue
            if len(told) < most_values:
                told.append((prefix + clean(name), number(value)))
            else:
                left_out += 1
        if left_out:
            told.append((prefix + "… %d" % left_out, -1))
    return tuple(told)


def build(kind, frame, result, most_objects, most_values, made):
    objects_told = Objects(most_objects)
    number = objects_told.number
    frames, left, after = stack_of(frame)
    told_frames = tuple([told_frame(one, number, most_values, made) for one in frames])
    names = told_globals(modules_of(frames), number, most_values)
    told_objects = objects_told.told()
    head = b"procatlas1" + kind + len(told_objects).to_bytes(2, "little") + objects_told.ids()
    return head + marshal_dumps((version, told_frames, left, after, names, told_objects, result), 2)


def hidden(name):
    return name.startswith("__") and name.endswith("__") or name.startswith(".")


def message_of(kind, frame, result, made):
    for most_objects, most_values in ((240, 100), (80, 40), (16, 8)):
        made.clear()
        message = build(kind, frame, result, most_objects, most_values, made)
        if len(message) <= most_message:
            return message
    return head_of_cut + kind + b"\0\0"


head_of_cut = b"procatlas1"
rested = False


class Rest:
    # Near the recursion limit there is no room for this hook: it would fail in the program's place. So it rests until the
    # frame that holds this object is gone.
    def __del__(self):
        go_on_telling()


def rest_below(frame):
    global rested
    # Up to 3.9 a frame with a trace function that is not called does not know its line; its caller stands still.
    outer = frame.f_back if sys.version_info < (3, 10) else None
    (outer or frame).f_trace = Rest()
    stop_telling()
    if not rested:
        rested = True
        try:
            write(nowhere, b"procatlas1d\0\0")
        except OSError:
            pass


def note(kind, number, text):
    # Of a process, not of an event: what it is called, whom it makes.
    try:
        write(nowhere, b"procatlas1" + kind + b"\0\0" + number.to_bytes(8, "little") + text.encode("utf-8", "replace"))
    except OSError:
        pass


def result_of(x):
    value, why, _, _ = described(x)
    return value if value is not None else "<" + class_name(x) + ">"


def goes_through(trace, frame):
    # Otherwise it was met at once: by a loop or an `await` whose iterator has come to its end.
    return trace is not None and trace.tb_frame is frame


def exception_text(x):
    try:
        return class_name(x) + exception_arguments(x)
    except Exception as error:
        if not is_fault_of_ours(error):
            raise
        return class_name(x)


def say(kind, frame, result):
    global lines_told
    # Everything that the message was made from is let go before the observer looks at the reference counts.
    if children.beginning:
        children.name_process(note)
    made = []
    wants = 9  # EBADF
    said = kind if lines_told else kind.upper()
    try:
        message = message_of(said, frame, result, made)
    except Exception as error:
        if not is_fault_of_ours(error):
            raise
        message = head_of_cut + said + b"\0\0"
    for names, code in made:
        if getrefcount(names) <= usual:  # otherwise the program has it too: it called locals()
            # What exec() has put there stays.
            for name in code.co_varnames + code.co_cellvars + code.co_freevars:
                names.pop(name, None)
    names = None
    made.clear()
    try:
        write(nowhere, message)
    except OSError as error:
        wants = error.errno
    if refills_locals:
        frame.f_locals  # what it holds is put back into the frame after a trace function
    if wants == (6 if lines_told else 105):  # ENXIO: calls are enough; ENOBUFS: lines are wanted too
        lines_told = not lines_told
        change_grain(frame)
    return (kind == b"c" or kind == b"g") and depth > get_limit() - 60


can_pause = 0x20 | 0x80 | 0x200  # CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR


def given_by(code, x):
    # What a generator gives at a `yield`. What a coroutine passes at an `await` is not the student's.
    return result_of(x) if code.co_flags & 0x20 else None
