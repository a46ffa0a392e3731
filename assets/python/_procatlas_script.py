# procatlas: how this Python was begun, for sitecustomize.py: its script, as the command line says (sys.argv is not there yet, and
# sys.orig_argv only since 3.10), and what procatlas put into its environment. Syntax of Python 3.8.
import os
import posix
import sys


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


def take_variable(name):
    # Not from os.environ: that would take it from the programs that this one executes.
    return os.environ._data.pop(name, None)


def hide():
    # Takes away what a program may not see, and returns what was asked for.
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
