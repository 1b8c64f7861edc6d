"""Many writes of every kind, at random: their history comes to what is there (conftest.py)."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.samples import CITATION, HERE, SAMPLES
from tests.client import Client

ANY = {"If-Match": "*"}
WRITES = 60


class Writer:
    """Writes something at random; what is refused is refused."""

    def __init__(self, client: Client, seed: int) -> None:
        self.client = client
        self.random = random.Random(seed)
        self.documents: list[Any] = []
        self.paths: list[str] = [f"{HERE}/demands/prisoners", "/v1/parties/alpha", HERE]
        self.accepted = 0

    def write(self) -> None:
        """One write."""
        ways: list[Callable[[], Any]] = [
            self.create,
            self.take_position,
            self.take_position,
            self.take_many,
            self.patch,
            self.patch,
            self.delete,
            self.restore,
            self.restore,
            self.replace_document,
            self.cite,
        ]
        answer = self.random.choice(ways)()
        self.accepted += answer.status_code < 400
        if "Location" in answer.headers and "/document" not in answer.headers["Location"]:
            self.paths.append(answer.headers["Location"])

    def create(self) -> Any:
        sample = self.random.choice(SAMPLES)
        return self.client.post(sample.collection, sample.payload)

    def position(self) -> dict[str, Any]:
        choose = self.random.choice
        date = f"{self.random.randint(2000, 2005)}"
        return {
            "party": choose(["alpha", "beta"]),
            "demand": choose(["prisoners", "treaty", "withdrawal"]),
            "date": choose([date, f"{date}-0{self.random.randint(1, 9)}"]),
            "until": choose([None, None, "2006", "2010-05"]),
            "stance": choose(["demand", "accept", "reject"]),
            "citations": choose([[], [CITATION]]),
        }

    def take_position(self) -> Any:
        return self.client.post(f"{HERE}/positions", self.position())

    def take_many(self) -> Any:
        header = "party,demand,date,stance\n"
        rows = [self.position() for _ in range(self.random.randint(1, 4))]
        lines = [f"{r['party']},{r['demand']},{r['date']},{r['stance']}\n" for r in rows]
        media = {"Content-Type": "text/csv"}
        return self.client.post(f"{HERE}/positions", data=header + "".join(lines), headers=media)

    def patch(self) -> Any:
        path = self.random.choice(self.paths)
        field = "name" if "/parties/" in path else "title"
        body: dict[str, Any] = {field: f"Title {self.random.randint(1, 5)}"}
        if "/positions/" in path:
            position = self.position()
            body = {name: position[name] for name in self.random.sample(sorted(position), 2)}
        return self.client.patch(path, body, match="*")

    def delete(self) -> Any:
        path = self.random.choice([path for path in self.paths if path != HERE])
        return self.client.delete(path, match="*")

    def restore(self) -> Any:
        path = self.random.choice(self.paths)
        is_there = self.client.get(path).status_code == 200
        body = {}
        if path.startswith(f"{HERE}/"):
            body = self.random.choice([{}, {"revision": self.random.randint(1, 30)}])
        return self.client.post(f"{path}/restore", body, headers=ANY if is_there else {})

    def replace_document(self) -> Any:
        self.documents.append(self.client.get(f"{HERE}/document").get_json())
        document = self.random.choice(self.documents)
        return self.client.put(f"{HERE}/document", document, match="*")

    def cite(self) -> Any:
        path = self.random.choice(self.paths)
        return self.client.post(f"{path}/citations", CITATION)


@pytest.mark.parametrize("seed", range(6))
def test_many_writes_leave_a_history_that_comes_to_what_is_there(world: Client, seed: int) -> None:
    writer = Writer(world, seed)
    for _ in range(WRITES):
        writer.write()
    assert writer.accepted > WRITES / 3
