"""Opens an exported page in headless Chromium and steps through it by keys: tree and memory follow, nothing is asked for outside, and
the console stays silent. Speaks the DevTools protocol over a pipe: page_test.py BUILD_FOLDER CHROMIUM."""

import json
import os
import pathlib
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

build, chromium = pathlib.Path(sys.argv[1]), sys.argv[2]
deadline = time.monotonic() + 90


def fail(text):
    print("FAILED:", text)
    sys.exit(1)


class Browser:
    def __init__(self, folder):
        read_commands, self.commands = os.pipe()
        self.answers, write_answers = os.pipe()
        os.set_inheritable(read_commands, True)
        os.set_inheritable(write_answers, True)
        # Chromium reads commands from descriptor 3 and writes answers to 4.
        wrapped = f'exec "$0" "$@" 3<&{read_commands} 4>&{write_answers}'
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                 "--disable-component-update", "--disable-sync", f"--user-data-dir={folder}/profile", "--remote-debugging-pipe",
                 "about:blank"]
        self.process = subprocess.Popen(["sh", "-c", wrapped, chromium, *flags], close_fds=False, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(read_commands)
        os.close(write_answers)
        self.buffer = b""
        self.number = 0
        self.events = []
        self.session = None

    def message(self):
        while b"\0" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.answers], [], [], left)[0]:
                fail("Chromium does not answer")
            got = os.read(self.answers, 1 << 20)
            if not got:
                fail("Chromium has ended")
            self.buffer += got
        one, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(one)

    def call(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.commands, json.dumps(request).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    fail(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def value(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            fail(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def press(self, key, code):
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def wait_for(self, expression, what):
        while not self.value(expression):
            if time.monotonic() > deadline:
                fail(what)

    def end(self):
        os.killpg(self.process.pid, signal.SIGKILL)  # Chromium is many processes
        self.process.wait()


def drawn(browser):
    return browser.value("Array.from(document.querySelectorAll('svg'), s => s.outerHTML).join('')")


def test(folder):
    recording, page = f"{folder}/run.procatlas", f"{folder}/page.html"
    procatlas = build / "bin" / "procatlas"
    subprocess.run([procatlas, "trace", "-o", recording, "--example", "fork_exec"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([procatlas, "show", recording, "--as", "html", "-o", page], check=True)
    browser = Browser(folder)
    try:
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            browser.call(f"{domain}.enable")
        browser.call("Page.navigate", url=f"file://{page}#moment=0")
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
        for event in browser.events:
            method, parameters = event.get("method"), event.get("params", {})
            if method == "Runtime.exceptionThrown" or (method == "Runtime.consoleAPICalled" and parameters["type"] == "error"):
                fail(f"the console says: {parameters}")
            if method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
                fail(f"the console says: {parameters['entry']}")
            if method == "Network.requestWillBeSent" and not parameters["request"]["url"].startswith((f"file://{page}", "data:", "about:")):
                fail(f"the page asks for {parameters['request']['url']}")
    finally:
        browser.end()


home = tempfile.mkdtemp()
try:
    test(home)
finally:
    shutil.rmtree(home, ignore_errors=True)
print("1 passed, 0 failed")
