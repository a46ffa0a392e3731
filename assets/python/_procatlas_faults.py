# procatlas: what goes wrong in the hook must not go into the program, for sitecustomize.py. Syntax of Python 3.8.
import builtins

__builtins__ = dict(builtins.__dict__)  # for the functions below: the program may change its own ones

our_globals = []  # of each module of the hook: kept, for what is gone may leave its id to the program
ids_of_our_globals = set()


def know_ours(dictionaries):
    our_globals.extend(dictionaries)
    ids_of_our_globals.update([id(one) for one in dictionaries])


def is_ours(frame):
    return id(frame.f_globals) in ids_of_our_globals


def is_fault_of_ours(error):
    # A signal's handler of the program may run while we look: what it raises is the program's.
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and is_ours(trace.tb_frame)


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
