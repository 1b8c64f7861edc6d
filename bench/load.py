"""Load: wrk on a core of its own for what is answered fast, a client for what takes long."""

import http.client
import json
import math
import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

CONNECTIONS = 8
SLOW = 30
"""What answers fewer a second gets its requests one at a time: of eight at once those under way
at the end of a run would be lost, and there are few."""

_LEAST = 120
"""As many requests as a run of wrk should have."""

_SCRIPT = Path(__file__).with_suffix(".lua")


@dataclass(frozen=True)
class Plan:
    """Requests, sent in turn. `bodies`, where there are any, are sent once each."""

    paths: Sequence[str]
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    bodies: Sequence[str] = ()
    expects: int = 200

    def lua(self) -> str:
        """The plan as wrk's script reads it."""
        headers = ", ".join(f"[{_quoted(k)}] = {_quoted(v)}" for k, v in self.headers.items())
        return (
            f"return {{ method = {_quoted(self.method)}, headers = {{ {headers} }},\n"
            f"  paths = {{ {', '.join(map(_quoted, self.paths))} }},\n"
            f"  bodies = {{ {', '.join(map(_quoted, self.bodies))} }} }}\n"
        )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=True)


def seconds_for(rate: float, longest: int) -> int:
    """How many whole seconds a run takes at some requests a second."""
    return max(1, min(longest, math.ceil(_LEAST / max(rate, 0.1))))


def wrk(address: str, plan: Plan, seconds: int, core: int, scratch: Path) -> float:
    """Requests a second that wrk was answered, all of them as the plan expects.

    Raises RuntimeError if any was refused, or none was answered.
    """
    file = scratch / "plan.lua"
    file.write_text(plan.lua())
    finished = subprocess.run(
        [
            *("taskset", "-c", str(core), "wrk", "-t", "1", "-c", str(CONNECTIONS)),
            *("-d", f"{seconds}s", "--timeout", "60s", "-s", str(_SCRIPT), address, "--"),
            str(file),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    told = json.loads(finished.stdout.splitlines()[-1])
    if told["refused"] or told["broken"] or not told["requests"]:
        raise RuntimeError(f"wrk was refused, or not answered: {told}")
    return float(told["requests"] / told["microseconds"] * 1e6)


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Let this process run on one core only."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@dataclass(frozen=True)
class Reply:
    """An answer, read to its end, and the seconds that it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


class Client:
    """One connection that sends one request after the other."""

    def __init__(self, address: str, timeout: float = 120) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=timeout)

    def send(self, plan: Plan, turn: int = 0) -> Reply:
        """Send a request of the plan."""
        try:
            return self._send(plan, turn)
        except (http.client.RemoteDisconnected, ConnectionError):
            self._connection.close()  # it was idle for longer than the server waits
            return self._send(plan, turn)

    def _send(self, plan: Plan, turn: int) -> Reply:
        body = plan.bodies[turn] if plan.bodies else None
        begun = time.perf_counter()
        path = plan.paths[turn % len(plan.paths)]
        self._connection.request(plan.method, path, body, dict(plan.headers))
        response = self._connection.getresponse()
        read = response.read()
        taken = time.perf_counter() - begun
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, headers, read, taken)

    def rate(self, plan: Plan, seconds: float, least: int = 3) -> float:
        """How many requests a second are answered, one after the other, at least `least`."""
        begun = time.perf_counter()
        count = 0
        while count < least or time.perf_counter() - begun < seconds:
            reply = self.send(plan, count)
            count += 1
            if reply.status != plan.expects:
                raise RuntimeError(f"{reply.status} instead of {plan.expects}: {plan.paths[0]}")
        return count / (time.perf_counter() - begun)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
