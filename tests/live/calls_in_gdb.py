# Run by gdb on a program: prints each call and return of the program's own functions as `@` and a line of JSON, as gdb sees them.
#   gdb -nx -batch -x calls_in_gdb.py PROGRAM
import json
import re

import gdb

whole_word = 2**64 - 1


def shown(told):
    print("\n@" + json.dumps(told), flush=True)


def variable_told(symbol, frame=None, scope=""):
    value = symbol.value(frame) if frame else symbol.value()
    return {"name": scope + symbol.name, "type": str(symbol.type), "address": hex(int(value.address)), "value": value.format_string(deref_refs=True)}


def is_static(symbol):
    return symbol.is_variable and symbol.addr_class == gdb.SYMBOL_LOC_STATIC


def variables_of(frame):
    """Parameters and locals of all blocks that the frame is in."""
    found = []
    block = frame.block()
    while block:
        found += [variable_told(s, frame) for s in block if (s.is_argument or s.is_variable) and not is_static(s)]
        block = None if block.function else block.superblock
    return found


def frame_told(frame):
    frame.select()
    about = gdb.execute("info frame", to_string=True)
    place = frame.find_sal()
    return {"function": frame.name(), "file": place.symtab.fullname(), "line": place.line,
            "start": hex(int(frame.read_register("sp")) & whole_word), "end": re.search(r"frame at (0x[0-9a-f]+)", about)[1],
            "return_address": re.search(r"saved (?:rip|pc) = (0x[0-9a-f]+)", about)[1], "pc": hex(frame.pc()),
            "variables": variables_of(frame)}


def own_frames():
    """Those of the program itself, innermost first."""
    frames = []
    frame = gdb.newest_frame()
    while frame:
        symtab = frame.find_sal().symtab
        if symtab and symtab.objfile.filename == program.filename:
            frames.append(frame_told(frame))
        frame = frame.older()
    return frames


def tell(kind, function):
    architecture = gdb.newest_frame().architecture().name()
    result = gdb.newest_frame().read_register("rax" if "x86" in architecture else "x0")
    shown({"kind": kind, "function": function, "result": hex(int(result) & whole_word), "frames": own_frames(),
           "globals": [variable_told(symbol, scope=scope) for scope, symbol in variables]})


# As a shell would not do it, but as the program is started elsewhere: at the same addresses, with the same environment.
for setting in ("confirm off", "width 0", "startup-with-shell off", "disable-randomization on"):
    gdb.execute("set " + setting)
gdb.execute("unset environment")
program = gdb.objfiles()[0]

table = gdb.lookup_global_symbol("main").symtab
symbols = list(table.global_block()) + list(table.static_block())
functions = [symbol for symbol in symbols if symbol.is_function]
for function in functions:
    gdb.Breakpoint(function.name)
gdb.execute("run", to_string=True)
variables = [("", symbol) for symbol in symbols if symbol.is_variable]
for function in functions:
    variables += [(function.name + "::", s) for s in gdb.block_for_pc(int(function.value().address)) if is_static(s)]

calls = []  # (function, where it returns to, the stack pointer then)
places = set()  # with a breakpoint, for a call returns there
while gdb.selected_inferior().pid != 0:
    frame = gdb.newest_frame()
    here = (frame.pc(), int(frame.read_register("sp")) & whole_word)
    if here[0] not in places:
        told = frame_told(frame)
        calls.append((told["function"], int(told["return_address"], 16), int(told["end"], 16)))
        tell("call", told["function"])
        if calls[-1][1] not in places:
            places.add(calls[-1][1])
            gdb.Breakpoint("*" + hex(calls[-1][1]))
    elif here == calls[-1][1:]:
        tell("return", calls.pop()[0])
    gdb.execute("continue", to_string=True)
shown({"kind": "end", "still_called": len(calls)})
