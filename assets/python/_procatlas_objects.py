# procatlas: takes the objects of a Python program apart, for sitecustomize.py. Syntax of Python 3.8.
#
# Nothing here runs code of the program: no __repr__, __eq__, __hash__, property or descriptor of it. Values are taken apart where
# their type is exactly a built-in one; of any other object its fields as they are stored.
import builtins
import sys

__builtins__ = dict(builtins.__dict__)  # for the functions below: the program may change its own ones


class _Holder:
    def method(self):
        pass


async def _coroutine():
    pass


async def _async_generator():
    yield


_begun = _coroutine()
coroutine_type = type(_begun)
_begun.close()  # otherwise Python would warn that nobody has awaited it
async_generator_type = type(_async_generator())
function_type = type(lambda: 0)
method_type = type(_Holder().method)
module_type = type(sys)
builtin_type = type(len)
generator_type = type((lambda: (yield))())
cell_type = type((lambda x: lambda: x)(0).__closure__[0])
getset_type = type(function_type.__dict__["__code__"])
member_type = type(function_type.__dict__["__globals__"])
name_of_type = type.__dict__["__name__"].__get__
mro_of_type = type.__dict__["__mro__"].__get__
dict_of_type = type.__dict__["__dict__"].__get__
flags_of_type = type.__dict__["__flags__"].__get__
basic_size_of_type = type.__dict__["__basicsize__"].__get__
item_size_of_type = type.__dict__["__itemsize__"].__get__
dict_offset_of_type = type.__dict__["__dictoffset__"].__get__
weak_offset_of_type = type.__dict__["__weakrefoffset__"].__get__
file_of_error = OSError.__dict__["filename"].__get__
arguments_of_exception = BaseException.__dict__["args"].__get__
exception_type = BaseException
made_by_program = 1 << 9  # Py_TPFLAGS_HEAPTYPE
collected = 1 << 14  # Py_TPFLAGS_HAVE_GC
before_object = 3 << 3 if sys.version_info >= (3, 12) else 1 << 4 if sys.version_info >= (3, 11) else 0  # Py_TPFLAGS_PREHEADER
c_method_type = type(list.append)
module_dict = module_type.__dict__["__dict__"].__get__
sys_getsizeof = sys.getsizeof
int_repr = int.__repr__

# Whether a type is exactly one of those is asked by identity: a class of the program may have its own idea of equality.
plain = (int, float, complex, bool, type(None), str, bytes, range, type(...))
ids_of_plain = frozenset(id(t) for t in plain)
ids_of_sized = frozenset(id(t) for t in plain + (bytearray, list, tuple, dict, set, frozenset, function_type, module_type, type))

most_name = 200
most_text = 120
most_bits = 256
most_items = 24


def clean(name):
    # Bounded: a program may make names of any length.
    if type(name) is not str:
        return "?"
    return name if len(name) <= most_name else name[:most_name] + "…"


def class_name(x):
    return clean(name_of_type(type(x)))


def text_of(x, most=most_text):
    # Of an object of exactly one of the types in `plain`.
    t = type(x)
    if t is int:
        return int_repr(x) if x.bit_length() <= most_bits else "…"
    if t is str or t is bytes:
        size = len(x)
        return repr(x) if size <= most else repr(x[:most]) + "… (%d)" % size
    if t is range:  # up to 3.9 its bounds may be of a class of the program
        bounds = (x.start, x.stop) if type(x.step) is int and x.step == 1 else (x.start, x.stop, x.step)
        return "range(" + ", ".join([int_repr(n) for n in bounds]) + ")"
    return repr(x)


def short(x):
    t = type(x)
    if id(t) in ids_of_plain:
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
    number = number_of_c(x, t)
    if number is not None:
        return class_name(x) + "(" + number + ")"
    array = items_of_c(x, t)
    if array is not None:
        return listed(array[0][:4], array[1], "[", "]")
    return "<" + class_name(x) + ">"


# The types of C that hold a number, as ctypes names them: what a multiprocessing.Value keeps in shared memory. Pointers are not
# followed: they may lead anywhere.
numbers_of_c = "bBhHiIlLqQfd?"


def class_of_ctypes(t, name):
    # The class of that name in _ctypes, if the program has loaded it and `t` is derived from it.
    modules = sys.modules
    module = dict.get(modules, "_ctypes") if type(modules) is dict else None
    found = dict.get(module_dict(module, module_type), name) if type(module) is module_type else None
    return found if any([base is found for base in order_of_type(t)]) else None


def code_of_c(t):
    for base in order_of_type(t):
        code = dict_of_type(base).get("_type_")
        if code is not None:
            return code if type(code) is str and len(code) == 1 and code in numbers_of_c else None
    return None


def number_of_c(x, t):
    simple = class_of_ctypes(t, "_SimpleCData")
    return text_of(dict_of_type(simple)["value"].__get__(x, t)) if simple is not None and code_of_c(t) else None


def items_of_c(x, t):
    # (the first items of an array of numbers, their number); nothing: it is none.
    array = class_of_ctypes(t, "Array")
    kind = next((dict_of_type(base).get("_type_") for base in order_of_type(t) if "_type_" in dict_of_type(base)), None)
    if array is None or not any([base is type for base in order_of_type(type(kind))]) or not code_of_c(kind):
        return None
    count = dict_of_type(array)["__len__"](x)
    return [dict_of_type(array)["__getitem__"](x, i) for i in range(min(count, most_items))], count


def t_name(t):
    return clean(name_of_type(t))


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
            # As types.SimpleNamespace has it. Where it is asked for by a function, that would make one.
            what = dict_of_type(base).get("__dict__")
            if type(what) is member_type and not dictionary_found:
                stored = what.__get__(x, t)
                fields.extend([(clean(k), v) for k, v in first_pairs(stored) if type(k) is str])
            break
        for name, what in dict_of_type(base).items():
            if type(name) is not str:
                continue
            if type(what) is member_type:
                if name.startswith("__"):  # __vectorcalloffset__ and its like: of the type's own layout
                    continue
                try:
                    fields.append((clean(name), what.__get__(x, t)))
                except AttributeError:
                    pass
            elif name == "__dict__" and not dictionary_found:
                dictionary_found = True
                if type(what) is getset_type:
                    stored = what.__get__(x, t)
                    if type(stored) is dict:
                        fields.extend([(clean(k), v) for k, v in first_pairs(stored) if type(k) is str])
        if len(fields) > most_items:
            break
    return fields[:most_items], len(fields) > most_items


def keeps_more(t):
    # Whether objects of this type keep something besides their __dict__ and slots: in a layout of C that is not known.
    told = 16 + (8 if dict_offset_of_type(t) > 0 else 0) + (8 if weak_offset_of_type(t) > 0 else 0)
    for base in order_of_type(t):
        told += 8 * len([what for what in dict_of_type(base).values() if type(what) is member_type])
    return basic_size_of_type(t) > told or item_size_of_type(t) > 0


def first_pairs(dictionary):
    pairs = []
    for pair in dictionary.items():
        pairs.append(pair)
        if len(pairs) > most_items:
            break
    return pairs


def signature(x):
    code = x.__code__
    count = code.co_argcount
    named = code.co_kwonlyargcount
    names = list(code.co_varnames[:count])
    defaults = x.__defaults__
    if type(defaults) is tuple:
        for i in range(min(len(defaults), len(names))):
            value = defaults[len(defaults) - 1 - i]
            names[len(names) - 1 - i] += "=" + (brief_list(value) if type(value) is list else short(value))
    if code.co_posonlyargcount:
        names.insert(code.co_posonlyargcount, "/")
    if code.co_flags & 4:  # CO_VARARGS
        names.append("*" + code.co_varnames[count + named])
    elif named:
        names.append("*")
    given = x.__kwdefaults__
    for name in code.co_varnames[count : count + named]:
        names.append(name + ("=" + short(given[name]) if type(given) is dict and name in given else ""))
    if code.co_flags & 8:  # CO_VARKEYWORDS
        names.append("**" + code.co_varnames[count + named + (1 if code.co_flags & 4 else 0)])
    return clean(x.__name__) + "(" + ", ".join([clean(name) for name in names]) + ")"


def brief_list(x):
    return listed(x[:4], len(x), "[", "]")


def describe(x):
    # (value or None, why there is none or None, the objects that it leads to, its number of items)
    t = type(x)
    if t is int and x.bit_length() > most_bits:
        return None, "it has %d bits, too many to tell" % x.bit_length(), (), 0
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
    if t is coroutine_type:
        return "coroutine " + clean(x.__name__), None, (), 0
    if t is async_generator_type:
        return "async generator " + clean(x.__name__), None, (), 0
    for base in order_of_type(t):
        if base is type:
            return "class " + clean(name_of_type(x)), None, (), 0
    number = number_of_c(x, t)
    if number is not None:
        return number, None, (), 0
    array = items_of_c(x, t)
    if array is not None:
        return listed(array[0], array[1], "[", "]"), None, (), array[1]
    fields, cut = fields_of(x, t)
    for base in order_of_type(t):
        if base is exception_type:
            return class_name(x) + exception_arguments(x), None, [v for _, v in fields], 0
    held = held_by_base(x, t)
    if held is not None:
        text, items, count = held
        shown = [name + " = " + short(v) for name, v in fields]
        return text + (" {" + ", ".join(shown) + (", …" if cut else "") + "}" if shown else ""), None, items + [v for _, v in fields], count
    more = keeps_more(t)
    if any([class_of_ctypes(t, kind) is not None for kind in ("Structure", "Union", "_Pointer", "Array")]):
        fields = []  # what ctypes keeps of them is not what they hold
    if not fields and (more or not flags_of_type(t) & made_by_program):
        return None, "an object of type " + class_name(x), (), 0
    shown = [name + " = " + short(v) for name, v in fields]
    return "{" + ", ".join(shown) + (", …" if cut or more else "") + "}", None, [v for _, v in fields], 0


def order_of_type(t):
    return mro_of_type(t) or ()  # a built-in type that the interpreter has not made ready has none


def held_by_base(x, t):
    # What an object holds whose class is derived from a built-in one: (text, objects, number of items). The methods of that built-in
    # class are asked, not those of the object.
    for base in order_of_type(t):
        if base is list or base is tuple:
            count = base.__len__(x)
            items = list(base.__getitem__(x, slice(0, most_items)))
            open_with, close_with = ("[", "]") if base is list else ("(", ")")
            return listed(items, count, open_with, close_with), items, count
        if base is dict:
            count = dict.__len__(x)
            pairs = first_of(dict.items(x))
            shown = [short(k) + ": " + short(v) for k, v in pairs]
            if count > len(pairs):
                shown.append("… (%d)" % count)
            return "{" + ", ".join(shown) + "}", [one for pair in pairs for one in pair], count
        if base is set or base is frozenset:
            count = base.__len__(x)
            items = first_of(base.__iter__(x))
            return listed(items, count, "{", "}") if count else "{}", items, count
        if base is int:
            exact = int.__int__(x)
            return (text_of(exact) if exact.bit_length() <= most_bits else "…"), [], 0
        if base is float:
            return text_of(float.__float__(x)), [], 0
        if base is str:
            return text_of(str.__str__(x)), [], str.__len__(x)
        if base is bytes:
            return text_of(bytes.__getitem__(x, slice(0, most_text))), [], bytes.__len__(x)
    return None


def exception_arguments(x):
    arguments = arguments_of_exception(x)
    if len(arguments) == 1 and type(arguments[0]) is str and not any([base is KeyError for base in order_of_type(type(x))]):
        return ": " + arguments[0][:most_text]
    if len(arguments) == 1 and id(type(arguments[0])) in ids_of_plain:
        return ": " + text_of(arguments[0])  # as str() of it: of a KeyError the text as it is written
    if len(arguments) == 2 and any([base is OSError for base in order_of_type(type(x))]) and file_of_error(x) is not None:
        arguments += (file_of_error(x),)  # it was given, and is kept apart
    return "(" + ", ".join(short(a) for a in arguments[:8]) + ")" if arguments else ""


def size_of(x):
    # As sys.getsizeof says, but by the first __sizeof__ that is not the program's.
    t = type(x)
    if id(t) in ids_of_sized:
        return sys_getsizeof(x)
    size = basic_size_of_type(t)
    for base in order_of_type(t):
        method = dict_of_type(base).get("__sizeof__")
        if type(method) is c_method_type:
            size = method(x)
            break
    flags = flags_of_type(t)
    return size + (16 if flags & collected else 0) + (16 if flags & before_object else 0)

