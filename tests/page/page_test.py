"""Opens an exported page in headless Chromium and steps through it by keys: tree and memory follow, nothing is asked for outside, and
the console stays silent. Speaks the DevTools protocol over a pipe: page_test.py BUILD_FOLDER CHROMIUM."""

import pathlib
import shutil
import subprocess
import sys
import tempfile

from browser import Browser, fail

build, chromium = pathlib.Path(sys.argv[1]), sys.argv[2]


def drawn(browser):
    return browser.value("Array.from(document.querySelectorAll('svg'), s => s.outerHTML).join('')")


def test(folder):
    recording, page = f"{folder}/run.procatlas", f"{folder}/page.html"
    procatlas = build / "bin" / "procatlas"
    subprocess.run([procatlas, "trace", "-o", recording, "--example", "fork_exec"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([procatlas, "show", recording, "--as", "html", "-o", page], check=True)
    browser = Browser(chromium, folder)
    try:
        browser.open(f"file://{page}#moment=0")
        browser.wait_for("document.readyState === 'complete' && document.querySelector('svg') !== null", "the page draws nothing")
        first = drawn(browser)
        browser.press("End", 35)
        browser.wait_for("document.body.innerText.includes('exited 0')", "End does not show the last moment")
        last = drawn(browser)
        if first == last:
            fail("the first and the last moment look the same")
        browser.press("Home", 36)
        browser.wait_for("!document.body.innerText.includes('exited 0')", "Home does not go back")
        if drawn(browser) != first:
            fail("going there and back changes the first moment")
        pictures = {}
        for moment in range(1, 21):
            browser.press("ArrowRight", 39)
            browser.wait_for(f"document.body.innerText.includes('moment {moment} of ')", f"no step leads to moment {moment}")
            pictures[moment] = drawn(browser)
        if len(set(pictures.values())) < 5:
            fail("steps change neither tree nor memory")
        browser.press("ArrowLeft", 37)
        browser.wait_for("document.body.innerText.includes('moment 19 of ')", "no step leads back")
        if drawn(browser) != pictures[19]:
            fail("a step back shows another picture than the step forward did")
        for complaint in browser.complaints(f"file://{page}"):
            fail(complaint)
    finally:
        browser.end()


home = tempfile.mkdtemp()
try:
    test(home)
finally:
    shutil.rmtree(home, ignore_errors=True)
print("1 passed, 0 failed")
