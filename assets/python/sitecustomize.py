# procatlas: tells the calls, returns, lines and exceptions of a Python program, while `procatlas trace --grain calls` or
# `lines` follows it. The launch puts this folder first on PYTHONPATH. Syntax of Python 3.8.
#
# _procatlas_settrace.py or, from 3.12 on, _procatlas_monitoring.py listens; _procatlas_telling.py writes what a moment is.
# Nothing here runs code of the program that it looks at (_procatlas_objects.py).
#
# It hides itself: when the program begins, neither sys.path, os.environ nor sys.modules know of it.


def _begin():
    import os
    import posix
    import sys

    import _procatlas_faults as faults
    import _procatlas_own_code as own_code
    import _procatlas_script as script
    import _procatlas_telling as telling

    if sys.version_info >= (3, 12):
        import _procatlas_monitoring as listening
    else:
        import _procatlas_settrace as listening

    own_code.our_files.add(__file__)
    our_globals = [globals()]
    for name in [name for name in sys.modules if name.startswith("_procatlas_")]:
        module = sys.modules.pop(name)
        own_code.our_files.add(module.__file__)
        our_globals.append(module.__dict__)

    faults.know_ours(our_globals)

    asked = script.hide()
    wanted, _, inherited = asked.partition(":")
    grain, _, more = wanted.partition("+")
    own_code.begin(inherited, more == "libraries")
    if grain not in ("calls", "lines"):
        return lambda: None
    posix.putenv(b"PROCATLAS_PYTHON", os.fsencode(wanted + ":" + own_code.inherited_roots()))
    telling.lines_told = grain == "lines"
    return listening.begin


_arm = _begin()
try:
    import sys

    _own = sys.modules.pop("sitecustomize", None)
    import sitecustomize  # the machine's own, as if ours were not there
finally:
    _arm()
