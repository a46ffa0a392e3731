# procatlas: which code is the student's own, for sitecustomize.py. Syntax of Python 3.8.
import builtins
import os

import _procatlas_script as script

__builtins__ = dict(builtins.__dict__)  # for the functions below: the program may change its own ones

start_folder = os.getcwd() if os.path.exists(".") else "/"
library = os.path.dirname(os.__file__) + "/"
our_files = set()
own_files = {}
told_files = {}
with_libraries = False
roots = (start_folder, start_folder)
whole_name = "<none>"  # of a program that is no file


def begin(inherited, libraries):
    global roots, whole_name, with_libraries
    roots, whole_name = own_folder(inherited)
    with_libraries = libraries


def absolute(name):
    return os.path.normpath(os.path.join(start_folder, name))


def own_folder(inherited):
    try:
        arguments = script.arguments_of_python()
    except OSError:
        arguments = []
    if inherited and any("multiprocessing" in word for word in arguments[:8]):
        return roots_in(inherited), "<none>"  # a child that is begun anew by multiprocessing runs its parent's files
    name = script.script_of(arguments)
    if name is not None:
        # Python looks for the script's modules where it really is, behind links.
        return (os.path.dirname(absolute(name)), os.path.dirname(os.path.realpath(absolute(name)))), "<none>"
    return (start_folder, start_folder), "<string>" if any(word.startswith("-") and "c" in word for word in arguments) else "<stdin>"


def roots_in(text):
    # Paths that are made whole have no empty part, so one stands between the two.
    first, _, second = text.partition("//")
    return (first, second) if second else (text, text)


def is_own(name):
    if name in our_files:
        return False
    if name.startswith("<"):
        return name == whole_name
    return with_libraries or not is_of_library(name)


def is_of_library(name):
    if name.startswith("<"):
        return False
    path = absolute(name)
    if "/site-packages/" in path or "/dist-packages/" in path or path.startswith(library):
        return True
    return not any([path.startswith(root if root.endswith("/") else root + "/") for root in roots])


def told_file(name):
    known = told_files.get(name)
    if known is None:
        known = told_files[name] = name if name.startswith("<") else absolute(name)
    return known


def owns(name):
    known = own_files.get(name)
    if known is None:
        known = own_files[name] = is_own(name)
    return known


def inherited_roots():
    # What `inherited` is for a process that this one makes anew.
    return roots[0] if roots[0] == roots[1] else "//".join(roots)
