#!/usr/bin/env python3
"""Walks lessons in the real window, by the keys that a person has: lesson_walk.py BUILD [LESSON...]

Each lesson is walked three times: once everything is looked at (keys 0 and F2), once each question is answered wrongly, once rightly.
Where neither lessons nor the whole course are asked for, one lesson is walked twice, answered wrongly and rightly by turns.
Every step is gone to by the arrow, each question must be answered in the table `answer` of the run that the window keeps, and
what the window itself saves (Ctrl S) must say what was answered, whether it was right, and what the run said.

PROCATLAS_LESSONS=all walks the whole course, in both languages. PROCATLAS_SHOTS=FOLDER keeps pictures of all steps;
PROCATLAS_LOOK="ko light 1920x1080" is the language, the theme and the size of the window.
"""

import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

DEADLINE = 25.0  # seconds, for anything


class Failed(Exception):
    pass


def wait_until(what, condition, deadline=DEADLINE):
    end = time.monotonic() + deadline
    while not (value := condition()):
        if time.monotonic() > end:
            raise Failed(f"{what}: not within {deadline:.0f} seconds")
        time.sleep(0.02)
    return value


def blocks_of(lesson_file):
    """The steps of a lesson: of each its heading, and the lines of its blocks by their name."""
    steps, fence, lines = [], None, []
    for line in lesson_file.read_text().split("\n"):
        if fence is None and line.startswith("```"):
            fence, lines = line[3:].strip(), []
        elif fence is not None and line.startswith("```"):
            if steps and fence in ("run", "question"):
                steps[-1][fence] = lines
            fence = None
        elif fence is not None:
            lines.append(line)
        elif line.startswith("## "):
            steps.append({"heading": line[3:]})
    return steps


def field(lines, key):
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key + ":")), "")


def items_of(lines):
    """The keys of the items of a question, in their order."""
    rows = [line[2:].split("|") for line in lines if line.startswith("- ")]
    return [row[0].strip() for row in rows]


# Each run has its memory elsewhere, and what is not there is no answer: of a page these stand for the one that the run printed
# the address of, and for the one behind it.
printed_page, next_page = 0, 0x1000


def is_page(question):
    return field(question, "kind") == "place" and field(question, "of") == "page"


def wrong_answer(question, expected):
    """What a person types or chooses who does not know it: the keys to press, or the text of the field."""
    kind, items = field(question, "kind"), items_of(question)
    if kind == "choice":
        return next((i + 1 for i, item in enumerate(items) if item != expected), None)
    if kind == "order":
        return list(reversed(ordered(items, expected)))
    if kind == "number":
        return str(int(expected, 0) + 1)
    if kind == "tree":
        return "P(C1(C1.1(C1.1.1)))" if expected != "P(C1(C1.1(C1.1.1)))" else "P"
    if kind == "fill":
        return "\n".join("77" for _ in items)
    if kind == "place":
        if field(question, "of") == "page":
            return next_page
        others = {"region": ["stack", "code"], "process": ["P", "C1"], "line": ["1", "2"], "frame": ["main", "sell"]}
        return next(other for other in others[field(question, "of")] if other != expected)
    return "nothing"


def ordered(items, expected):
    """The numbers of the items in the order of the answer: "b, a" of a, b is 2, 1."""
    return [items.index(key.strip()) + 1 for key in expected.split(",")]


def right_answer(question, expected):
    kind, items = field(question, "kind"), items_of(question)
    if kind == "choice":
        return items.index(expected) + 1
    if kind == "order":
        return ordered(items, expected)
    if is_page(question):
        return printed_page
    return expected.replace(", ", "\n") if kind == "fill" else expected


class Window:
    """procatlas on this display, with a settings folder of its own."""

    def __init__(self, build, language, theme, size):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="lesson-walk-"))
        self.settings = self.folder / "procatlas" / "settings.json"
        self.settings.parent.mkdir()
        self.tmp = self.folder / "tmp"
        self.tmp.mkdir()
        width, height = size.split("x")
        self.language = language
        self.settings.write_text(json.dumps({"language": language, "dark": theme == "dark", "delay_ms": 0,
                                             "width": int(width), "height": int(height)}))
        self.environment = dict(os.environ, XDG_CONFIG_HOME=str(self.folder), XDG_STATE_HOME=str(self.folder / "state"),
                                XDG_CACHE_HOME=str(self.folder / "cache"), HOME=str(self.folder), TMPDIR=str(self.tmp),
                                LIBGL_ALWAYS_SOFTWARE="1", LC_ALL="C.UTF-8")
        self.process = subprocess.Popen([build / "bin" / "procatlas"], env=self.environment)
        self.id = wait_until("the window", self._find)
        self.still(1)

    def _find(self):
        search = ["xdotool", "search", "--all", "--pid", str(self.process.pid), "--name", "^procatlas$"]
        found = subprocess.run(search, capture_output=True, text=True).stdout.split()
        return found[-1] if found else None

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def key(self, *keys):
        """Each is held for as long as a person holds it: one that goes down and up within a draw is lost on a field."""
        for key in keys:
            for which in ("keydown", "keyup"):
                subprocess.run(["xdotool", which, "--window", self.id, key], check=True, stderr=subprocess.DEVNULL)
                time.sleep(0.05)

    def still(self, after=0.0):
        """Until what was pressed is seen: two pictures in a row are the same. `after`: a person takes as long at least."""
        time.sleep(after)
        before = None
        end = time.monotonic() + 10
        while time.monotonic() < end:
            now = subprocess.run(["import", "-window", self.id, "rgb:-"], capture_output=True).stdout
            if now == before and len(set(now[::997])) > 1:  # of one colour: nothing is drawn yet
                return
            before = now
            time.sleep(0.1)

    def type(self, text):
        subprocess.run(["xdotool", "type", "--window", self.id, "--delay", "8", text], check=True,
                       stderr=subprocess.DEVNULL)
        self.still()

    def picture(self, file):
        subprocess.run(["import", "-window", self.id, str(file)], check=False, stderr=subprocess.DEVNULL)

    def state(self):
        try:
            state = json.loads(self.settings.read_text())
        except ValueError:  # it is just being written
            return {}
        if state.get("language") != self.language:
            raise Failed("what was typed into a field was taken for a key: the language has changed")
        return state

    def step(self, lesson):
        return self.state().get("lessons", {}).get(lesson, {}).get("step")

    def run_file(self):
        """The recording that the lesson's window wrote last; None: there is none, or it is being written."""
        runs = [run for run in self.tmp.glob("*/run-*.procatlas")]
        if not runs or any(self.tmp.glob("*/run-*.procatlas-wal")):
            return None
        return max(runs, key=lambda run: run.stat().st_mtime_ns)

    def printed_address(self):
        """The first one that the run printed."""
        with sqlite3.connect(f"file:{self.run_file()}?mode=ro", uri=True) as database:
            texts = [row[0] for row in database.execute("SELECT text FROM output ORDER BY moment")]
        return int(re.search("0x([0-9a-f]+)", "".join(texts)).group(1), 16)

    def answers(self):
        """Those in the run's recording, by their step."""
        file = self.run_file()
        if not file:
            return {}
        try:
            with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
                return {row[0]: row for row in database.execute("SELECT step, given, expected FROM answer")}
        except sqlite3.OperationalError:
            return {}


class Walk:
    """One walk through one lesson. `answers`: of each question, by its step, what to press or type; None: look."""

    def __init__(self, window, name, number, steps, shots):
        self.window, self.name, self.number, self.steps, self.shots = window, name, number, steps, shots

    def begin(self):
        self.window.still()
        self.window.key("ctrl+k")
        self.window.still(1)  # a dialog takes the keyboard
        self.window.type(f"lesson {self.number}")
        self.window.key("Return")
        wait_until(f"{self.name} begins", lambda: self.window.step(self.name) == 1)

    def shoot(self, step, what):
        if self.shots:
            self.window.still()
            self.window.picture(self.shots / f"{self.name}-{step:02}-{what}.png")

    def settled(self):
        """Until the run of the step is there: a person sees the stage then."""
        wait_until("the run of the step", lambda: self.window.run_file())

    def give(self, step, answer, leave_field):
        question = self.steps[step - 1]["question"]
        kind = field(question, "kind")
        self.window.still()
        if answer is None:
            self.window.key("0" if kind in ("choice", "order") else "F2")
        elif kind == "choice":
            self.window.key(str(answer))
        elif kind == "order":
            for number in answer[:-1]:  # the last one follows by itself
                self.window.key(str(number))
        else:
            self.window.key(*(["Escape"] if leave_field else []), "Return")  # leaves the field, and comes back to it
            self.window.still(0.3)
            self.window.key("ctrl+a")
            text = hex(self.window.printed_address() + answer) if is_page(question) else str(answer)
            for box, part in enumerate(text.split("\n")):
                time.sleep(0.3 if box else 0)  # a person's speed: Enter has gone on to the next box
                self.window.type(part)
                self.window.key("Return")

    def answer(self, step, answer):
        # Keys do nothing until the run is there, which may take a while after its file is written: what is possible is tried.
        for attempt, patience in enumerate((3, 3, 5, 10, 20, 40)):
            self.give(step, answer, leave_field=attempt == 0)  # without a field Esc leaves the lesson
            try:
                return wait_until("the answer", lambda: self.window.answers().get(step), patience)
            except Failed:
                pass
        self.shoot(step, "FAILED")
        raise Failed(f"{self.name}, step {step}: the answer {answer!r} does not arrive")

    def go(self, answers, what):
        self.begin()
        for step in range(1, len(self.steps) + 1):
            if step > 1:
                self.window.key("Right")
                wait_until(f"{self.name}, step {step}", lambda: self.window.step(self.name) == step)
            if any("run" in one for one in self.steps[:step]):
                self.settled()
            if "question" in self.steps[step - 1]:
                self.shoot(step, "asked")
                self.answer(step, answers.get(step))
            self.shoot(step, what)

    def back_and_forth(self):
        for key, steps in (("Left", range(len(self.steps) - 1, 0, -1)), ("Right", range(2, len(self.steps) + 1))):
            for step in steps:
                self.window.key(key)
                wait_until(f"{self.name}, {key} to step {step}", lambda: self.window.step(self.name) == step)

    def save(self, file, who):
        """As the window says: Ctrl S, the file, the name."""
        self.window.key("ctrl+s")
        self.window.still(1)
        self.window.key("ctrl+a")
        self.window.type(str(file))
        self.window.key("Tab")
        self.window.still(1)
        self.window.type(who)
        self.window.key("Return")
        wait_until(f"{file} is saved", file.exists)
        self.window.key("Escape")  # leaves the lesson


def graded(build, file):
    def read():
        run = subprocess.run([build / "bin" / "procatlas", "grade", str(file), "--json"], capture_output=True, text=True)
        try:
            return json.loads(run.stdout)["files"][0]["answers"]
        except (ValueError, KeyError):
            return None  # it is not whole yet
    return wait_until(f"{file} can be graded", read, 20)


class Course:
    def __init__(self, build, window, shots, whole):
        self.build, self.window, self.shots, self.whole = build, window, shots, whole
        self.checked = 0
        self.by_chance = []

    def walk(self, number, name, steps):
        questions = {i + 1: step["question"] for i, step in enumerate(steps) if "question" in step}
        looked = self.walk_once(name, number, steps, {}, "looked")
        if set(looked) != set(questions):
            raise Failed(f"{name}: looked at {sorted(looked)}, and the questions are at {sorted(questions)}")
        expected = {step: row["expected"] for step, row in looked.items()}
        if any(row["given"] is not None or row["right"] for row in looked.values()):
            raise Failed(f"{name}: who looks has answered nothing")
        wrong = {step: wrong_answer(question, expected[step]) for step, question in questions.items()}
        right = {step: right_answer(question, expected[step]) for step, question in questions.items()}
        is_wrong = {step: i % 2 == 0 for i, step in enumerate(questions)}  # where there is time for one walk only
        in_turn = {step: wrong[step] if is_wrong[step] else right[step] for step in questions}
        for what, answers in (("wrong", wrong), ("right", right)) if self.whole else (("answered", in_turn),):
            rows = self.walk_once(name, number, steps, answers, what)
            for step in questions:
                how = what if self.whole else "wrong" if is_wrong[step] else "right"
                row = rows.get(step)
                said = row["expected"] if row and is_page(questions[step]) else expected[step]
                self.check(f"lesson {number}, step {step}", row, said, how)

    def check(self, where, row, expected, what):
        if not row or row["given"] is None or row["who"] != "kim":
            raise Failed(f"{where}: {row} is no answer of kim")
        self.checked += 1
        if row["expected"] != expected:  # this run was another one: addresses, PIDs, who was first
            self.by_chance.append(where)
            if row["right"] and what == "wrong" and row["given"] != row["expected"]:
                raise Failed(f"{where}: {row['given']} is not {row['expected']}, and is called right")
        elif row["right"] != (what == "right"):
            raise Failed(f"{where}: the {what} answer {row['given']} is judged {row['right']}; the run says {expected}")

    def walk_once(self, name, number, steps, answers, what):
        walk = Walk(self.window, name, number, steps, self.shots)
        file = self.window.folder / f"{name}-{what}.procatlas"
        walk.go(answers, what)
        if what in ("right", "answered"):
            walk.back_and_forth()
        walk.save(file, "kim")
        rows = graded(self.build, file)
        file.unlink()
        return {row["step"]: row for row in rows}


def main():
    build = pathlib.Path(sys.argv[1])
    lessons = pathlib.Path(__file__).parents[2] / "assets" / "lessons"
    whole = os.environ.get("PROCATLAS_LESSONS") == "all"
    language, theme, size = os.environ.get("PROCATLAS_LOOK", "en dark 1280x800").split()
    wanted = sys.argv[2:] or (["*"] if whole else ["17-*"])
    shots = os.environ.get("PROCATLAS_SHOTS")
    if shots:
        pathlib.Path(shots).mkdir(parents=True, exist_ok=True)
    folders = sorted({folder for one in wanted for folder in lessons.glob(one) if folder.is_dir()})
    failed = 0
    for language in ("en", "ko") if whole and "PROCATLAS_LOOK" not in os.environ else (language,):
        window = Window(build, language, theme, size)
        course = Course(build, window, pathlib.Path(shots) if shots else None, whole or bool(sys.argv[2:]))
        try:
            for folder in folders:
                number, name = folder.name.split("-", 1)
                begun = time.monotonic()
                try:
                    course.walk(int(number), name, blocks_of(folder / "lesson.en.md"))
                    print(f"ok      {language} {folder.name} {time.monotonic() - begun:.0f} s", flush=True)
                except Failed as failure:
                    failed += 1
                    print(f"FAILED: {language} {folder.name}: {failure}", flush=True)
                    window.close()
                    window = course.window = Window(build, language, theme, size)
        finally:
            window.close()
        print(f"{language}: {course.checked} answers judged; another run said something else {len(course.by_chance)} times: "
              f"{', '.join(course.by_chance) or 'never'}")
    print(f"{len(folders)} lessons, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
