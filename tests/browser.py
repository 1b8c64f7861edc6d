"""A Chromium without a window, driven over the DevTools protocol by a pair of pipes."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Message = dict[str, Any]

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
    "--window-size=1280,1600",
    # Whatever a page asks of another host fails, and is on record all the same.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--remote-debugging-pipe",
)

_ON_THREE_AND_FOUR = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
os.dup2(ends[0], 3)
os.dup2(ends[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Chromium reads the protocol from file descriptor 3 and writes it to 4."""


class Tab:
    """The tab of a browser, and all that happened in it, as the protocol tells it."""

    def __init__(self, write: int, read: int) -> None:
        self.write, self.read = write, read
        self.rest = b""
        self.last = 0
        self.session: str | None = None
        self.happened: list[Message] = []

    def open(self) -> None:
        """Open the tab, and listen to its network, its console and its log."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Network", "Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> Message:
        """The result of a method of the protocol; what happens meanwhile is kept."""
        self.last += 1
        message: Message = {"id": self.last, "method": method, "params": params}
        if self.session is not None:
            message["sessionId"] = self.session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self.last:
                assert "error" not in answer, answer
                result: Message = answer["result"]
                return result
            self.happened.append(answer)

    def _receive(self, seconds: float = 30) -> Message:
        while b"\0" not in self.rest:
            assert select.select([self.read], [], [], seconds)[0], "the browser does not answer"
            part = os.read(self.read, 1 << 16)
            assert part, "the browser has gone"
            self.rest += part
        text, _, self.rest = self.rest.partition(b"\0")
        message: Message = json.loads(text)
        return message

    def value(self, expression: str) -> Any:
        """What an expression of JavaScript gives on the page."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait_for(self, expression: str, seconds: float = 30) -> Any:
        """The value of an expression as soon as it is true."""
        deadline = time.monotonic() + seconds
        while not (value := self.value(expression)):
            assert time.monotonic() < deadline, f"not within {seconds} s: {expression}"
            time.sleep(0.05)
        return value

    def settled(self, expression: str) -> Any:
        """The value of an expression once two frames have been drawn."""
        frames = "new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
        self.call("Runtime.evaluate", expression=frames, awaitPromise=True)
        return self.value(expression)

    def events(self, name: str) -> list[Message]:
        """What happened under that name."""
        return [event["params"] for event in self.happened if event.get("method") == name]

    def requested(self) -> list[str]:
        """The address of every request that the page has made."""
        return [event["request"]["url"] for event in self.events("Network.requestWillBeSent")]

    def complaints(self) -> list[Message]:
        """What the console and the log have: errors, warnings, breaches of the policy."""
        self.settled("document.readyState")
        logged = [event["entry"] for event in self.events("Log.entryAdded")]
        called = self.events("Runtime.consoleAPICalled")
        return [
            *(entry for entry in logged if entry["level"] in {"error", "warning"}),
            *(entry for entry in called if entry["type"] in {"error", "warning", "assert"}),
            *self.events("Runtime.exceptionThrown"),
        ]

    def wait_for_complaint(self, words: str, seconds: float = 30) -> None:
        """Wait until something with `words` in it is complained of."""
        deadline = time.monotonic() + seconds
        while not any(words in str(complaint) for complaint in self.complaints()):
            assert time.monotonic() < deadline, f"not within {seconds} s: {words}"


@contextmanager
def browse(program: str, directory: Path) -> Iterator[Tab]:
    """A tab of a browser of its own, whose profile is in `directory`."""
    theirs, ours = os.pipe(), os.pipe()  # (read, write): what they read, what we read
    command = [sys.executable, "-c", _ON_THREE_AND_FOUR, str(theirs[0]), str(ours[1]), program]
    with subprocess.Popen(
        [*command, *FLAGS, f"--user-data-dir={directory}"],
        pass_fds=(theirs[0], ours[1]),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(theirs[0])
        os.close(ours[1])
        try:
            tab = Tab(theirs[1], ours[0])
            tab.open()
            yield tab
        finally:
            process.terminate()
            os.close(theirs[1])
            os.close(ours[0])
