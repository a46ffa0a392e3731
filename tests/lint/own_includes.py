"""Checks that each source includes the header of ours that declares what it uses, itself or by another header of ours.

Few units hide a missing include: the sources before it in its unit have it. To compile each source by itself takes minutes
(tests/lint/run alone); this reads names only and takes a second. It knows what stands at the left margin of a header, where
clang-format puts all that a namespace has. A name that several headers declare is right by any of them.
Of 65 includes, chosen by chance, without which a source does not compile by itself, this and standard_includes.py found 63.
usage: own_includes.py FOLDER..., in the top folder of the project
"""

import pathlib
import re
import sys

COMMENT_OR_TEXT = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
INCLUDE = re.compile(r'^\s*#\s*include "([^"]+)"', re.MULTILINE)
TYPE = re.compile(r"^(?:struct|class|union|enum class|enum|concept) (?:\[\[\w+\]\] )?(\w+)(?! *;)\b[^;\n]*[{:]", re.MULTILINE)
ALIAS = re.compile(r"^using (\w+) =", re.MULTILINE)
VARIABLE = re.compile(r"^(?:inline |extern |static )*(?:constexpr |const )+[\w:<>, *&]*?(\w+)(?:\[\w*\])? ?[={;]", re.MULTILINE)
FUNCTION = re.compile(r"^(?!return|else|if|for|namespace|using|class|struct|enum)[\w:\[][^\n;={}()]*?[ &*](\w+)\(", re.MULTILINE)
MACRO = re.compile(r"^#define (\w+)", re.MULTILINE)
# Types, and functions of two words: one word is too often a member's name. Not behind a dot, an arrow or a namespace.
USE = re.compile(r"(?<![\w.:])(?<!->)(?:procatlas::)?(?:([A-Z]\w*)\b|([a-z]\w*_\w+)[(<])")
# What a class, a function or a template declares for itself, and types that are only named: none of it needs a header.
LOCAL = (re.compile(r"^\s*(?:struct|class|enum class|enum|using|friend class) (\w+)", re.MULTILINE),
         re.compile(r"(?:typename|class|auto) (\w+)"),
         re.compile(r"^\s+(?:\[\[\w+\]\] )?(?:const |static |virtual |explicit |constexpr )*(?!return|co_return|else|throw)[\w:][\w:<>, *&]*[ &*>](\w+)\(", re.MULTILINE),
         re.compile(r"[\w>&*] (\w+)(?=[,)])"))
# Templates find these where they are used, not where they are written.
FOUND_LATER = {"last_of"}


def code_of(path):
    return COMMENT_OR_TEXT.sub(" ", path.read_text())


def declared_in(code):
    return {name for pattern in (TYPE, ALIAS, VARIABLE, FUNCTION, MACRO) for name in pattern.findall(code)}


class Headers:
    def __init__(self, folders):
        self.of_name = {}
        self.closures = {}
        self.local = {}
        for path in sorted(path for folder in folders for path in pathlib.Path(folder).rglob("*.h")):
            code = code_of(path)
            for name in declared_in(code):
                self.of_name.setdefault(name, set()).add(str(path))

    def closure(self, path):
        """The headers of ours that `path` includes, and those that they include, and itself."""
        if path not in self.closures:
            found = self.closures[path] = {path}
            if pathlib.Path(path).is_file():
                for name in INCLUDE.findall(pathlib.Path(path).read_text()):
                    found |= self.closure(name)
        return self.closures[path]

    def local_of(self, path):
        """What the file at `path` declares that needs no header."""
        if path not in self.local:
            code = code_of(pathlib.Path(path)) if pathlib.Path(path).is_file() else ""
            self.local[path] = {name for pattern in LOCAL for name in pattern.findall(code)}
        return self.local[path]


def main():
    headers = Headers(sys.argv[1:])
    wrong = 0
    for path in sorted(path for folder in sys.argv[1:] for path in pathlib.Path(folder).rglob("*")):
        if path.suffix not in (".h", ".cpp"):
            continue
        code = code_of(path)
        closure = headers.closure(str(path))
        known = declared_in(code).union(*(headers.local_of(header) for header in closure))
        used = {name for names in USE.findall(code) for name in names if name}
        for name in sorted(used & headers.of_name.keys() - known - FOUND_LATER):
            if not headers.of_name[name] & closure:
                print(f"{path}: {name} needs " + " or ".join(sorted(headers.of_name[name])))
                wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
