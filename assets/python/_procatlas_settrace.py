# procatlas: listens to a Python program from 3.8 to 3.11 by sys.settrace, for sitecustomize.py. Syntax of Python 3.8.
import builtins
import sys

import _procatlas_children as children
import _procatlas_faults as faults
import _procatlas_own_code as own_code
import _procatlas_telling as telling

__builtins__ = dict(builtins.__dict__)  # for the functions below: the program may change its own ones

say, write, nowhere, note, can_pause = telling.say, telling.write, telling.nowhere, telling.note, telling.can_pause
owns, without_us = own_code.owns, faults.without_us


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
stepped_back = False
ours = False  # it is this hook that calls sys.settrace


def set_trace(function):
    global ours
    ours = True
    sys_settrace(function)
    ours = False


def say_step_back():
    global stepped_back
    if not stepped_back:
        stepped_back = True
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


leaving = False  # an exception of the program is about to leave this hook, and the interpreter then takes it away
calls = (131, 141, 142, 161, 166, 171)  # CALL_FUNCTION, CALL_METHOD, CALL and their like, 3.8 to 3.11


def heard(event, _):
    global leaving
    if event != "sys.settrace":
        return
    if leaving:
        leaving = False
    elif not ours and sys_gettrace() is enter:
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
            frame.f_trace_lines = telling.lines_told
        frame = frame.f_back


def say_interrupted():
    try:
        write(nowhere, b"procatlas1i\0\0")
    except OSError:
        pass


raised = 0  # the id of the frame in which an exception is looking for somebody to catch it


def leave(frame):
    global leaving
    refill(frame)
    leaving = True
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
    global raised
    if sys_gettrace() is not enter:
        step_back(frame)
        return None
    thrown, raised = raised, 0
    if event == "line":
        if telling.lines_told:
            say(b"l", frame, None)
        else:
            frame.f_trace_lines = False
    elif event == "return":
        way = how_it_leaves(frame, argument, thrown == id(frame))
        result = None
        if way == b"r":
            result = telling.result_of(argument)
        elif way == b"y":
            result = telling.given_by(frame.f_code, argument)
        argument = None
        say(way or b"r", frame, result)
    elif event == "exception":
        raised = id(frame)
        frame.f_trace_lines = True  # a next line is of whoever catches it
        if telling.goes_through(argument[2], frame):
            result = telling.exception_text(argument[1])
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
    frame.f_trace_lines = telling.lines_told
    if say(b"g" if goes_on(frame) else b"c", frame, None):
        telling.rest_below(frame)
        return None
    return in_frame


def change(frame):
    while frame is not None:
        if frame.f_trace is in_frame:
            frame.f_trace_lines = telling.lines_told
        frame = frame.f_back


def begin_again():
    if sys_gettrace() is None:
        set_trace(enter)


def begin():
    telling.change_grain = change
    telling.stop_telling = lambda: set_trace(None)
    telling.go_on_telling = begin_again
    sys.addaudithook(heard)
    begin_again()
