"""Why something is not available is told in English by whoever reads a process. Each such sentence must be in the locale files, under
"reason." and itself, so that nobody reads English inside another language ("usage.": what is wrong with a command line).
tests/lint/reasons.py"""

import json
import pathlib
import re
import sys

top = pathlib.Path(__file__).resolve().parent.parent.parent
READERS = ["core/inspect", "core/live/python_message.cpp", "core/live/program_learner.cpp", "core/model/inside.h"]
# Parts of values, names of types and formats: they are no reasons.
OTHER = {
    "clang version", "long double", "long unsigned int", "unsigned long", "unordered map", "unordered set", "hash table",
    "size more than", "borrowed mutably", "variant: valueless by exception", "function: empty", "any: empty",
    "weak_ptr to what is gone", "first =", "second =", "its debug information", "is in", "is in the file", "is in another file,",
    "to nothing", "how many share it is not in the debug information)", "use count", "weak count",
}


def literals(file):
    for line in file.read_text().split("\n"):
        code = re.sub(r"//.*$", "", line) if '"' not in line.split("//")[0] or "//" not in line else line
        code = code if not code.lstrip().startswith("//") and "#include" not in code else ""
        code = re.sub(r'^([^"]*(?:"(?:[^"\\]|\\.)*"[^"]*)*?)\s//.*$', r"\1", code)
        for text in re.findall(r'"((?:[^"\\]|\\.)*)"', code):
            yield text


def is_sentence(text):
    text = text.strip(" ;,:(")
    return bool(re.match(r"[a-z][a-z' -]* ", text)) and not re.search(r"[{}<>%\\]|::|==", text) and text not in OTHER


def main():
    english = json.loads((top / "assets/locale/en.json").read_text())
    korean = json.loads((top / "assets/locale/ko.json").read_text())
    known = [key.removeprefix("reason.") for key in english if key.startswith("reason.")]
    told = [key for key in english if key.startswith(("reason.", "usage."))]
    wrong = [f"{key}: its English differs from its key" for key in told if key.split(".", 1)[1] != english[key]]
    wrong += [f"{key}: not translated" for key in told
              if korean.get(key) in (None, english[key]) and re.search("[a-z]", english[key])]
    wrong += [f"{key}: other holes in the translation" for key in told if korean.get(key, "").count("{}") != key.count("{}")]
    count = 0
    for name in READERS:
        path = top / name
        for file in sorted([path] if path.is_file() else [*path.rglob("*.cpp"), *path.rglob("*.h")]):
            for text in literals(file):
                if is_sentence(text):
                    count += 1
                    part = re.sub(r"0x$", "", text)
                    if not any(part.strip() in one for one in known):
                        wrong.append(f"{file.relative_to(top)}: \"{text}\" is not among the reasons of the locale files")
    for line in wrong:
        print(line)
    if count < 100:
        print(f"only {count} sentences were found: the readers are written in another way now")
    return 1 if wrong or count < 100 else 0


sys.exit(main())
