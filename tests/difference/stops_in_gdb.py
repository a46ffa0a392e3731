# Run by gdb on a program: at each call of `mark` prints `@` and a line of JSON: the variables of the frames below, and the static ones.
#   gdb -nx -batch -x stops_in_gdb.py PROGRAM
import json

import gdb

read_at_most = 262144  # of a larger variable procatlas tells the start


def text_of(symbol, frame):
    try:
        value = symbol.value(frame) if frame and symbol.needs_frame else symbol.value()
        if value.type.sizeof > read_at_most:
            return "<too large>"
        return "<optimized out>" if value.is_optimized_out else value.format_string(deref_refs=True)
    except (gdb.error, gdb.MemoryError) as why:
        return "<error: %s>" % why


def is_static(symbol):
    return symbol.is_variable and symbol.addr_class == gdb.SYMBOL_LOC_STATIC


def frame_told(frame, statics):
    frame.select()  # the lengths of arrays are looked up there
    function = frame.function().name
    variables = []
    block = frame.block()
    while block:
        for symbol in block:
            constant = symbol.is_constant and symbol.type.code != gdb.TYPE_CODE_ENUM
            if symbol.is_argument or symbol.is_variable or constant:
                if is_static(symbol):
                    statics.setdefault(function.split("(")[0] + "::" + symbol.name, []).append(text_of(symbol, None))
                else:
                    variables.append([symbol.name, text_of(symbol, frame)])
        if block.function:
            break
        block = block.superblock
    return {"function": function, "variables": variables}


def told():
    frames = []
    statics = {}
    frame = gdb.newest_frame().older()
    while frame:
        symtab = frame.find_sal().symtab
        if symtab and symtab.objfile == program and frame.type() in (gdb.NORMAL_FRAME, gdb.INLINE_FRAME) and frame.function():
            frames.append(frame_told(frame, statics))
        frame = frame.older()
    for table in tables:
        for block in (table.global_block(), table.static_block()):
            for symbol in block:
                if symbol.is_variable and is_static(symbol):
                    statics.setdefault(symbol.name, []).append(text_of(symbol, None))
    return {"frames": frames, "statics": statics}


for setting in ("confirm off", "width 0", "startup-with-shell off", "disable-randomization on", "print static-members off",
                "print demangle off", "charset ASCII", "max-value-size unlimited"):
    gdb.execute("set " + setting)
gdb.execute("unset environment")
program = gdb.objfiles()[0]
tables = {}
gdb.Breakpoint("mark")
gdb.execute("run", to_string=True)
if gdb.selected_inferior().pid != 0:
    for name in ("main", "mark", "second_unit"):
        symbol = gdb.lookup_global_symbol(name)
        if symbol:
            tables[symbol.symtab.filename] = symbol.symtab
tables = list(tables.values())
while gdb.selected_inferior().pid != 0:
    print("\n@" + json.dumps(told()), flush=True)
    gdb.execute("continue", to_string=True)
