"""Proof by difference: of generated programs, each variable at each call of `mark` is what gdb prints, or not available with a reason.

    python3 difference.py BUILD_FOLDER COUNT [FIRST]

Programs COUNT numbers from FIRST on; a number always gives the same program and the same options. Prints each difference with its
number, and the share of values that are not available; fails on a difference, or where that share at -O0 is 1 % or more."""
import concurrent.futures
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

import generate

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT = 60
most_not_available = 0.01
longest_text = 30000


class Failed(Exception):
    pass


class GdbFailed(Exception):
    pass


def run(command, folder, **more):
    try:
        done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LIMIT,
                              encoding="utf-8", errors="replace", **more)
    except subprocess.TimeoutExpired as why:
        raise Failed("takes too long: " + " ".join(command)) from why
    return done


def options_of(number):
    """The language, the compiler and its options."""
    choice = random.Random(number * 7 + 1)
    kinds = ["c", "c", "c++", "c++"] + (["csmith"] if shutil.which("csmith") and os.path.exists("/usr/include/csmith/csmith.h") else [])
    kind = kinds[number % len(kinds)]
    compilers = [c for c in (["g++", "clang++", "clang++-19"] if kind == "c++" else ["gcc", "clang", "clang-19"]) if shutil.which(c)]
    compiler = choice.choice(compilers)
    level = choice.choice(["-O0", "-O0", "-Og", "-O2"])
    more = [choice.choice(["", "", "-gsplit-dwarf", "-fdebug-types-section", "-gz"]), choice.choice(["", "-no-pie", "-fomit-frame-pointer"])]
    after = choice.choice(["", "", "", "debuglink", "dwz"])
    if after == "dwz" and not shutil.which("dwz"):
        after = ""
    version = choice.choice([2, 3, 4, 5])
    if more[0] == "-gsplit-dwarf":
        version = max(version, 4)  # what is older was never split
    if more[0] == "-fdebug-types-section":
        version = max(version, 4)  # type units belong to DWARF 4; clang alone writes them into older ones, which libdw does not read
    options = ["-gdwarf-%d" % version, level] + [m for m in more if m] + ["-w"]
    return kind, compiler, options, after


def csmith_source(number, folder):
    done = run(["csmith", "--seed", str(number), "--max-funcs", "5", "--max-block-depth", "3", "--no-hash-value-printf", "--concise"], folder)
    if done.returncode != 0:
        raise Failed("csmith: " + done.stderr)
    # A few stops at the ends of functions, where all variables have values.
    text = re.sub(r"(?m)^(\s+)return ", r"\1if (stops_left-- > 0) mark(1); \1return ", done.stdout)
    text = re.sub(r"(?m)^(\s+)platform_main_end\(", r"\1mark(2); _exit(0); platform_main_end(", text)
    return text.replace('#include "csmith.h"', '#include "csmith.h"\nvoid mark(int number);\nvoid _exit(int status);\nstatic int stops_left = 6;', 1)


def build(number, folder):
    """The path of the program, the options it was compiled with, and what gdb told of it; None: it is of no use."""
    kind, compiler, options, after = options_of(number)
    if kind == "csmith":
        first, second = csmith_source(number, folder), "__attribute__((noinline)) void mark(int number) { __asm__ volatile(\"\" : : \"r\"(number)); }\n"
        options.append("-I/usr/include/csmith")
    else:
        first, second = generate.program(number, kind == "c++", compiler.startswith("g"))
    suffix = ".cpp" if kind == "c++" else ".c"
    for name, text in (("first", first), ("second", second)):
        with open(os.path.join(folder, name + suffix), "w", encoding="utf-8") as file:
            file.write(text)
    if kind == "c++":
        options.append("-std=c++20")
    units = ["-o", "program", "first" + suffix, "second" + suffix]
    # gdb does not see all variables of split DWARF 5; the same code without that is at the same addresses.
    done = run([compiler] + [o for o in options if o != "-gsplit-dwarf"] + units, folder)
    if done.returncode != 0:
        raise Failed("does not compile: " + done.stderr[:2000])
    if not ends_soon(os.path.join(folder, "program"), folder):
        return None
    gdbs = stops_in_gdb(os.path.join(folder, "program"), folder)
    run([compiler] + options + units, folder)
    if after == "debuglink":
        for command in (["objcopy", "--only-keep-debug", "program", "program.debug"], ["strip", "program"],
                        ["objcopy", "--add-gnu-debuglink=program.debug", "program"]):
            run(command, folder)
    elif after == "dwz":
        run(["dwz", "program"], folder)
    return os.path.join(folder, "program"), " ".join([compiler] + options + [after]), gdbs


def ends_soon(program, folder):
    try:
        return subprocess.run([program], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=5).returncode >= 0
    except subprocess.TimeoutExpired:
        return False


def stops_in_gdb(program, folder):
    done = run(["gdb", "-nx", "-batch", "-x", os.path.join(HERE, "stops_in_gdb.py"), program], folder,
               env={**os.environ, "DEBUGINFOD_URLS": "", "LC_ALL": "C.UTF-8"})
    stops = [json.loads(line[1:]) for line in done.stdout.splitlines() if line.startswith("@{")]
    if "This is a bug, please report it" in done.stdout + done.stderr:
        raise GdbFailed()
    if not stops:
        raise Failed("gdb sees no stop: " + done.stdout[-500:] + done.stderr[-1500:])
    return stops


def stops_here(build_folder, program, folder, tries=2):
    command = ["setarch", "-R", os.path.join(build_folder, "bin", "procatlas"), "trace", "--json", "--grain", "calls", "--only", "mark", "--",
               "env", "-i", program]
    done = run(command, folder)
    try:
        recording = json.loads(done.stdout)
    except ValueError as why:
        raise Failed("procatlas: " + done.stderr[:500]) from why
    if tries > 1 and any("in a second" in (event.get("frames_cut") or "") for event in recording["events"]):
        return stops_here(build_folder, program, folder, tries - 1)  # the machine is busy
    stops = [event for event in recording["events"] if event["kind"] == "call" and event.get("frames")]
    last = [p for p in recording["processes"] if p.get("globals")]
    return stops, (last[-1]["globals"] if last else []), [e["not_available"] for e in recording["events"] if e.get("not_available")]


def without_repeated_bases(text):
    """Each base class once: a virtual one is shown once or again where it is mentioned."""
    seen = set()
    at = 0
    while found := re.compile(r"<(\w+)> = {").search(text, at):
        if found[1] not in seen:
            seen.add(found[1])
            at = found.end()
            continue
        depth, end = 1, found.end()
        while depth and end < len(text):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        text = text[: found.start()] + text[end + 2 if text[end : end + 2] == ", " else end:]
        at = found.start()
    return text


def plain(text):
    """gdb says where a class has bases alone; only the addresses of pointers are compared, not the symbols there."""
    text = without_repeated_bases(text)
    text = text.replace(", <No data fields>", "").replace("<No data fields>", "").replace(", }", "}")
    text = "".join(c if ord(c) < 128 else "".join("\\%03o" % b for b in c.encode("utf-8", "surrogateescape")) for c in text)
    text = re.sub(r'", <incomplete sequence ((?:\\\d{3})+)>', r'\1"', text)
    text = re.sub(r'<incomplete sequence ((?:\\\d{3})+)>', r'"\1"', text)
    return re.sub(r"(0x[0-9a-f]+) <[^<>]*>", r"\1", text)


def equal(ours, gdbs):
    if gdbs == "<optimized out>":
        return ours.get("value") is None
    return ours.get("value") is not None and plain(ours["value"]) == plain(gdbs)


def has_parts(parts, text):
    """Whether the parts come in this order in the text, which begins with the first and ends with the last."""
    if not text.startswith(parts[0]) or not text.endswith(parts[-1]):
        return False
    at = 0
    for part in parts:
        at = text.find(part, at) + len(part)
        if at < len(part):
            return False
    return True


class Account:
    def __init__(self):
        self.gdb_failed = 0
        self.compared = 0
        self.missing = 0
        self.reasons = {}
        self.differences = []

    def compare(self, where, ours, gdbs):
        if gdbs == "<optimized out>" or gdbs.startswith("<error"):
            if ours.get("not_available") is None and ours.get("value") is not None:
                self.differences.append("%s: gdb says %s, procatlas %s" % (where, gdbs, ours["value"]))
            return
        if gdbs == "<too large>":
            return
        self.compared += 1
        value = ours.get("value")
        whole = gdbs
        cut = (value or "").rstrip(".}") if len(value or "") > longest_text or value == "{...}" else None
        if cut is not None and cut != value:  # procatlas writes so much and no more
            value, gdbs = cut, plain(gdbs)[: len(plain(cut))]
        if value is None or "<not available: " in value:
            self.missing += 1
            reason = ours.get("not_available") or "in it: " + re.search("<not available: ([^>]*)>", value)[1]
            if not reason:
                self.differences.append("%s: not available without a reason" % where)
            self.reasons[reason] = self.reasons.get(reason, 0) + 1
            if value is None:
                return
            parts = re.split("<not available: [^>]*>", plain(value))
            is_cut = cut is not None and cut != ours["value"]
            same = has_parts(parts[:-1] + [""], plain(whole)) if is_cut else has_parts(parts, plain(gdbs))
        else:
            known, cut, _ = plain(value).partition("<repeats at least ")  # only the start of a large value is read
            # What gdb cannot read (bit-fields of __int128) it says in the place of the value.
            theirs = re.split("<error reading variable: [^>]*>", plain(gdbs))
            same = plain(gdbs).startswith(known) if cut else known == plain(gdbs) or (len(theirs) > 1 and has_parts(theirs, known))
        if not same:
            here, there = plain(value), plain(gdbs)
            at = len(os.path.commonprefix([here, there]))
            start = max(at - 40, 0)
            self.differences.append("%s, at %d:\n    gdb       %s\n    procatlas %s" % (where, at, there[start:at + 60], here[start:at + 60]))

    def compare_frames(self, stop, event, gdbs):
        ours = event["frames"]
        ours = [f for f in ours[1:] if f.get("own") and f["function"] != "_start"]
        names = [f["function"].split("(")[0] for f in gdbs]
        if "in a second" in (event.get("frames_cut") or ""):  # on a busy machine, and told
            names = names[: len(ours)]
        if [f["function"].split("(")[0] for f in ours][: len(names)] != names:
            self.differences.append("stop %d: gdb's frames are %s, procatlas's %s (%s)" %
                                    (stop, names, [f["function"] for f in ours], event.get("frames_cut")))
            return
        for here, there in zip(ours, gdbs):
            left = [dict(v) for v in here["variables"]]
            found = set()
            # Of several with one name, the one that is equal; those without a value are the last to choose.
            for name, text in sorted(there["variables"], key=lambda v: v[1] == "<optimized out>"):
                same = [v for v in left if v["name"] == name]
                if not same and (name, text) in found:  # gdb lists the variables of some blocks twice
                    continue
                found.add((name, text))
                if not same and text == "<optimized out>":  # gdb lists those of blocks without code too
                    continue
                if not same:
                    self.differences.append("stop %d, %s: gdb alone sees %s = %s" % (stop, there["function"], name, text))
                    continue
                chosen = next((v for v in same if equal(v, text)), same[0])
                left.remove(chosen)
                self.compare("stop %d, %s, %s %s" % (stop, there["function"], chosen["type"], name), chosen, text)
            for surplus in left:
                self.differences.append("stop %d, %s: procatlas alone sees %s = %s" % (stop, there["function"], surplus["name"], surplus.get("value")))


def one(build_folder, number):
    account = Account()
    options = ""
    folder = tempfile.mkdtemp(prefix="difference-")
    try:
        built = build(number, folder)
        if not built:
            return number, "endless", account  # some of csmith's run for ever
        program, options, gdbs = built
        ours, statics, why = stops_here(build_folder, program, folder)
        if len(gdbs) != len(ours):
            raise Failed("gdb stops %d times, procatlas %d: %s" % (len(gdbs), len(ours), why[:1]))
        for stop, (here, there) in enumerate(zip(ours, gdbs)):
            account.compare_frames(stop, here, there["frames"])
        for name, texts in gdbs[-1]["statics"].items():
            for variable in [v for v in statics if v["name"] == name]:  # each unit may have one of this name
                text = next((t for t in texts if equal(variable, t)), texts[0])
                account.compare("static %s %s" % (variable["type"], name), variable, text)
        unseen = set(gdbs[-1]["statics"]) - {v["name"] for v in statics}
        if unseen:
            account.differences.append("statics that gdb alone sees: %s" % sorted(unseen))
    except GdbFailed:
        account.gdb_failed = 1
    except Failed as why:
        account.differences.append(str(why))
    finally:
        if os.environ.get("DIFFERENCE_KEEP"):
            print("kept: %s %s" % (folder, options))
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return number, options, account


def share(accounts):
    compared = sum(a.compared for a in accounts)
    missing = sum(a.missing for a in accounts)
    return compared, missing, missing / compared if compared else 0.0


def main(build_folder, count, first=1):
    numbers = range(int(first), int(first) + int(count))
    results = []
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for number, options, account in pool.map(lambda n: one(build_folder, n), numbers):
            results.append((options, account))
            for difference in account.differences:
                print("program %d (%s): %s" % (number, options, difference), flush=True)
            bad += 1 if account.differences else 0
    for level in ("-O0", "-Og", "-O2"):
        accounts = [account for options, account in results if level in options.split()]
        compared, missing, part = share(accounts)
        print("%s: %d programs, %d values compared, %d not available (%.2f %%)" % (level, len(accounts), compared, missing, 100 * part))
        reasons = {}
        for account in accounts:
            for reason, times in account.reasons.items():
                reasons[reason] = reasons.get(reason, 0) + times
        for reason in sorted(reasons, key=reasons.get, reverse=True)[:8]:
            print("    %6d  %s" % (reasons[reason], reason))
        if level == "-O0" and part >= most_not_available:
            print("FAILED: too many values are not available at -O0")
            bad += 1
    failed = sum(account.gdb_failed for _, account in results)
    print("%d programs, %d with differences%s" % (len(results), bad, "; gdb itself failed at %d" % failed if failed else ""))
    return 1 if bad or not any(account.compared for _, account in results) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
