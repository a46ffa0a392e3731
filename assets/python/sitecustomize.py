# procatlas: tells the calls, returns, lines and exceptions of a Python program, while `procatlas trace --grain calls` or
# `lines` follows it. The launch puts this folder first on PYTHONPATH. Syntax of Python 3.8.
#
# Each event is one write to a descriptor that cannot exist. The observer reads the message while the call is stopped, and the
# call fails: with EBADF, or with another error where a person has chosen another grain meanwhile (core/observe/linux/trace/
# program_messages.h). core/live/python_message.h describes the message.
#
# Nothing here runs code of the program that it looks at: no __repr__, __eq__, __hash__, property or descriptor of it. Values
# are taken apart where their type is exactly a built-in one; of any other object its fields as they are stored.
#
# It hides itself: when the program begins, neither sys.path, os.environ nor sys.modules know of it.


def _begin():
    import marshal  # these four are loaded before any sitecustomize
    import os
    import posix
    import sys

    # ------------------------------------------------------------------ what a program may not see
    def take_variable(name):
        # Not from os.environ: that would take it from the programs that this one executes.
        return os.environ._data.pop(name, None)

    def hide():
        folder = os.path.dirname(__file__)
        asked = take_variable(b"PROCATLAS_PYTHON")
        path = take_variable(b"PYTHONPATH")
        parts = path.split(b":") if path is not None else []
        if parts and parts[0] == os.fsencode(folder):
            del parts[0]
        if parts:
            os.environ._data[b"PYTHONPATH"] = b":".join(parts)
        while folder in sys.path:
            sys.path.remove(folder)
        sys.path_importer_cache.pop(folder, None)
        return asked.decode("utf-8", "replace") if asked is not None else ""

    # ------------------------------------------------------------------ which code is the student's own
    def arguments_of_python():
        descriptor = posix.open("/proc/self/cmdline", posix.O_RDONLY | posix.O_CLOEXEC)
        try:
            text = b""
            while True:
                part = posix.read(descriptor, 65536)
                if not part:
                    break
                text += part
        finally:
            posix.close(descriptor)
        return [os.fsdecode(word) for word in text.split(b"\0")[1:-1]]

    def script_of(arguments):
        # The script of a command line; None: there is none (-c, -m, a dialogue).
        words = iter(arguments)
        for word in words:
            if word == "--check-hash-based-pycs":
                next(words, None)
            elif word == "-" or word == "--":
                return next(words, None) if word == "--" else None
            elif not word.startswith("-"):
                return word
            elif not word.startswith("--"):
                for i in range(1, len(word)):
                    if word[i] in "cm":
                        return None
                    if word[i] in "WX":  # the rest is its value, or the next word
                        if i + 1 == len(word):
                            next(words, None)
                        break
        return None

    start_folder = os.getcwd() if os.path.exists(".") else "/"

    def absolute(name):
        return os.path.normpath(os.path.join(start_folder, name))

    def own_folder(inherited):
        try:
            arguments = arguments_of_python()
        except OSError:
            arguments = []
        if inherited and any("multiprocessing" in word for word in arguments[:8]):
            return inherited, "<none>"  # a child that is begun anew by multiprocessing runs its parent's files
        script = script_of(arguments)
        if script is not None:
            return os.path.dirname(absolute(script)), "<none>"
        return start_folder, "<string>" if any(word.startswith("-") and "c" in word for word in arguments) else "<stdin>"

    library = os.path.dirname(os.__file__) + "/"

    def is_own(name):
        if name == __file__:
            return False
        if name.startswith("<"):
            return name == whole_name
        path = absolute(name)
        if "/site-packages/" in path or "/dist-packages/" in path or path.startswith(library):
            return False
        return path.startswith(root if root.endswith("/") else root + "/")

    # ------------------------------------------------------------------ objects, as they are stored
    function_type = type(lambda: 0)
    code_type = type((lambda: 0).__code__)
    method_type = type([].append.__class__ and _Holder().method)
    module_type = type(sys)
    builtin_type = type(len)
    generator_type = type((lambda: (yield))())
    cell_type = type((lambda x: lambda: x)(0).__closure__[0])
    getset_type = type(function_type.__dict__["__code__"])
    member_type = type(function_type.__dict__["__globals__"])
    name_of_type = type.__dict__["__name__"].__get__
    order_of_type = type.__dict__["__mro__"].__get__
    dict_of_type = type.__dict__["__dict__"].__get__
    flags_of_type = type.__dict__["__flags__"].__get__
    basic_size_of_type = type.__dict__["__basicsize__"].__get__
    arguments_of_exception = BaseException.__dict__["args"].__get__
    exception_type = BaseException
    made_by_program = 1 << 9  # Py_TPFLAGS_HEAPTYPE
    plain = {int: 0, float: 0, complex: 0, bool: 0, type(None): 0, str: 0, bytes: 0, range: 0, type(...): 0}
    sized = (int, float, complex, bool, type(None), str, bytes, bytearray, range, list, tuple, dict, set, frozenset, function_type, module_type, type)

    most_text = 120
    most_items = 24
    most_inner = 40
    most_outer = 10
    most_message = 65536

    def clean(name):
        return name if type(name) is str else "?"

    def class_name(x):
        return clean(name_of_type(type(x)))

    def text_of(x, most=most_text):
        # Of an object of exactly one of the types in `plain`.
        t = type(x)
        if t is int:
            bits = x.bit_length()
            return int_repr(x) if bits <= 256 else "an integer of %d bits" % bits
        if t is str or t is bytes:
            size = len(x)
            return repr(x) if size <= most else repr(x[:most]) + "… (%d)" % size
        return repr(x)

    int_repr = int.__repr__

    def short(x):
        t = type(x)
        if t in plain_ids:
            return text_of(x, 24)
        if t is list:
            return "[…]" if x else "[]"
        if t is tuple:
            return "(…)" if x else "()"
        if t is dict:
            return "{…}" if x else "{}"
        if t is set or t is frozenset:
            return "{…}" if x else t_name(t) + "()"
        if t is function_type or t is builtin_type:
            return clean(x.__name__)
        if t is type:
            return "class " + clean(name_of_type(x))
        return "<" + class_name(x) + ">"

    def t_name(t):
        return clean(name_of_type(t))

    class Types:
        # Whether a type is exactly one of those that are taken apart. By identity: a class of the program may have its own
        # idea of equality.
        __slots__ = ()

        def __contains__(self, t):
            return id(t) in ids_of_plain

    ids_of_plain = frozenset(id(t) for t in plain)
    ids_of_sized = frozenset(id(t) for t in sized)
    plain_ids = Types()

    def listed(items, count, open_with, close_with):
        shown = [short(x) for x in items]
        if count > len(shown):
            shown.append("… (%d)" % count)
        elif open_with == "(" and count == 1:
            shown.append("")
        text = open_with + ", ".join(shown) + close_with
        return text.replace(", )", ",)") if count == 1 and open_with == "(" else text

    def first_of(container):
        items = []
        for x in container:
            items.append(x)
            if len(items) == most_items:
                break
        return items

    def fields_of(x, t):
        # What the object keeps in its __dict__ and its slots, as (name, object).
        fields = []
        dictionary_found = False
        for base in order_of_type(t):
            if not flags_of_type(base) & made_by_program:
                break
            for name, what in dict_of_type(base).items():
                if type(name) is not str:
                    continue
                if type(what) is member_type:
                    try:
                        fields.append((name, what.__get__(x, t)))
                    except AttributeError:
                        pass
                elif name == "__dict__" and not dictionary_found:
                    dictionary_found = True
                    if type(what) is getset_type:
                        stored = what.__get__(x, t)
                        if type(stored) is dict:
                            fields.extend((k, v) for k, v in first_pairs(stored) if type(k) is str)
            if len(fields) > most_items:
                break
        return fields[:most_items], len(fields) > most_items

    def first_pairs(dictionary):
        pairs = []
        for pair in dictionary.items():
            pairs.append(pair)
            if len(pairs) > most_items:
                break
        return pairs

    def signature(x):
        code = x.__code__
        names = list(code.co_varnames[: code.co_argcount])
        defaults = x.__defaults__
        if type(defaults) is tuple:
            for i in range(min(len(defaults), len(names))):
                value = defaults[len(defaults) - 1 - i]
                names[len(names) - 1 - i] += "=" + (brief_list(value) if type(value) is list else short(value))
        return clean(x.__name__) + "(" + ", ".join(names) + ")"

    def brief_list(x):
        return listed(x[:4], len(x), "[", "]")

    def describe(x):
        # (value or None, why there is none or None, the objects that it leads to, its number of items)
        t = type(x)
        if id(t) in ids_of_plain:
            return text_of(x), None, (), len(x) if t is str or t is bytes else 0
        if t is list or t is tuple:
            items = x[:most_items]
            open_with, close_with = ("[", "]") if t is list else ("(", ")")
            return listed(items, len(x), open_with, close_with), None, items, len(x)
        if t is dict:
            pairs = first_pairs(x)[:most_items]
            shown = [short(k) + ": " + short(v) for k, v in pairs]
            if len(x) > len(pairs):
                shown.append("… (%d)" % len(x))
            return "{" + ", ".join(shown) + "}", None, [one for pair in pairs for one in pair], len(x)
        if t is set or t is frozenset:
            items = first_of(x)
            text = listed(items, len(x), "{", "}") if x else t_name(t) + "()"
            return text, None, items, len(x)
        if t is bytearray:
            return "bytearray " + text_of(bytes(x[:most_text])), None, (), len(x)
        if t is function_type:
            leads = list(x.__closure__ or ()) + list(x.__defaults__ or ())
            return "function " + signature(x), None, leads, 0
        if t is builtin_type:
            return "built-in function " + clean(x.__name__), None, (), 0
        if t is method_type:
            inner = x.__func__
            name = clean(inner.__name__) if type(inner) is function_type else class_name(inner)
            return "method " + name, None, (x.__self__, inner), 0
        if t is module_type:
            name = module_dict(x, module_type).get("__name__") if type(module_dict(x, module_type)) is dict else None
            return "module " + clean(name), None, (), 0
        if t is cell_type:
            try:
                inner = x.cell_contents
            except ValueError:
                return "empty", None, (), 0
            return short(inner), None, (inner,), 0
        if t is generator_type:
            return "generator " + clean(x.__name__), None, (), 0
        for base in order_of_type(t):
            if base is type:
                return "class " + clean(name_of_type(x)), None, (), 0
        fields, cut = fields_of(x, t)
        for base in order_of_type(t):
            if base is exception_type:
                return class_name(x) + exception_arguments(x), None, [v for _, v in fields], 0
        if not fields and not flags_of_type(t) & made_by_program:
            return None, "an object of type " + class_name(x), (), 0
        shown = [name + " = " + short(v) for name, v in fields]
        return "{" + ", ".join(shown) + (", …" if cut else "") + "}", None, [v for _, v in fields], 0

    module_dict = module_type.__dict__["__dict__"].__get__ if "__dict__" in module_type.__dict__ else (lambda x, t: None)

    def exception_arguments(x):
        arguments = arguments_of_exception(x)
        if len(arguments) == 1 and type(arguments[0]) is str:
            return ": " + arguments[0][:most_text]
        return "(" + ", ".join(short(a) for a in arguments[:8]) + ")" if arguments else ""

    def size_of(x):
        t = type(x)
        return sys_getsizeof(x) if id(t) in ids_of_sized else basic_size_of_type(t)

    sys_getsizeof = sys.getsizeof

    # ------------------------------------------------------------------ frames
    own_files = {}

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
                made.append(names)
            return dict(names)
        return names if type(names) is dict else {}

    refills_locals = sys.version_info < (3, 12)
    getrefcount = sys.getrefcount

    def usual_count():
        made = [sys._getframe().f_locals]
        for names in made:
            return getrefcount(names)

    usual = usual_count()

    def stack_of(frame):
        # (frames from the innermost outwards, how many are left out, after which)
        frames = []
        while frame is not None:
            if frame.f_globals is not own_globals:
                frames.append(frame)
            frame = frame.f_back
        depth[0] = len(frames)
        while frames and not owns(frames[-1].f_code.co_filename):
            frames.pop()  # what began the script: runpy, the import system, threading
        if len(frames) <= most_inner + most_outer:
            return frames, 0, 0
        left = len(frames) - most_inner - most_outer
        return frames[:most_inner] + frames[-most_outer:], left, most_inner

    own_globals = globals()
    depth = [0]  # of the stack that was looked at last

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
            line = one.f_lineno or 0
            if not owns(code.co_filename):
                told_frames.append((clean(code.co_name), code.co_filename, line, 0, ()))
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
                        told.append((name, number(values[name]), 1))
                for name, value in values.items():
                    if type(name) is not str or name in first or len(told) >= most_values:
                        continue
                    if not hidden(name) or type(value) is function_type:
                        told.append((name, number(value), 0))
            name = clean(code.co_name)
            told_frames.append((name, absolute(code.co_filename) if code.co_filename[0] != "<" else code.co_filename, line, 1, tuple(told)))
        told_globals = []
        for namespace in modules:
            module = namespace.get("__name__")
            prefix = "" if module in ("__main__", "__mp_main__") or type(module) is not str else module + "."
            for name, value in list(namespace.items()):
                if type(name) is str and not hidden(name) and len(told_globals) < most_values:
                    told_globals.append((prefix + name, number(value)))
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
            try:
                value, why, leads, count = describe(x)
                if level < 3:
                    for other in leads:
                        number(other)
            except RuntimeError:  # another thread has changed it meanwhile
                value, why, leads, count = None, "it changed while it was read", (), 0
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

    def result_of(x):
        value, why, _, _ = describe(x)
        return value if value is not None else "<" + class_name(x) + ">"

    def exception_text(x):
        text = class_name(x) + exception_arguments(x)
        return text

    def say(kind, frame, result):
        # Everything that the message was made from is let go before the observer looks at the reference counts.
        made = []
        wants = 9  # EBADF
        message = message_of(kind if lines_told[0] else kind.upper(), frame, result, made)
        for names in made:
            if getrefcount(names) <= usual:  # otherwise the program has it too: it called locals()
                names.clear()
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
        return kind == b"c" and depth[0] > get_limit() - 60

    # ------------------------------------------------------------------ Python 3.8 to 3.11: sys.settrace
    def with_settrace():
        sys_settrace = sys.settrace
        sys_gettrace = sys.gettrace
        modules = sys.modules
        stepped_back = []

        def step_back(frame):
            while frame is not None:
                if frame.f_trace is in_frame:
                    frame.f_trace = None
                frame = frame.f_back
            if not stepped_back:
                stepped_back.append(True)
                try:
                    write(nowhere, b"procatlas1n\0\0")
                except OSError:
                    pass

        def in_frame(frame, event, argument):
            if sys_gettrace() is not enter:
                step_back(frame)
                return None
            if event == "line":
                if lines_told[0]:
                    say(b"l", frame, None)
            elif event == "return":
                result = result_of(argument)
                argument = None
                say(b"r", frame, result)
            elif event == "exception":
                if argument[2] is not None:  # otherwise a loop has come to the end of its generator
                    result = exception_text(argument[1])
                    argument = None
                    say(b"e", frame, result)
            return in_frame

        def enter(frame, event, argument):
            if not owns(frame.f_code.co_filename):
                return None
            threading = modules.get("threading")
            if threading is not None and threading.__dict__.get("_trace_hook", enter) is None:
                threading._trace_hook = enter
            frame.f_trace_lines = lines_told[0]
            if say(b"c", frame, None):
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
                sys_settrace(enter)

        change_grain[0] = change
        rest[:] = lambda: sys_settrace(None), begin_again
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
            if not owns(code.co_filename):
                return disable
            if say(b"c", frame_of(1), None):
                rest_below(frame_of(1))

        def thrown(code, offset, exception):
            if owns(code.co_filename):
                say(b"c", frame_of(1), None)

        def line(code, number):
            if not owns(code.co_filename):
                return disable
            say(b"l", frame_of(1), None)

        def ended(code, offset, value):
            if not owns(code.co_filename):
                return disable
            result = result_of(value)
            value = None
            say(b"r", frame_of(1), result)

        def unwound(code, offset, exception):
            if owns(code.co_filename):
                exception = None
                say(b"r", frame_of(1), None)

        def raised(code, offset, exception):
            if owns(code.co_filename):
                result = exception_text(exception)
                exception = None
                say(b"e", frame_of(1), result)

        pairs = [(events.PY_START, begun), (events.PY_RESUME, begun), (events.PY_THROW, thrown), (events.PY_RETURN, ended),
                 (events.PY_YIELD, ended), (events.PY_UNWIND, unwound), (events.RAISE, raised), (events.LINE, line)]
        wanted = 0
        for event, callback in pairs:
            monitoring.register_callback(tool, event, callback)
            wanted |= event

        def change(frame):
            monitoring.set_events(tool, wanted if lines_told[0] else wanted & ~events.LINE)

        change_grain[0] = change
        rest[:] = lambda: monitoring.set_events(tool, 0), lambda: change(None)
        change(None)

    asked = hide()
    grain, _, inherited = asked.partition(":")
    root, whole_name = own_folder(inherited)
    if grain in ("calls", "lines"):
        posix.putenv(b"PROCATLAS_PYTHON", os.fsencode(grain + ":" + root))

    def arm():
        if grain in ("calls", "lines"):
            lines_told[0] = grain == "lines"
            (with_monitoring if sys.version_info >= (3, 12) else with_settrace)()

    return arm


class _Holder:
    def method(self):
        pass


_arm = _begin()
try:
    import sys

    _own = sys.modules.pop("sitecustomize", None)
    import sitecustomize  # the machine's own, as if ours were not there
finally:
    _arm()
