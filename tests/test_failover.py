"""The primary dies while many write: what was acknowledged is there, and writing goes on."""

import itertools
import json
import tempfile
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path

import pytest

from negotiations_api.app import create_app
from negotiations_api.config import Settings
from tests.api.samples import build_world
from tests.client import Client
from tests.replication import Pair, replicating, wait_until
from tests.serving import serving

WRITERS = 4
AT_ONCE = 3
EACH_S = 30


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Two servers, of which the first will not outlive the test."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory,
        replicating(Path(directory)) as made,
    ):
        yield made


@dataclass(frozen=True)
class Answered:
    """What a request was answered."""

    status: int
    headers: Message
    body: dict[str, object]

    @property
    def kind(self) -> str:
        """The status, and the type of problem if it is one."""
        return " ".join(str(part) for part in (self.status, self.body.get("type")) if part)


def send(address: str, body: str | None = None, **headers: str) -> Answered:
    """GET, or POST of many records."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        named["Content-Type"] = "application/x-ndjson"
    content = None if body is None else body.encode()
    request = urllib.request.Request(address, content, named)
    try:
        with urllib.request.urlopen(request, timeout=EACH_S) as answer:
            return Answered(answer.status, answer.headers, json.load(answer))
    except urllib.error.HTTPError as error:
        with error:
            return Answered(error.code, error.headers, json.load(error))


@dataclass
class Writer:
    """Records demands in talks of its own, some at a time, and notes what it was answered.

    If it insists, it sends what was not written, or may not have been, until it is.
    """

    address: str
    insists: bool
    stopped: threading.Event
    answers: dict[str, list[str]] = field(default_factory=dict)
    unexpected: list[str] = field(default_factory=list)
    acknowledged: int = 0
    was_refused: bool = False

    def run(self) -> None:
        """Write until it is stopped."""
        try:
            for number in itertools.count():
                if self.stopped.is_set():
                    return
                self._write(f"w{number}")
        except Exception as error:  # for the thread that looks at the answers
            self.unexpected.append(repr(error))
            raise

    def _write(self, batch: str) -> None:
        slugs = [f"{batch}-{index}" for index in range(AT_ONCE)]
        lines = [
            {"slug": slug, "title": slug, "issue": "peace-treaty", "addressed_to": ["alpha"]}
            | {"citations": [{"source": "treaty"}]}
            for slug in slugs
        ]
        body = "\n".join(map(json.dumps, lines))
        kinds = self.answers.setdefault(batch, [])
        key = f"{self.address.rpartition('/')[2]}-{batch}"
        while True:
            answer = send(f"{self.address}/demands", body, Idempotency_Key=key)
            kinds.append(answer.kind)
            if answer.status == 200:
                self.acknowledged += 1
                self._read_back(slugs[-1], answer.headers["consistency-token"])
                return
            self._check_refusal(answer)
            self.stopped.wait(0.1)
            if not self.insists or self.stopped.is_set():
                return

    def _read_back(self, slug: str, token: str) -> None:
        read = send(f"{self.address}/demands/{slug}", Consistency_Token=token)
        if read.status != 200:
            self._check_refusal(read)

    def _check_refusal(self, answer: Answered) -> None:
        self.was_refused |= answer.kind == "503 /problems/unavailable"
        if answer.status != 503 or int(answer.headers["retry-after"]) < 1:
            self.unexpected.append(f"{answer}")


def build(pair: Pair) -> None:
    """Talks for each writer."""
    app = create_app(Settings(database_url=pair.url, open_writing=True))
    client = Client(app)
    build_world(client)
    for index in range(WRITERS):
        client.create("/v1/negotiations", {"slug": f"talks-{index}", "title": "Talks"})
        here = f"/v1/negotiations/talks-{index}/participants"
        client.create(here, {"party": "alpha", "role": "principal"})
    app.extensions["database"].dispose()
    pair.catch_up()


def test_nothing_that_was_acknowledged_is_lost_when_the_primary_dies(
    pair: Pair, tmp_path: Path
) -> None:
    build(pair)
    stopped = threading.Event()
    read: Counter[str] = Counter()
    with serving(pair.url, tmp_path, pair.replica_url) as server:
        talks = [f"{server}/v1/negotiations/talks-{index}" for index in range(WRITERS)]
        before = [int(send(one).headers["negotiation-revision"]) for one in talks]
        writers = [Writer(one, index % 2 == 0, stopped) for index, one in enumerate(talks)]

        def go_on_reading() -> None:
            while not stopped.is_set():
                read[send(f"{talks[0]}/demands?limit=1").kind] += 1

        threads = [threading.Thread(target=writer.run) for writer in writers]
        threads.append(threading.Thread(target=go_on_reading))
        for thread in threads:
            thread.start()
        try:
            all_write(writers, 20)
            pair.kill_primary()
            wait_until(
                lambda: all(one.was_refused or one.unexpected for one in writers), "all are refused"
            )
            pair.promote()
            all_write(writers, 20)
        finally:
            stopped.set()
            for thread in threads:
                thread.join()

        assert [writer.unexpected for writer in writers] == [[]] * WRITERS
        assert set(read) == {"200"}
        for writer, revision in zip(writers, before, strict=True):
            check_record(writer, revision)


def all_write(writers: list[Writer], times: int) -> None:
    """Wait until each writer has written so many times more."""
    goals = [writer.acknowledged + times for writer in writers]
    wait_until(
        lambda: all(
            one.acknowledged >= goal or one.unexpected
            for one, goal in zip(writers, goals, strict=True)
        ),
        "all go on to write",
    )


def check_record(writer: Writer, revision: int) -> None:
    """What is there is what the answers said, each write whole, and each with its revision."""
    listed = send(f"{writer.address}/demands?limit=1000")
    assert listed.body["next"] is None
    items = listed.body["items"]
    assert isinstance(items, list)
    for item in items:
        assert (item["addressed_to"], len(item["citations"])) == (["alpha"], 1)
    there = Counter(item["slug"].partition("-")[0] for item in items)
    assert set(there.values()) <= {AT_ONCE}, "half of a write is there"
    assert set(there) <= set(writer.answers)
    for batch, kinds in writer.answers.items():
        if kinds[-1] == "200":
            assert batch in there, f"{batch} was acknowledged and is lost: {kinds}"
        elif set(kinds) == {"503 /problems/unavailable"}:
            assert batch not in there, f"{batch} is there, against its answer: {kinds}"
    assert int(listed.headers["negotiation-revision"]) == revision + len(there)
