"""A lesson that `serve` walks, in real browsers: a teacher who drives, a desk, a phone in Korean: lesson_browsers_test.py BUILD CHROMIUM [PICTURES]."""

import base64
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "page"))
from browser import Browser  # noqa: E402
from serving import Serving, fail  # noqa: E402

build, chromium = pathlib.Path(sys.argv[1]), sys.argv[2]
pictures = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None


def picture(browser, name):
    if pictures:
        pictures.mkdir(exist_ok=True)
        (pictures / f"{name}.png").write_bytes(base64.b64decode(browser.call("Page.captureScreenshot")["data"]))


def click(browser, session, selector):
    browser.session = session
    browser.wait_for(f"document.querySelector('{selector}') && !document.querySelector('{selector}').disabled "
                     f"&& document.querySelector('{selector}').offsetParent !== null", f"{selector} cannot be pressed")
    browser.value(f"document.querySelector('{selector}').click()")


def test(folder, server, file):
    browser = Browser(chromium, folder, 110)
    try:
        phone = browser.open(server.look, width=360, height=740, mobile=True)
        browser.wait_for("typeof live !== 'undefined' && live.lesson", "the phone is not told of the lesson")
        browser.value("document.querySelector('.entry-language[data-language=ko]').click()")
        browser.wait_for("document.getElementById('lesson-heading').textContent.match(/[가-힣]/)", "the phone does not speak Korean")
        browser.value("by_id('own-name').value = '김하나'; by_id('naming').requestSubmit()")
        browser.wait_for("by_id('naming').hidden && by_id('named').textContent.includes('김하나')", "the name is not taken")
        if browser.value("document.documentElement.scrollWidth") > 360:
            fail("the lesson is wider than a phone")
        picture(browser, "lesson_phone")
        desk = browser.open(server.look, width=1280, height=800, mobile=False)
        browser.wait_for("typeof live !== 'undefined' && live.lesson && !by_id('naming').hidden", "the desk is not asked for a name")
        if browser.value("by_id('lesson-drive').offsetParent !== null"):
            fail("who looks has the buttons of who drives")
        picture(browser, "lesson_desk")
        teacher = browser.open(server.drive, width=1280, height=800, mobile=False)
        browser.wait_for("typeof live !== 'undefined' && live.lesson && by_id('lesson-drive').offsetParent !== null", "who drives has no buttons")
        picture(browser, "lesson_drive")
        for session in (phone, desk, teacher):
            browser.session = session
            browser.wait_for("live.started", "the first step's run is not there")
            if browser.value("by_id('memory-panel').offsetParent !== null"):
                fail("the first step shows the memory that later steps ask about")
            if browser.value("by_id('live-status').textContent") != "":
                fail("a lesson says something of the run's end")

        click(browser, teacher, "[data-lesson=next]")
        for session in (phone, desk, teacher):
            browser.session = session
            browser.wait_for("live.state.question && live.state.question.open && document.querySelectorAll('#choices button').length === 4",
                             "the question does not come")
            browser.wait_for("document.querySelector('#lesson-figure svg') !== null", "the picture of the step is not there")
            if "0x" in browser.value("document.getElementById('lesson-figure').textContent"):
                fail("an address stands beside the question that asks for it")
            if browser.value("getComputedStyle(document.querySelector('main')).display") != "none":
                fail("what a question asks is shown beside it")
        browser.session = phone
        if browser.value("document.documentElement.scrollWidth") > 360:
            fail("the question is wider than a phone")
        if not browser.value("[...document.querySelectorAll('#choices button')].every((one) => /[가-힣]/.test(one.textContent))"):
            fail("the choices are not Korean")
        picture(browser, "lesson_question_phone")
        browser.value("document.querySelectorAll('#choices button')[0].click()")
        click(browser, desk, "#choices button:nth-child(3)")
        picture(browser, "lesson_question_desk")
        browser.session = teacher
        browser.wait_for("live.state.question.answers === 2", "two answers are not counted")
        picture(browser, "lesson_question_drive")
        click(browser, teacher, "[data-lesson=reveal]")
        for session in (phone, desk, teacher):
            browser.session = session
            browser.wait_for("live.state.question && !live.state.question.open && document.querySelectorAll('#choices button.right').length === 1",
                             "the run does not answer")
            counts = browser.value("live.state.question.choices.map((one) => one.count)")
            if counts != [1, 0, 1, 0]:
                fail(f"the counts are {counts}")
            browser.wait_for("by_id('question-said').textContent.includes('0x')", "what happened is not said")
            browser.wait_for("live.started && document.querySelector('#memory svg') !== null && document.querySelector('main').offsetParent !== null",
                             "the run is not shown after the answer")
            browser.wait_for("document.getElementById('lesson-figure').textContent.includes('0x')", "the veils are not lifted")
        for session, name in ((phone, "phone"), (desk, "desk"), (teacher, "drive")):
            browser.session = session
            picture(browser, f"lesson_answer_{name}")
        browser.session = desk
        if browser.value("by_id('examples').offsetParent !== null || document.querySelector('[data-do=run]').offsetParent !== null"):
            fail("a lesson lets somebody run something else")
        answers = json.loads(subprocess.run([build / "bin" / "procatlas", "grade", "--json", file], capture_output=True, check=True).stdout)
        found = sorted((one["who"], one["given"]) for one in answers["files"][0]["answers"])
        if found != [("Student 1", "heap"), ("김하나", "code")]:
            fail(f"the answers are {found}")
        click(browser, teacher, "[data-lesson=next]")
        for session in (phone, desk):
            browser.session = session
            browser.wait_for("live.lesson.number === 2 && live.state.question.open && getComputedStyle(document.querySelector('main')).display === 'none'",
                             "the next step does not come")
        browser.session = phone
        browser.value("document.querySelector('.entry-language[data-language=en]').click()")
        browser.wait_for("document.getElementById('lesson-heading').textContent.startsWith('And score')", "a question cannot be read in another language")
        click(browser, teacher, "[data-lesson=back]")
        browser.session = desk
        browser.wait_for("live.lesson.number === 1 && !live.state.question.open && by_id('question-said').textContent.includes('0x')",
                         "the step before does not come back")
        click(browser, teacher, "[data-lesson=next]")
        browser.session = phone
        browser.wait_for("live.lesson.number === 2 && live.state.question.open", "the question does not come again")
        for complaint in browser.complaints(server.page):
            fail(complaint)
        server.end()
        for session, over in ((desk, "The sharing is over."), (teacher, "The sharing is over."), (phone, "The sharing is over.")):
            browser.session = session
            browser.wait_for(f"by_id('lost').textContent === {json.dumps(over)} && by_id('lost').offsetParent !== null", "nobody says that the sharing is over")
            if not browser.value("by_id('question').inert && by_id('lesson-drive').inert"):
                fail("buttons can be pressed that nobody hears")
            picture(browser, f"lesson_over_{session[:4]}")
    finally:
        browser.end()


home = tempfile.mkdtemp()
try:
    kept = f"{home}/class.procatlas"
    with Serving(build, "--lesson", "1", "-o", kept, "--names", "--language", "en") as running:
        test(home, running, kept)
finally:
    shutil.rmtree(home, ignore_errors=True)
print("1 passed, 0 failed")
