"""Prints the commands, each ended by a null character, that check each source of a build folder without making code.

usage: compile_alone.py BUILD PATTERN HEADER. HEADER is written, and compiled first: the standard headers that most sources include.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys

STANDARD = ("algorithm array chrono cstddef cstdint filesystem fstream functional map memory mutex optional ranges set span string "
            "string_view thread unordered_map variant vector").split()
THIRD_PARTY = ["fmt/format.h"]


def command_of(unit):
    words = shlex.split(unit["command"])
    if os.path.basename(words[0]) == "ccache":
        words = words[1:]
    output = words.index("-o")
    del words[output:output + 2]
    words.remove("-c")
    return words


def flags_of(words):
    """What decides how the standard headers are read."""
    return tuple(word for word in words[1:-1] if not word.startswith(("-I", "-i", "/", "-DPROCATLAS")))


def precompile(header, commands):
    """Once for each set of flags: of a folder of compiled headers, g++ takes the one that fits (or says that none does)."""
    with open(header, "w") as text:
        text.writelines(f"#include <{name}>\n" for name in [*STANDARD, *THIRD_PARTY])
    shutil.rmtree(header + ".gch", ignore_errors=True)
    os.mkdir(header + ".gch")
    kinds = {flags_of(words): words[0] for _, words in commands}
    running = [subprocess.Popen([compiler, *flags, "-x", "c++-header", header, "-o", f"{header}.gch/{number}"])
               for number, (flags, compiler) in enumerate(kinds.items())]
    if any([compiler.wait() for compiler in running]):
        sys.exit("the standard headers could not be compiled")


def main():
    build, pattern, header = sys.argv[1:]
    with open(os.path.join(build, "compile_commands.json")) as text:
        units = [unit for unit in json.load(text) if re.match(pattern, os.path.relpath(unit["file"]))]
    commands = [(unit["directory"], command_of(unit)) for unit in units]
    with_header = "g++" in os.path.basename(commands[0][1][0]) or commands[0][1][0].endswith("c++")
    if with_header:
        precompile(header, commands)
    for folder, words in commands:
        more = ["-include", os.path.abspath(header)] if with_header else []
        line = shlex.join([words[0], *more, *words[1:-1], "-fsyntax-only", words[-1]])
        print(f"cd {shlex.quote(folder)} && {line}", end="\0")


if __name__ == "__main__":
    main()
