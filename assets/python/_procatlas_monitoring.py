# procatlas: listens to a Python program from 3.12 on by sys.monitoring, for sitecustomize.py.
import builtins
import sys

import _procatlas_children as children
import _procatlas_faults as faults
import _procatlas_own_code as own_code
import _procatlas_telling as telling

__builtins__ = dict(builtins.__dict__)  # for the functions below: the program may change its own ones

say, note, rest_below = telling.say, telling.note, telling.rest_below
owns, without_us = own_code.owns, faults.without_us


monitoring = sys.monitoring
events = monitoring.events
frame_of = sys._getframe
disable = monitoring.DISABLE
tool = next((number for number in (4, 3, 5) if monitoring.get_tool(number) is None), None)


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
    result = telling.result_of(value)
    value = None
    say(b"r", frame_of(2), result)


def paused(code, offset, value):
    if not owns(code.co_filename):
        return disable
    result = telling.given_by(code, value)
    value = None
    say(b"y", frame_of(2), result)


def unwound(code, offset, exception):
    if owns(code.co_filename):
        exception = None
        say(b"r", frame_of(2), None)


def raised(code, offset, exception):
    if owns(code.co_filename) and telling.goes_through(exception.__traceback__, frame_of(2)):
        result = telling.exception_text(exception)
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


callbacks = {
    events.PY_START: begun,
    events.PY_RESUME: resumed,
    events.PY_THROW: thrown,
    events.PY_RETURN: ended,
    events.PY_YIELD: paused,
    events.PY_UNWIND: unwound,
    events.RAISE: raised,
    events.LINE: line,
    events.JUMP: jumped,
}
wanted_for_lines = 0
for event in callbacks:
    wanted_for_lines |= event
wanted_for_calls = wanted_for_lines & ~(events.LINE | events.JUMP)


def guarded(callback):
    def guard(*arguments):
        try:
            return callback(*arguments)
        except BaseException as error:
            if without_us(error) is not None:
                raise error

    return guard


def change(frame):
    monitoring.set_events(tool, wanted_for_lines if telling.lines_told else wanted_for_calls)


def begin():
    if tool is None:
        return
    monitoring.use_tool_id(tool, "procatlas")
    for event, callback in callbacks.items():
        monitoring.register_callback(tool, event, guarded(callback))
    telling.change_grain = change
    telling.stop_telling = lambda: monitoring.set_events(tool, 0)
    telling.go_on_telling = lambda: change(None)
    change(None)
