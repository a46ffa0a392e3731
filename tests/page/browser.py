"""A headless Chromium that does what a test says, by the DevTools protocol over a pipe."""

import json
import os
import select
import signal
import subprocess
import sys
import time


def fail(text):
    print("FAILED:", text)
    sys.exit(1)


class Browser:
    """Each page is a tab of its own; `session` is the one that is spoken to. `chromium`: the program; `folder`: for its profile."""

    def __init__(self, chromium, folder, seconds=90):
        self.deadline = time.monotonic() + seconds
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
            left = self.deadline - time.monotonic()
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

    def open(self, url, **metrics):
        """A new tab in a window of its own, with its own storage. `metrics`: of Emulation.setDeviceMetricsOverride."""
        self.session = None
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        if metrics:
            self.call("Emulation.setDeviceMetricsOverride", deviceScaleFactor=1, **metrics)
        self.call("Page.navigate", url=url)
        return self.session

    def complaints(self, *allowed):
        """What the consoles said, and requests to anywhere but what begins as one of `allowed`."""
        found = []
        for event in self.events:
            method, parameters = event.get("method"), event.get("params", {})
            if method == "Runtime.exceptionThrown" or (method == "Runtime.consoleAPICalled" and parameters["type"] == "error"):
                found.append(f"the console says: {parameters}")
            if method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
                found.append(f"the console says: {parameters['entry']}")
            if method == "Network.requestWillBeSent" and not parameters["request"]["url"].startswith((*allowed, "data:", "about:")):
                found.append(f"the page asks for {parameters['request']['url']}")
        return found

    def value(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            fail(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def press(self, key, code):
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def wait_for(self, expression, what, seconds=20):
        deadline = time.monotonic() + seconds
        while not self.value(expression):
            if time.monotonic() > deadline:
                fail(what)
            time.sleep(0.01)  # the page needs the processor, too

    def end(self):
        os.killpg(self.process.pid, signal.SIGKILL)  # Chromium is many processes
        self.process.wait()
