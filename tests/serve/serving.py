"""A `procatlas serve` of the test's own, and people who speak to it over plain sockets."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time


def fail(text):
    print("FAILED:", text)
    sys.exit(1)


def sanitized(build):
    """AddressSanitizer keeps up to 256 MB of what was given back."""
    return b"__asan_init" in (pathlib.Path(build) / "bin" / "procatlas").read_bytes()


class Serving:
    """with Serving(build, "--example", "fork_exec") as server: ..."""

    def __init__(self, build, *arguments, environment=None, stdin=subprocess.DEVNULL):
        self.process = subprocess.Popen([pathlib.Path(build) / "bin" / "procatlas", "serve", *arguments], stdin=stdin,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                        env=environment)
        self.look, self.drive = (self.process.stdout.readline().strip() for _ in range(2))
        if not self.drive.startswith("http://"):
            fail(f"serve does not say its links: {self.process.stderr.read()}")
        said = self.process.stderr.readline()
        while "Class code " not in said:
            if not said:
                fail("serve does not say its class code")
            said = self.process.stderr.readline()
        self.code = said.split("Class code ")[1].split()[0]
        self.page = self.look.split("#")[0]
        host, port = self.page.removeprefix("http://").rstrip("/").rsplit(":", 1)
        self.address = (host, int(port))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self, with_signal=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        try:
            self.said = self.process.communicate(timeout=20)[1]
        except subprocess.TimeoutExpired:
            self.process.kill()
            fail("serve does not end")
        return self.process.returncode

    def ask(self, path, token=None, body=None, headers=None, method=None):
        """(status, headers, body) of a request on a connection of its own."""
        with Connection(self.address) as connection:
            return connection.ask(path, token, body, headers, method)

    def enter(self, link):
        status, _, body = self.ask("/enter", body={"secret": link.split("=")[1]})
        if status != 200:
            fail(f"a link does not lead in: {status}")
        return json.loads(body)["token"]

    def do(self, token, **command):
        return self.ask("/do", token, command)[0]

    def memory(self):
        """Resident bytes of the server."""
        pages = int(pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


class Connection:
    def __init__(self, address, seconds=20, source=None):
        self.socket = socket.create_connection(address, timeout=seconds, source_address=source and (source, 0))
        self.host = f"{address[0]}:{address[1]}"
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, path, token=None, body=None, headers=None, method=None):
        data = json.dumps(body).encode() if body is not None else b""
        lines = {"Host": self.host}
        if token:
            lines["Authorization"] = f"Bearer {token}"
        if body is not None:
            lines |= {"Content-Type": "application/json", "Content-Length": str(len(data))}
        lines |= headers or {}
        method = method or ("GET" if body is None else "POST")
        head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
        self.socket.sendall(head.encode("latin-1") + data)

    def more(self):
        got = self.socket.recv(65536)
        self.buffer += got
        return bool(got)

    def head(self):
        while b"\r\n\r\n" not in self.buffer:
            if not self.more():
                return 0, {}
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        return int(first.split()[1]), dict(line.split(": ", 1) for line in lines)

    def ask(self, *arguments, **named):
        self.send(*arguments, **named)
        status, headers = self.head()
        length = int(headers.get("Content-Length", 0))
        while len(self.buffer) < length:
            if not self.more():
                fail("an answer breaks off")
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return status, headers, body


class Follower(Connection):
    """Reads the stream of events: `state` is the last one, `moments` counts the rows that came, each exactly once and in order."""

    def __init__(self, address, token, generation=0, moments=0, source=None):
        super().__init__(address, source=source)
        self.generation, self.moments, self.state, self.output, self.lesson = generation, moments, {}, [], None
        self.missed = False
        self.send(f"/events?generation={generation}&from={moments}", token)
        if self.head()[0] != 200:
            fail("the stream does not begin")

    def take(self):
        """Takes what has arrived; False: the stream has ended."""
        while b"\n\n" not in self.buffer:
            if not self.more():
                return False
        *messages, self.buffer = self.buffer.split(b"\n\n")
        for message in messages:
            kind, _, data = message.decode().partition("\ndata: ")
            if kind == "event: state":
                self.state = json.loads(data)
                if self.state["generation"] != self.generation:
                    self.generation, self.moments, self.output = self.state["generation"], 0, []
            elif kind == "event: lesson":
                self.lesson = json.loads(data)
            elif kind == "event: rows":
                rows = json.loads(data)
                self.missed |= rows["from"] != self.moments
                self.moments = rows["from"] + len(rows["ms"])
                self.output += rows["output"]
        return True

    def wait_for(self, condition, what, seconds=20):
        deadline = time.monotonic() + seconds
        while not condition():
            self.socket.settimeout(max(deadline - time.monotonic(), 0.01))
            try:
                if not self.take():
                    fail(f"the stream has ended: {what}")
            except TimeoutError:
                fail(what)
