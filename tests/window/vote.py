"""Two browsers that answer the question of a window's lesson: vote.py LINK WINDOW CHROMIUM FOLDER [PICTURES]."""

import base64
import os
import pathlib
import signal
import subprocess
import sys
import time

for folder in ("page", "serve"):
    sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / folder))
from browser import Browser  # noqa: E402
from serving import fail  # noqa: E402

link, window, chromium, folder, *pictures = sys.argv[1:]


def press(key):
    subprocess.run(["xdotool", "key", "--window", window, key], check=True)


def picture(browser, name):
    if pictures:
        (pathlib.Path(pictures[0]) / f"{name}.png").write_bytes(base64.b64decode(browser.call("Page.captureScreenshot")["data"]))
        subprocess.run(["import", "-window", window, f"{pictures[0]}/{name}_window.png"], check=True)


browser = Browser(chromium, folder, 110)
try:
    phone = browser.open(link, width=360, height=740, mobile=True)
    browser.wait_for("typeof live !== 'undefined' && live.state", "the phone comes not in")
    desk = browser.open(link, width=1280, height=800, mobile=False)
    browser.wait_for("typeof live !== 'undefined' && live.state && live.state.people === 2", "two are not counted")
    for _ in range(8):
        if browser.value("live.state.question"):
            break
        press("Right")
        time.sleep(1)  # a person's speed
    browser.wait_for("live.state.question && live.state.question.open && live.state.question.choices.length > 1", "no question comes")
    if browser.value("getComputedStyle(document.querySelector('main')).display") != "none":
        fail("what a question asks is shown beside it")
    picture(browser, "question_desk")
    for session, choice in ((phone, 1), (phone, 0), (desk, 1)):
        browser.session = session
        browser.wait_for(f"document.querySelectorAll('#choices button').length > {choice}", "the choices are not there")
        browser.value(f"document.querySelectorAll('#choices button')[{choice}].click()")
        browser.wait_for(f"document.querySelectorAll('#choices button')[{choice}].getAttribute('aria-pressed') === 'true'",
                         "an answer is not marked")
    for session in (phone, desk):
        browser.session = session
        browser.wait_for("live.state.question.answers === 2", "two answers are not counted")
    browser.session = phone
    picture(browser, "question_phone")
    press("1")
    for session in (phone, desk):
        browser.session = session
        browser.wait_for("live.state.question && !live.state.question.open", "the run's answer is not told")
        counts = browser.value("live.state.question.choices.map((one) => one.count)")
        if counts[:2] != [1, 1] or sum(counts) != 2:
            fail(f"the counts are {counts}")
        if not browser.value("document.querySelectorAll('#choices button.right').length"):
            fail("what is right is not marked")
        browser.wait_for("live.started && document.querySelector('#memory svg') !== null", "the run is not shown after the answer")
        picture(browser, "answer_phone" if session == phone else "answer_desk")
    # The next question is still open when the window is closed while the class is there (vote_test.sh).
    first = browser.value("live.state.question.key")
    another = f"live.state.question && live.state.question.open && live.state.question.key !== '{first}'"
    for _ in range(8):
        press("Right")
        time.sleep(1)  # a person's speed
        if browser.value(another):
            break
    for session in (phone, desk):
        browser.session = session
        browser.wait_for(f"{another} && document.querySelectorAll('#choices button').length > 1", "no second question comes")
        browser.value("document.querySelectorAll('#choices button')[0].click()")
    browser.wait_for("live.state.question.answers === 2", "two answers to the second question are not counted")
    for complaint in browser.complaints(link.split("#")[0]):
        fail(complaint)
    os.kill(int(os.environ["WINDOW_PROCESS"]), signal.SIGTERM)
    browser.wait_for("document.body.innerText.length > 0", "the page goes with the window")
    deadline = time.monotonic() + 30
    while pathlib.Path(f"/proc/{os.environ['WINDOW_PROCESS']}/exe").exists():
        if time.monotonic() > deadline:
            fail("the window does not end")
        time.sleep(0.05)
finally:
    browser.end()
