"""A lesson that `serve` walks with a class: what each is told, what is veiled, whose answers are kept: lesson_test.py BUILD_FOLDER."""

import json
import pathlib
import subprocess
import sys
import tempfile

from serving import Follower, Serving, fail

build = sys.argv[1]
procatlas = pathlib.Path(build) / "bin" / "procatlas"


def expect(what, got, wanted):
    if got != wanted:
        fail(f"{what}: {got}, not {wanted}")


class Student(Follower):
    def __init__(self, server, name=None):
        self.server, self.token = server, server.enter(server.look)
        super().__init__(server.address, self.token)
        self.wait_for(lambda: self.lesson is not None, "a student is not told of the lesson")
        if name is not None:
            expect(f"the name {name!r}", self.give_name(name), 204)

    def give_name(self, name):
        return self.server.ask("/name", self.token, {"name": name})[0]

    def at_step(self, number):
        self.wait_for(lambda: self.lesson and self.lesson["number"] == number and not self.lesson["running"],
                      f"step {number} does not come: {self.lesson and self.lesson['number']}")

    def asked(self):
        self.wait_for(lambda: self.state["question"] and self.state["question"]["open"], "nothing is asked")
        return self.state["question"]

    def answered(self):
        self.wait_for(lambda: self.state["question"] and not self.state["question"]["open"], "the run does not answer")
        return self.state["question"]

    def vote(self, answer):
        return self.server.ask("/vote", self.token, {"question": self.asked()["key"], "answer": answer})[0]


def graded(file):
    done = subprocess.run([procatlas, "grade", "--json", file], capture_output=True, text=True)
    expect("the status of grade", (done.returncode, done.stderr), (0, ""))
    return json.loads(done.stdout)["files"][0]["answers"]


def left_in(server, student, moment):
    """The parts of a moment that are given out by plain HTTP."""
    status, _, body = server.ask(f"/scene?generation={student.generation}&moment={moment}&language=en", student.token)
    expect(f"the status of moment {moment}", status, 200)
    scene = json.loads(body)
    return [part for part in ("tree", "memory", "stage") if len(scene[part][2]) > 300 or "<text" in scene[part][2]] + ([scene["sentence"]] if scene["sentence"] else [])


def votes_that_are_left_open(folder):
    """Going on without looking, and the end of serve, close the vote: the answers are kept. Answers of one meaning are counted together."""
    file = f"{folder}/open.procatlas"
    with Serving(build, "--lesson", "1", "-o", file, "--language", "en", stdin=subprocess.PIPE) as server:
        drive = server.enter(server.drive)
        student = Student(server)
        expect("a step", server.do(drive, do="next"), 204)
        expect("a vote", student.vote("code"), 204)
        expect("a step", server.do(drive, do="next"), 204)
        expect("the answers", [(one["step"], one["given"]) for one in graded(file)], [(2, "code")])
    with Serving(build, "--lesson", "2", "--language", "en", stdin=subprocess.PIPE) as server:
        drive = server.enter(server.drive)
        student, other = Student(server), Student(server)
        teacher = Follower(server.address, drive)
        student.at_step(0)
        orders = 0
        for number in range(1, student.lesson["count"]):
            expect("a step", server.do(drive, do="next"), 204)
            student.at_step(number)
            if not student.lesson["words"]["en"]["ask"]:
                continue
            question = student.asked()
            if question["choices"] or not student.lesson["words"]["en"]["items"]:
                continue
            other.at_step(number)
            orders = len(student.lesson["words"]["en"]["items"])
            numbers = [str(i + 1) for i in range(orders)]
            expect("nonsense", [student.vote("".join(numbers)), student.vote("9 " * orders), student.vote("x")], [400] * 3)
            expect("an order", [student.vote(">".join(numbers)), other.vote(", ".join(numbers[:-1]))], [204] * 2)
            student.wait_for(lambda: student.state["question"]["answers"] == 2, "two answers are not counted")
            expect("looking", server.do(drive, do="reveal"), 204)
            teacher.wait_for(lambda: (teacher.state.get("question") or {}).get("typed"), "who drives does not see what was typed")
            expect("the typed answers", [one["count"] for one in teacher.state["question"]["typed"]], [2])
            student.answered()
            expect("what who looks sees of them", "typed" in student.state["question"], False)
            break
        expect("whether an order was asked", orders > 0, True)
        student.at_step(number)
        server.process.stdin.write("what?\nB\n")
        server.process.stdin.flush()
        student.at_step(number - 1)
        expect("the end", server.end(), 0)
        if "The letter b and Enter go back" not in server.said:
            fail(f"what may be typed is not said: {server.said}")
    with Serving(build, "--lesson", "1", "-o", f"{folder}/ended.procatlas", "--language", "en") as server:
        drive = server.enter(server.drive)
        student = Student(server)
        expect("a step", server.do(drive, do="next"), 204)
        expect("a vote", student.vote("code"), 204)
        expect("the end", server.end(), 0)
    expect("the answers at the end", [one["given"] for one in graded(f"{folder}/ended.procatlas")], ["code"])
    with Serving(build, "--lesson", "1", "-o", f"{folder}/nothing.procatlas", "--language", "en") as server:
        Student(server)
        expect("the end", server.end(), 0)
    if "No question was answered" not in server.said:
        fail(f"nothing was kept, and nobody says so: {server.said}")
    gone = pathlib.Path(folder) / "gone"
    gone.mkdir()
    with Serving(build, "--lesson", "1", "-o", str(gone / "x.procatlas"), "--language", "en") as server:
        drive = server.enter(server.drive)
        student = Student(server)
        expect("a step", server.do(drive, do="next"), 204)
        expect("a vote", student.vote("code"), 204)
        gone.rmdir()
        expect("the end where the file cannot be written", server.end(), 1)


def class_of_three(folder):
    """Two with names, one without: each answer is counted, judged by the run and kept with the name."""
    file = f"{folder}/class.procatlas"
    with Serving(build, "--lesson", "four-areas", "-o", file, "--names") as server:
        drive = server.enter(server.drive)
        anna, ben, nobody = Student(server, " Anna\x1b[31m <b> "), Student(server, "Ben"), Student(server)
        expect("the lesson asks for names", anna.lesson["names"], True)
        expect("a name that is too long", ben.give_name("x" * 300), 400)
        expect("the first step", (anna.lesson["number"], anna.lesson["words"]["en"]["title"]), (0, "Four areas"))
        if anna.lesson["words"]["ko"]["heading"] == anna.lesson["words"]["en"]["heading"]:
            fail("the lesson has one language alone")
        expect("a student goes on", server.do(anna.token, do="next"), 403)
        expect("a student looks", server.do(anna.token, do="reveal"), 403)
        expect("what a lesson does not allow", [server.do(drive, do=one) for one in ("run", "again", "stop")], [409] * 3)
        anna.wait_for(lambda: anna.moments > 0, "the first step's run is not there")
        if left_in(server, anna, 0):
            fail(f"the first step gives out {left_in(server, anna, 0)}, which later steps ask")
        expect("the parts", anna.state["parts"]["memory"], False)
        expect("a step", server.do(drive, do="next"), 204)
        for student in (anna, ben, nobody):
            student.at_step(1)
            question = student.asked()
            expect("the choices", [one["key"] for one in question["choices"]], ["code", "data", "heap", "stack"])
            if "right" in json.dumps(question["choices"]) or question["right"]:
                fail(f"an open question tells its answer: {question}")
        before = anna.moments  # of the first step, which shows the beginning of the run
        for moment in (0, 5, 60):
            path = f"/scene?generation={anna.generation}&moment={moment}&language=en"
            expect("a picture beside an open question", server.ask(path, anna.token)[0], 204)
        expect("what is printed beside it", anna.output, [])
        status, _, veiled = server.ask("/figure?language=en", anna.token)
        expect("the veiled picture of the step", status, 200)
        if "0x" in json.loads(veiled)["picture"][2]:
            fail("an address stands in a picture that veils them")
        expect("a choice that is none", anna.vote("nowhere"), 400)
        expect("the votes", [anna.vote("stack"), anna.vote("code"), ben.vote("heap"), nobody.vote("code")], [204] * 4)
        anna.wait_for(lambda: anna.state["question"]["answers"] == 3, "three answers are not counted")
        expect("looking", server.do(drive, do="reveal"), 204)
        for student in (anna, ben, nobody):
            question = student.answered()
            expect("the counts", [one["count"] for one in question["choices"]], [2, 0, 1, 0])
            expect("what is right", question["right"], ["code"])
            student.wait_for(lambda: student.lesson["words"]["en"]["said"], "nothing is said of the answer")
            if "0x" not in student.lesson["words"]["ko"]["said"]:
                fail(f"the Korean words are {student.lesson['words']['ko']}")
        anna.wait_for(lambda: anna.moments > before and anna.moments == anna.state["shown"] + 1, "the run is not shown after the answer")
        if any("score" in write[4] for write in anna.output):
            fail("the answer to the next question is told")
        path = f"/scene?generation={anna.generation}&moment={anna.moments}&language=en"
        expect("a picture of what comes later", server.ask(path, anna.token)[0], 204)
        timeline = json.loads(server.ask(f"/timeline?generation={anna.generation}&language=en", anna.token)[2])
        expect("the timeline of what comes later", timeline["events"], anna.moments)
        status, _, open_picture = server.ask("/figure?language=en", anna.token)
        if status != 200 or "0x" not in json.loads(open_picture)["picture"][2]:
            fail("the veils are not lifted")
        expect("a late vote", server.ask("/vote", ben.token, {"question": question["key"], "answer": "code"})[0], 409)
        answers = graded(file)
        expect("who answered what", sorted((one["who"], one["given"], one["right"]) for one in answers),
               [("Anna\\x1b[31m <b>", "code", True), ("Ben", "heap", False), ("Student 1", "code", True)])
        expect("what is kept of the question", {(one["lesson"], one["step"], one["expected"]) for one in answers}, {("four-areas", 2, "code")})
        expect("the step after that", server.do(drive, do="next"), 204)
        for student in (anna, ben, nobody):
            student.at_step(2)
            student.asked()
        nobody.socket.close()  # a phone sleeps, and had no name
        expect("another name", ben.give_name("Anna\x1b[31m <b>"), 204)
        expect("the votes", [anna.vote("data"), ben.vote("data")], [204] * 2)
        expect("looking", server.do(drive, do="reveal"), 204)
        anna.answered()
        answers = graded(file)
        expect("whoever takes another one's name", sorted((one["who"], one["step"]) for one in answers),
               [("Anna\\x1b[31m <b>", 2), ("Anna\\x1b[31m <b>", 3), ("Anna\\x1b[31m <b> (2)", 2), ("Anna\\x1b[31m <b> (2)", 3), ("Student 1", 2)])
        expect("back", server.do(drive, do="back"), 204)
        anna.at_step(1)
        expect("an answered question", anna.answered()["right"], ["code"])
        expect("the end", server.end(), 0)
    shown = subprocess.run([procatlas, "show", file, "--as", "text"], capture_output=True, text=True)
    expect("the run in the same file", shown.returncode, 0)
    table = subprocess.run([procatlas, "grade", "--language", "en", file], capture_output=True, text=True).stdout
    if "Student 1" not in table or "(2)" not in table:
        fail(f"the table is {table}")


def typed_answers(folder):
    """Numbers, an order, a place: from the phone, judged as the window judges. Entering lines at the terminal goes on."""
    file = f"{folder}/typed.procatlas"
    with Serving(build, "--lesson", "2", "-o", file, stdin=subprocess.PIPE) as server:
        student = Student(server)
        kinds = []
        while True:
            number = student.lesson["number"]
            student.at_step(number)
            question = student.state["question"]
            if question and question["open"]:
                texts = student.lesson["words"]["en"]
                if question["choices"]:
                    answer = question["choices"][0]["key"]
                elif texts["items"]:
                    answer = " ".join(str(i + 1) for i in range(len(texts["items"])))
                else:
                    answer = "3"
                kinds.append("choice" if question["choices"] else "order" if texts["items"] else "number")
                if (texts["hint"] == "") != bool(question["choices"]):
                    fail(f"how to answer is not said: {texts}")
                expect(f"the vote {answer}", student.vote(answer), 204)
                server.process.stdin.write("\n")
                server.process.stdin.flush()
                expect("the answers", sum(one.get("count", 0) for one in student.answered()["choices"]), 1 if question["choices"] else 0)
            if number + 1 == student.lesson["count"]:
                break
            server.process.stdin.write("\n")
            server.process.stdin.flush()
            student.wait_for(lambda: student.lesson["number"] == number + 1, "Enter does not go on")
        if not {"choice", "order", "number"} <= set(kinds):
            fail(f"the lesson asked {kinds}")
        server.process.stdin.write("b\n")
        server.process.stdin.flush()
        student.wait_for(lambda: student.lesson["number"] == number - 1, "b does not go back")
        expect("the counts of a question of before", sum(one["count"] for one in student.answered()["choices"]), 1)
        answers = graded(file)
        expect("the answers that are kept", len(answers), len(kinds))
        expect("by whom", {one["who"] for one in answers}, {"Student 1"})
        if not any(one["right"] for one in answers) or all(one["right"] for one in answers):
            fail(f"all are judged alike: {answers}")
        server.end()
        if "What happened: " not in server.said or "[2/8] " not in server.said:
            fail(f"the terminal is told {server.said}")


def refusals(folder):
    taken = pathlib.Path(folder) / "taken.procatlas"
    taken.write_text("somebody's")
    for words, said in ((["--lesson", "no-such"], "no-such"), (["--lesson", "1", "--hold"], "--lesson says itself what runs"),
                        (["--lesson", "1", "--", "id"], "--lesson says itself what runs"), (["--lesson", "1", "--names"], "-o"),
                        (["--lesson", "1", "--allow-commands"], "--allow-commands"), (["--listen", "nowhere", "--lesson", "1"], "nowhere"),
                        (["--example", "hello", "-o", f"{folder}/x"], "--lesson"), (["--lesson", "1", "-o", str(taken)], "taken.procatlas"),
                        (["--lesson", "1", "-o", f"{folder}/none/x.procatlas"], "none")):
        done = subprocess.run([procatlas, "serve", "--language", "en", *words], capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL)
        expect(f"the end of {words}", done.returncode, 2)
        expect(f"the links to {words}", done.stdout, "")
        if said not in done.stderr:
            fail(f"{words}: {done.stderr}")
    expect("what was there", taken.read_text(), "somebody's")
    with Serving(build, "--example", "hello") as server:
        drive = server.enter(server.drive)
        expect("a lesson's step where there is none", [server.do(drive, do=one) for one in ("next", "back", "reveal")], [409] * 3)
        expect("a name where nobody asks", server.ask("/name", drive, {"name": "x"})[0], 403)
        expect("a picture of a lesson", server.ask("/figure?language=en", drive)[0], 204)


with tempfile.TemporaryDirectory() as scratch:
    refusals(scratch)
    class_of_three(scratch)
    votes_that_are_left_open(scratch)
    typed_answers(scratch)
print("1 passed, 0 failed")
