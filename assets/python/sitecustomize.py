# procatlas: tells the calls, returns, lines and exceptions of a Python program, while `procatlas trace --grain calls` or
# `lines` follows it. The launch puts this folder first on PYTHONPATH. Syntax of Python 3.8.
#
# Each event is one write to a descriptor that cannot exist. The observer reads the message while the call is stopped, and the
# call fails: with EBADF, or with another error where a person has chosen another grain meanwhile (core/observe/linux/trace/
# program_messages.h). core/live/python_message.h describes the message.
#
# Nothing here runs code of the program that it looks at (_procatlas_objects.py).
#
# It hides itself: when the program begins, neither sys.path, os.environ nor sys.modules know of it.


def _begin():
    import builtins
    import marshal  # these are loaded before any sitecustomize
    import os
    import posix
    import sys

    import _procatlas_children as children
    import _procatlas_objects as objects
    import _procatlas_script as script

    globals()["__builtins__"] = dict(builtins.__dict__)  # for the functions below: the program may change its own ones

    for name in ("children", "objects", "script"):
        del sys.modules["_procatlas_" + name]

    # ------------------------------------------------------------------ which code is the student's own
    start_folder = os.getcwd() if os.path.exists(".") else "/"

    def absolute(name):
        return os.path.normpath(os.path.join(start_folder, name))

    def own_folder(inherited):
        try:
            arguments = script.arguments_of_python()
        except OSError:
            arguments = []
        if inherited and any("multiprocessing" in word for word in arguments[:8]):
            return roots_in(inherited), "<none>"  # a child that is begun anew by multiprocessing runs its parent's files
        name = script.script_of(arguments)
        if name is not None:
            # Python looks for the script's modules where it really is, behind links.
            return (os.path.dirname(absolute(name)), os.path.dirname(os.path.realpath(absolute(name)))), "<none>"
        return (start_folder, start_folder), "<string>" if any(word.startswith("-") and "c" in word for word in arguments) else "<stdin>"

    def roots_in(text):
        # Paths that are made whole have no empty part, so one stands between the two.
        first, _, second = text.partition("//")
        return (first, second) if second else (text, text)

    library = os.path.dirname(os.__file__) + "/"

    def is_own(name):
        if name in (__file__, objects.__file__, children.__file__):
            return False
        if name.startswith("<"):
            return name == whole_name
        return with_libraries[0] or not is_of_library(name)

    def is_of_library(name):
        if name.startswith("<"):
            return False
        path = absolute(name)
        if "/site-packages/" in path or "/dist-packages/" in path or path.startswith(library):
            return True
        return not any([path.startswith(root if root.endswith("/") else root + "/") for root in roots])

    with_libraries = [False]

    most_inner = 40
    most_outer = 10
    most_message = 65536
    clean, class_name, describe, size_of = objects.clean, objects.class_name, objects.describe, objects.size_of
    exception_arguments, function_type = objects.exception_arguments, objects.function_type

    # ------------------------------------------------------------------ what goes wrong here must not go into the program
    own_globals = globals()
    objects_globals = objects.__dict__

    def is_fault_of_ours(error):
        # A signal's handler of the program may run while we look: what it raises is the program's.
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        return trace is not None and is_ours(trace.tb_frame)

    def is_ours(frame):
        return frame.f_globals is own_globals or frame.f_globals is objects_globals

    def without_us(error):
        # A signal's handler of the program has raised it while we looked: our frames are no part of how that came about. None:
        # it is a fault of ours.
        while error.__context__ is not None and is_fault_of_ours(error.__context__):
            error.__context__ = error.__context__.__context__
        trace = error.__traceback__
        while trace is not None and is_ours(trace.tb_frame):
            trace = trace.tb_next
        if trace is None and isinstance(error, Exception):
            return None
        return error.with_traceback(trace)  # Ctrl-C is no fault of anybody's

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

    # ------------------------------------------------------------------ frames
    own_files = {}
    told_files = {}

    def told_file(name):
        known = told_files.get(name)
        if known is None:
            known = told_files[name] = name if name.startswith("<") else absolute(name)
        return known

    def owns(name):
        known = own_files.get(name)
        if known is None:
            known = own_files[name] = is_own(name)
        return known

    keeps_locals = sys.version_info < (3, 13)  # a frame keeps the dictionary that f_locals made, and so one more reference

    def locals_of(frame, code, made):
        names = frame.f_locals
        if code.co_flags & 1:  # CO_OPTIMIZED: a function
            if keeps_locals:
                made.append((names, code))
            return dict(names)
        return names if type(names) is dict else {}

    refills_locals = sys.version_info < (3, 12)
    getrefcount = sys.getrefcount

    def usual_count():
        made = [(sys._getframe().f_locals, None)]
        for names, _ in made:
            return getrefcount(names)

    usual = usual_count()

    def stack_of(frame):
        # (frames from the innermost outwards, how many are left out, after which)
        frames = []
        while frame is not None:
            if frame.f_globals is not own_globals and frame.f_globals is not objects_globals:
                frames.append(frame)
            frame = frame.f_back
        depth[0] = len(frames)
        while frames and not owns(frames[-1].f_code.co_filename):
            frames.pop()  # what began the script: runpy, the import system, threading
        if len(frames) <= most_inner + most_outer:
            return frames, 0, 0
        left = len(frames) - most_inner - most_outer
        return frames[:most_inner] + frames[-most_outer:], left, most_inner

    depth = [0]  # of the stack that was looked at last

    def name_of(code):
        # A method has its class before it; where names were nested in functions, the innermost part tells enough.
        name = clean(getattr(code, "co_qualname", code.co_name)).rpartition("<locals>.")[2]
        if code.co_flags & 3 or code.co_name == "<module>":  # CO_OPTIMIZED, CO_NEWLOCALS: a function
            return name
        return "<class " + name + ">"

    def build(kind, frame, result, most_objects, most_values, made):
        seen = {}
        queue = []

        def number(x):
            known = seen.get(id(x))
            if known is None:
                if len(queue) >= most_objects:
                    return -1
                known = seen[id(x)] = len(queue)
                queue.append(x)
            return known

        frames, left, after = stack_of(frame)
        told_frames = []
        modules = []
        for one in frames:
            code = one.f_code
            line = one.f_lineno or one.f_code.co_firstlineno  # before its first line a module has none
            if not owns(code.co_filename):
                told_frames.append((name_of(code), code.co_filename, line, 0, ()))
                continue
            if all(known is not one.f_globals for known in modules) and len(modules) < 4:
                modules.append(one.f_globals)
            told = []
            if one.f_locals is not one.f_globals if not code.co_flags & 1 else True:
                parameters = code.co_argcount + code.co_kwonlyargcount
                parameters += 1 if code.co_flags & 4 else 0
                parameters += 1 if code.co_flags & 8 else 0
                first = code.co_varnames[:parameters]
                values = locals_of(one, code, made)
                for name in first:
                    if name in values:
                        told.append((clean(name), number(values[name]), 1))
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
            name = name_of(code)
            author = 2 if with_libraries[0] and is_of_library(code.co_filename) else 1
            told_frames.append((name, told_file(code.co_filename), line, author, tuple(told)))
        told_globals = []
        for namespace in modules:
            # What exec() ran may have a dictionary with methods of its own, and looking for a key may ask the program's __eq__.
            names = [(name, value) for name, value in list(dict.items(namespace)) if type(name) is str]
            module = next((value for name, value in names if name == "__name__"), None)
            prefix = "" if type(module) is not str or module in ("__main__", "__mp_main__") else clean(module) + "."
            left_out = 0
            for name, value in names:
                if hidden(name):
                    continue
                if len(told_globals) < most_values:
                    told_globals.append((prefix + clean(name), number(value)))
                else:
                    left_out += 1
            if left_out:
                told_globals.append((prefix + "… %d" % left_out, -1))
        told_objects = []
        at = 0
        level_end = len(queue)
        level = 0
        while at < len(queue):
            if at == level_end:
                level += 1
                level_end = len(queue)
            x = queue[at]
            at += 1
            value, why, leads, count = described(x)
            if level < 3:
                for other in leads:
                    number(other)
            told_objects.append((class_name(x), id(type(x)), value, why, size_of(x), tuple([id(y) for y in leads]), count))
        head = b"procatlas1" + kind + len(queue).to_bytes(2, "little")
        head += b"".join([id(x).to_bytes(8, "little") for x in queue])
        return head + marshal_dumps(
            (version, tuple(told_frames), left, after, tuple(told_globals), tuple(told_objects), result), 2)

    marshal_dumps = marshal.dumps
    version = sys.hexversion
    if not getattr(sys, "_is_gil_enabled", lambda: True)():
        version = -version  # reference counts are kept in another way

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

    get_limit = sys.getrecursionlimit
    lines_told = [False]
    change_grain = [None]
    rest = [None, None]  # stops telling, and begins again
    rested = []

    class Rest:
        # Near the recursion limit there is no room for this hook: it would fail in the program's place. So it rests until the
        # frame that holds this object is gone.
        def __del__(self):
            rest[1]()

    def rest_below(frame):
        # Up to 3.9 a frame with a trace function that is not called does not know its line; its caller stands still.
        outer = frame.f_back if sys.version_info < (3, 10) else None
        (outer or frame).f_trace = Rest()
        rest[0]()
        if not rested:
            rested.append(True)
            try:
                write(nowhere, b"procatlas1d\0\0")
            except OSError:
                pass

    write = posix.write
    nowhere = 1 << 28

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
        # Everything that the message was made from is let go before the observer looks at the reference counts.
        if children.beginning:
            children.name_process(note)
        made = []
        wants = 9  # EBADF
        said = kind if lines_told[0] else kind.upper()
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
        if wants == (6 if lines_told[0] else 105):  # ENXIO: calls are enough; ENOBUFS: lines are wanted too
            lines_told[0] = not lines_told[0]
            change_grain[0](frame)
        return (kind == b"c" or kind == b"g") and depth[0] > get_limit() - 60

    can_pause = 0x20 | 0x80 | 0x200  # CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR

    def given_by(code, x):
        # What a generator gives at a `yield`. What a coroutine passes at an `await` is not the student's.
        return result_of(x) if code.co_flags & 0x20 else None

    # ------------------------------------------------------------------ Python 3.8 to 3.11: sys.settrace
    def with_settrace():
        def how_it_leaves(frame, argument, thrown):
            # b"r": by `return`; b"y": it pauses; None: by an exception. The last instruction tells: RETURN_VALUE, YIELD_VALUE, or
            # up to 3.10 the one before YIELD_FROM.
            code = frame.f_code
            can_go_on = code.co_flags & can_pause
            if argument is not None and not can_go_on:
                return b"r"
            at = frame.f_lasti
            after = code.co_code[at : at + 3]
            if not after or after[0] == 83:
                return b"r"
            if can_go_on and (after[0] == 86 or after[2:] == b"H") and not (thrown and argument is None):
                return b"y"
            return None

        def goes_on(frame):
            code = frame.f_code
            at = frame.f_lasti
            if not code.co_flags & can_pause or at < 0:
                return False
            if sys.version_info < (3, 11):
                return True
            if code.co_code[at] == 151:  # RESUME: 0 at the start of a function
                return code.co_code[at + 1] != 0
            return code.co_code[at] != 75  # RETURN_GENERATOR: it has not begun, and an exception is thrown into it

        sys_settrace = sys.settrace
        sys_gettrace = sys.gettrace
        sys_getframe = sys._getframe
        modules = sys.modules
        stepped_back = []
        ours = [False]  # it is this hook that calls sys.settrace

        def set_trace(function):
            ours[0] = True
            sys_settrace(function)
            ours[0] = False

        def say_step_back():
            if not stepped_back:
                stepped_back.append(True)
                try:
                    write(nowhere, b"procatlas1n\0\0")
                except OSError:
                    pass

        def step_back(frame):
            while frame is not None:
                if frame.f_trace is in_frame:
                    frame.f_trace = None
                frame = frame.f_back
            say_step_back()

        leaving = [False]  # an exception of the program is about to leave this hook, and the interpreter then takes it away
        calls = (131, 141, 142, 161, 166, 171)  # CALL_FUNCTION, CALL_METHOD, CALL and their like, 3.8 to 3.11

        def heard(event, _):
            if event != "sys.settrace":
                return
            if leaving[0]:
                leaving[0] = False
            elif not ours[0] and sys_gettrace() is enter:
                caller = sys_getframe().f_back
                if caller is not None and caller.f_code.co_code[caller.f_lasti] in calls:
                    # The program is about to set its own trace function, or none: of the latter no event would tell.
                    say_step_back()
                else:
                    # A signal's handler has raised an exception just as we began.
                    come_again()
                    say_interrupted()

        def come_again():
            # The interpreter calls a profile function at the next call or return, whoever's that is.
            if sys.getprofile() is None:
                sys.setprofile(again)

        def again(frame, event, argument):
            sys.setprofile(None)
            begin_again()
            while frame is not None and sys_gettrace() is enter:
                if frame.f_trace is None and owns(frame.f_code.co_filename):
                    frame.f_trace = in_frame
                    frame.f_trace_lines = lines_told[0]
                frame = frame.f_back

        def say_interrupted():
            try:
                write(nowhere, b"procatlas1i\0\0")
            except OSError:
                pass

        raised = [0]  # the id of the frame in which an exception is looking for somebody to catch it

        def leave(frame):
            refill(frame)
            leaving[0] = True
            while frame is not None:  # up to 3.9 a frame with a trace function that is not called does not know its line
                if frame.f_trace is in_frame:
                    frame.f_trace = None
                frame = frame.f_back
            come_again()
            say_interrupted()

        def refill(frame):
            # What f_locals holds is put back into the frame after a trace function: names that we took out would be lost.
            while True:
                try:
                    frame.f_locals
                    return
                except BaseException:  # another signal
                    pass

        def in_frame(frame, event, argument):
            try:
                return tell_in_frame(frame, event, argument)
            except BaseException as error:
                if without_us(error) is None:
                    refill(frame)
                    return in_frame
                leave(frame)
                raise error

        def enter(frame, event, argument):
            try:
                return tell_enter(frame, event, argument)
            except BaseException as error:
                if without_us(error) is None:
                    refill(frame)
                    return None
                leave(frame)
                raise error

        def tell_in_frame(frame, event, argument):
            if sys_gettrace() is not enter:
                step_back(frame)
                return None
            thrown, raised[0] = raised[0], 0
            if event == "line":
                if lines_told[0]:
                    say(b"l", frame, None)
                else:
                    frame.f_trace_lines = False
            elif event == "return":
                way = how_it_leaves(frame, argument, thrown == id(frame))
                result = None
                if way == b"r":
                    result = result_of(argument)
                elif way == b"y":
                    result = given_by(frame.f_code, argument)
                argument = None
                say(way or b"r", frame, result)
            elif event == "exception":
                raised[0] = id(frame)
                frame.f_trace_lines = True  # a next line is of whoever catches it
                if goes_through(argument[2], frame):
                    result = exception_text(argument[1])
                    argument = None
                    say(b"e", frame, result)
            return in_frame

        def launched(frame, event, argument):
            if event == "return":
                children.start_of_child(note, frame, True)
            return launched

        def tell_enter(frame, event, argument):
            if children.beginning:
                children.name_process(note)
            if children.begins_process(frame.f_code):
                children.process_begins()
            elif children.makes_process(frame.f_code):
                children.start_of_child(note, frame, False)
                frame.f_trace_lines = False
                return launched
            if frame.f_code.co_name == "start":  # of a thread, whoever calls it
                threading = modules.get("threading")
                if threading is not None and threading.__dict__.get("_trace_hook", enter) is None:
                    threading._trace_hook = enter
            if not owns(frame.f_code.co_filename):
                return None
            frame.f_trace_lines = lines_told[0]
            if say(b"g" if goes_on(frame) else b"c", frame, None):
                rest_below(frame)
                return None
            return in_frame

        def change(frame):
            while frame is not None:
                if frame.f_trace is in_frame:
                    frame.f_trace_lines = lines_told[0]
                frame = frame.f_back

        def begin_again():
            if sys_gettrace() is None:
                set_trace(enter)

        change_grain[0] = change
        rest[:] = lambda: set_trace(None), begin_again
        sys.addaudithook(heard)
        begin_again()

    # ------------------------------------------------------------------ Python 3.12 and later: sys.monitoring
    def with_monitoring():
        monitoring = sys.monitoring
        events = monitoring.events
        frame_of = sys._getframe
        disable = monitoring.DISABLE
        tool = next((number for number in (4, 3, 5) if monitoring.get_tool(number) is None), None)
        if tool is None:
            return
        monitoring.use_tool_id(tool, "procatlas")

        def begun(code, offset):
            if children.begins_process(code):
                children.process_begins()
            elif children.makes_process(code):
                children.start_of_child(note, frame_of(2), False)
            elif not owns(code.co_filename):
                return disable
            if not owns(code.co_filename):
                return None
            if say(b"c", frame_of(2), None):
                rest_below(frame_of(2))

        def resumed(code, offset):
            if not owns(code.co_filename):
                return disable
            if say(b"g", frame_of(2), None):
                rest_below(frame_of(2))

        def thrown(code, offset, exception):
            if owns(code.co_filename):
                say(b"g", frame_of(2), None)

        def line(code, number):
            if not owns(code.co_filename):
                return disable
            say(b"l", frame_of(2), None)

        def ended(code, offset, value):
            if children.makes_process(code):
                children.start_of_child(note, frame_of(2), True)
            elif not owns(code.co_filename):
                return disable
            if not owns(code.co_filename):
                return None
            result = result_of(value)
            value = None
            say(b"r", frame_of(2), result)

        def paused(code, offset, value):
            if not owns(code.co_filename):
                return disable
            result = given_by(code, value)
            value = None
            say(b"y", frame_of(2), result)

        def unwound(code, offset, exception):
            if owns(code.co_filename):
                exception = None
                say(b"r", frame_of(2), None)

        def raised(code, offset, exception):
            if owns(code.co_filename) and goes_through(exception.__traceback__, frame_of(2)):
                result = exception_text(exception)
                exception = None
                say(b"e", frame_of(2), result)

        lines_of = {}  # of each code, as (start, end, line)

        def line_at(code, offset):
            known = lines_of.get(id(code))
            if known is None:
                if len(lines_of) > 500:
                    lines_of.clear()
                # With the code, whose id is its own as long as it is there.
                known = lines_of[id(code)] = (code, list(code.co_lines()))
            for start, end, number in known[1]:
                if start <= offset < end:
                    return number

        def jumped(code, offset, target):
            # Back to the same line: no line event comes, though a loop has gone round.
            if not owns(code.co_filename):
                return disable
            if target < offset and line_at(code, target) == line_at(code, offset):
                say(b"l", frame_of(2), None)

        pairs = [(events.PY_START, begun), (events.PY_RESUME, resumed), (events.PY_THROW, thrown), (events.PY_RETURN, ended),
                 (events.PY_YIELD, paused), (events.PY_UNWIND, unwound), (events.RAISE, raised), (events.LINE, line),
                 (events.JUMP, jumped)]
        wanted = 0
        def guarded(callback):
            def guard(*arguments):
                try:
                    return callback(*arguments)
                except BaseException as error:
                    if without_us(error) is not None:
                        raise error

            return guard

        for event, callback in pairs:
            monitoring.register_callback(tool, event, guarded(callback))
            wanted |= event

        def change(frame):
            monitoring.set_events(tool, wanted if lines_told[0] else wanted & ~(events.LINE | events.JUMP))

        change_grain[0] = change
        rest[:] = lambda: monitoring.set_events(tool, 0), lambda: change(None)
        change(None)

    asked = script.hide()
    wanted, _, inherited = asked.partition(":")
    grain, _, more = wanted.partition("+")
    with_libraries[0] = more == "libraries"
    roots, whole_name = own_folder(inherited)
    if grain in ("calls", "lines"):
        posix.putenv(b"PROCATLAS_PYTHON", os.fsencode(wanted + ":" + (roots[0] if roots[0] == roots[1] else "//".join(roots))))

    def arm():
        if grain in ("calls", "lines"):
            lines_told[0] = grain == "lines"
            (with_monitoring if sys.version_info >= (3, 12) else with_settrace)()

    return arm


_arm = _begin()
try:
    import sys

    _own = sys.modules.pop("sitecustomize", None)
    import sitecustomize  # the machine's own, as if ours were not there
finally:
    _arm()
