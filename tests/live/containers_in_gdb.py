# Run by gdb on a C++ program: at each call of `mark` prints `@` and a line of JSON: the variables of the frames below as libstdc++'s
# own printers read them, in the words of procatlas. Addresses are written as 0x.
#   gdb -nx -batch -x containers_in_gdb.py PROGRAM
import itertools
import json
import re

import gdb

shown = 200


def plain(value):
    return value.cast(value.type.strip_typedefs().unqualified())


def head_of(value):
    name = value.type.strip_typedefs().name or ""
    return name.split("<")[0].replace("std::__cxx11::", "std::")


def text_of_string(printer, alone):
    told = printer.to_string()
    if hasattr(told, "length") and told.length == 0:
        return '""'
    text = told.value().format_string() if hasattr(told, "value") else told.format_string(format="s") if isinstance(told, gdb.Value) else json.dumps(told)
    if hasattr(told, "length") and told.length > shown:
        text = re.sub(r"<repeats 200 times>\.\.\.$", "<repeats %d times>" % told.length, text)
        text += " length %d" % told.length if text.endswith("...") else ""
    return text


def cut(parts, more, sizes, alone):
    text = "{" + ", ".join(parts[:shown]) + ("...}" if more else "}")
    return text + (" " + sizes if sizes and (more or alone) else "")


def repeats(parts):
    """Equal neighbours of a row, as gdb and procatlas write them."""
    out = []
    at = 0
    while at < len(parts):
        same = 1
        while at + same < len(parts) and parts[at + same] == parts[at]:
            same += 1
        out += ["%s <repeats %d times>" % (parts[at], same)] if same > 10 else [parts[at]] * same
        at += same
    return out


def of_pointer(name, pointer, alone, behind, told=""):
    if int(pointer) == 0:
        return name + told + " to nothing"
    text = "%s%s to 0x" % (name, told)
    return text if behind else text + " -> " + told_of(pointer.dereference(), False, True)


def text_of_function(value):
    if int(value["_M_manager"]) == 0:
        return "function: empty"
    name = str(value["_M_invoker"])
    target = value["_M_functor"]["_M_unused"]["_M_function_pointer"]
    return "function: 0x <%s>" % re.search(r"<(.*)>", str(target))[1] if "(*)(" in name.split("::_M_invoke")[0] else None


def of_container(value, printer, alone, behind):
    head = head_of(value)
    told = printer.to_string() if hasattr(printer, "to_string") else ""
    # What is not constructed yet may lead in a ring.
    children = list(itertools.islice(printer.children(), 5000)) if hasattr(printer, "children") else []
    kids = [child for _, child in children]
    if head in ("std::basic_string", "std::basic_string_view"):
        return text_of_string(printer, alone)
    if head == "std::unique_ptr":
        return of_pointer("unique_ptr", kids[0], alone, behind)
    if head in ("std::shared_ptr", "std::weak_ptr"):
        count = re.search(r"\(use count (\d+), weak count (\d+)\)", told)
        gone = re.search(r"expired", told)
        if gone:
            return "weak_ptr to what is gone"
        words = "" if not count else " (use count %s%s)" % (count[1], ", weak count " + count[2] if int(count[2]) else "")
        return of_pointer(head[5:], kids[0], alone, behind, words)
    if head == "std::optional":
        return "optional: " + told_of(printer.contained_value, False, behind) if kids else "nullopt"
    if head == "std::variant":
        if not kids:
            return "variant: valueless by exception"
        kind = re.sub(r"^std::(__cxx11::)?", "", str(printer.contained_value.type.strip_typedefs()))
        kind = "string" if "basic_string<char" in kind else re.sub(r", std::(less|allocator)<.*", ">", kind)
        return "variant: %s %s" % (kind, told_of(printer.contained_value, False, behind))
    if head == "std::tuple":
        return "(" + ", ".join(told_of(k, False, behind) for k in kids) + ")"
    if head == "std::pair":
        return "{first = %s, second = %s}" % tuple(told_of(k, False, behind) for k in kids)
    if head in ("std::stack", "std::queue", "std::priority_queue"):
        return told_of(value["c"], False, behind)
    row = head in ("std::vector", "std::initializer_list") and "vector<bool>" not in told
    size = len(kids)
    if printer.display_hint() == "map" if hasattr(printer, "display_hint") else False:
        size //= 2
        parts = ["%s: %s" % (told_of(kids[2 * i], False, behind), told_of(kids[2 * i + 1], False, behind)) for i in range(min(size, shown))]
    elif row:
        parts = repeats([told_of(k, False, behind) for k in kids])
    else:
        parts = [told_of(k, False, behind) for k in (kids if head == "std::array" else kids[:shown])]
    capacity = re.search(r"capacity (\d+)", told)
    sizes = "size %d" % size + (", capacity " + capacity[1] if capacity else ", capacity 0" if told.startswith("std::vector<bool> of length 0") else "")
    return cut(parts, size > shown and not (row and len(parts) <= shown), sizes, alone)


def told_of(value, alone, behind=False):
    if not isinstance(value, gdb.Value):
        return str(value).lower()
    kind = value.type.strip_typedefs()
    if kind.code in (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF):
        target = value.referenced_value()
        return "@0x: " + told_of(target, True, behind) if alone else "@0x"
    value = plain(value)
    printer = gdb.default_visualizer(value)
    if head_of(value) == "std::function":
        return text_of_function(value)
    if printer:
        return of_container(value, printer, alone, behind)
    if head_of(value) == "std::array":
        return told_of(value["_M_elems"], False, behind) if kind.sizeof and "0" != str(kind.template_argument(1)) else "{}"
    if kind.code == gdb.TYPE_CODE_ARRAY and kind.target().sizeof > 1:
        return cut(repeats([told_of(value[i], False, behind) for i in range(kind.range()[1] + 1)]), False, "", False)
    if kind.code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
        parts = []
        for field in kind.fields():
            if hasattr(field, "bitpos"):
                before = "<%s> = " % re.sub(r"^std::", "", field.name) if field.is_base_class else field.name + " = "
                parts.append(before + told_of(value[field], False, behind))
        return "{" + (", ".join(parts) or "<No data fields>") + "}"
    return value.format_string()


def told(symbol, frame):
    try:
        value = symbol.value(frame)
        if value.is_optimized_out:
            return "<optimized out>"
        return re.sub(r"0x[0-9a-f]+", "0x", told_of(value, True))
    except Exception as why:  # a printer may stumble in any way over what is not constructed yet
        return "<error: %s>" % why


def frames_told():
    frames = []
    frame = gdb.newest_frame().older()
    while frame and frame.function():
        frame.select()
        variables = {}
        block = frame.block()
        while block:
            for symbol in block:
                if symbol.is_argument or symbol.is_variable:
                    variables.setdefault(symbol.name, told(symbol, frame))
            block = None if block.function else block.superblock
        frames.append(variables)
        frame = None if frame.function().name == "main()" or frame.function().name == "main" else frame.older()
    return frames


for setting in ("confirm off", "width 0", "startup-with-shell off", "print static-members off", "print elements 200", "charset UTF-8"):
    gdb.execute("set " + setting)
gdb.Breakpoint("mark")
gdb.execute("run", to_string=True)
while gdb.selected_inferior().pid != 0:
    print("\n@" + json.dumps(frames_told()), flush=True)
    gdb.execute("continue", to_string=True)
