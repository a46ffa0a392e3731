"""Walks pages of lessons in headless Chromium: each question is answered wrongly and rightly, what the page says is true of its run, a
hostile lesson runs nothing, and nothing is asked for outside. lesson_page_test.py BUILD_FOLDER CHROMIUM [FOLDER]; with FOLDER, a picture of
each step is left there."""

import base64
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from browser import Browser, fail

build, chromium = pathlib.Path(sys.argv[1]), sys.argv[2]
pictures = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None

# Gives an answer at the step that is shown, as a person would; `words`: as the page's data has them.
ANSWER = """(words => {
  const step = [...document.querySelectorAll('.step')].find(step => !step.hidden);
  const question = JSON.parse(step.querySelector('.data').textContent);
  const buttons = [...step.querySelectorAll('.item')];
  if (buttons.length > 0) words.forEach(key => buttons[question.items.findIndex(item => item.key === key)].click());
  [...step.querySelectorAll('input')].forEach((input, i) => { input.value = words[i]; });
  step.querySelector('.answer')?.click();
  return step.querySelector('.verdict').className + ': ' + step.querySelector('.verdict').innerText;
})"""
STEP = "[...document.querySelectorAll('.step')].find(step => !step.hidden)"


def wrong_words(question):
    kind, right = question["kind"], question["answers"]
    if kind == "choice":
        return next([item["key"]] for item in question["items"] if [item["key"]] not in right)
    if kind == "order":
        return right[0][::-1]
    if kind == "tree":
        return ["P(C1 C2 C3 C4 C5)"]
    if kind == "place":  # another one that is there
        places = question["places"]
        others = {"page": [places["mapped"][0][0]] if places["mapped"] else [], "line": ["1", "2"]}.get(places["of"], places["names"])
        return next([other] for other in others if [other] not in [words[:1] for words in right])
    return ["987654"] * len(right[0])


def picture(browser, name):
    if pictures:
        data = browser.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        (pictures / f"{name}.png").write_bytes(base64.b64decode(data))


def walk(browser, page, lesson, rightly):
    browser.open(f"file://{page}", width=1000, height=800, mobile=False)
    browser.wait_for("document.readyState === 'complete' && !document.querySelector('nav').hidden", f"{lesson} does not begin")
    steps = browser.value("document.querySelectorAll('.step').length")
    kinds = set()
    for step in range(steps):
        text = browser.value(f"{STEP}.querySelector('.data')?.textContent ?? ''")
        picture(browser, f"{lesson}-{step + 1}-asked")
        if text:
            question = json.loads(text)
            kinds.add(question["kind"])
            if not browser.value(f"{STEP}.querySelector('.after').hidden"):
                fail(f"{lesson}, step {step + 1}: the answer is shown before it is asked for")
            words = question["answers"][0] if rightly else wrong_words(question)
            if question["kind"] == "place":
                said = browser.value(f"{ANSWER}({json.dumps(['nowhere'])})")
                if "nowhere" not in said or browser.value(f"{STEP}.querySelector('input').disabled"):
                    fail(f"{lesson}, step {step + 1}: a place that is not there is taken for an answer: {said}")
            verdict = browser.value(f"{ANSWER}({json.dumps(words)})")
            if not verdict.startswith("verdict good" if rightly else "verdict bad"):
                fail(f"{lesson}, step {step + 1}: {words} is judged as {verdict}")
            if not rightly and question["expected"] not in verdict:
                fail(f"{lesson}, step {step + 1}: a wrong answer is not told what happened: {verdict}")
            if "{" in verdict:
                fail(f"{lesson}, step {step + 1}: a mark is left in {verdict}")
            picture(browser, f"{lesson}-{step + 1}-{'right' if rightly else 'wrong'}")
        browser.press("ArrowRight", 39)
        if step + 1 < steps:
            browser.wait_for(f"document.getElementById('place').textContent === '{step + 2} / {steps}'", "no step leads on")
    return kinds


def test(folder):
    procatlas = build / "bin" / "procatlas"
    browser = Browser(chromium, folder, 170)
    kinds = set()
    try:
        for lesson, language in (("1", "en"), ("5", "en"), ("8", "ko"), ("9", "ko"), ("13", "en")):
            page = f"{folder}/{lesson}.html"
            subprocess.run([procatlas, "lesson", lesson, "--as", "html", "--language", language, "-o", page], check=True)
            kinds |= walk(browser, page, lesson, rightly=False)
            kinds |= walk(browser, page, lesson, rightly=True)
        if kinds != {"choice", "number", "order", "tree", "fill", "place"}:
            fail(f"only these kinds of questions were walked: {kinds}")
        hostile = pathlib.Path(folder, "hostile")
        hostile.mkdir()
        (hostile / "lesson.en.md").write_text(
            "# <script>window.harm=1</script>\n## <img src=x onerror=window.harm=1>\n```run\nprogram: hello\n```\n```question\nkind: choice\n"
            "- a | </script><script>window.harm=1</script> | <!--<script>\n- b\nanswer: SELECT 'b'\nwrong: <img src=x onerror=window.harm=1>\n```\n")
        page = f"{folder}/hostile.html"
        subprocess.run([procatlas, "lesson", hostile, "--as", "html", "-o", page], check=True)
        walk(browser, page, "hostile", rightly=False)
        if browser.value("window.harm ?? 0") != 0:
            fail("a script of the lesson has run")
        for complaint in browser.complaints(f"file://{folder}"):
            fail(complaint)
    finally:
        browser.end()


home = tempfile.mkdtemp()
try:
    test(home)
finally:
    shutil.rmtree(home, ignore_errors=True)
print("1 passed, 0 failed")
