"""A client that a generator makes of openapi.yaml walks through the talks, as the README does."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.test_documentation import ROOT, environment, port

__all__ = ["environment", "port"]  # fixtures

NAME = "negotiations_client"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory with the generated client."""
    directory = tmp_path_factory.mktemp("generated")
    command: list[str | Path] = [
        Path(sys.executable).parent / "openapi-python-client",
        "generate",
        *("--path", ROOT / "openapi.yaml"),
        *("--config", ROOT / "tools" / "api" / "python-client.yaml"),
        *("--meta", "none"),
        *("--output-path", directory / NAME),
        "--fail-on-warning",
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=directory)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "warning" not in (ran.stdout + ran.stderr).lower()
    return directory


class Generated:
    """The modules of the generated client, and a client of it."""

    def __init__(self, address: str, authorization: str) -> None:
        headers = {"Authorization": authorization}
        self.client = self.module("client").Client(base_url=address, headers=headers)
        self.models = self.module("models")

    def module(self, name: str) -> Any:
        """One of its modules."""
        return importlib.import_module(f"{NAME}.{name}")

    def call(self, operation: str, *arguments: str, **more: Any) -> Any:
        """Call an operation, ``questions.compare``; the answer with its status and headers."""
        called = self.module(f"api.{operation}").sync_detailed
        return called(*arguments, client=self.client, **more)

    def compare(self, sides: str, **more: Any) -> Any:
        """Compare two sides of the talks."""
        answer = self.call("questions.compare", "us-dprk", sides, **more)
        assert answer.status_code == 200
        return answer.parsed


@pytest.fixture
def generated(
    package: Path, port: int, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Generated]:
    """The generated client, of a server with the example talks."""
    monkeypatch.syspath_prepend(package)
    authorization = environment["AUTH"].removeprefix("Authorization: ")
    made = Generated(f"http://127.0.0.1:{port}", authorization)
    with made.client:
        yield made


def differences(comparison: Any) -> list[tuple[str, str]]:
    """What a comparison of two dates lists: the demands, and how each has changed."""
    return [
        (compared.demand.slug, compared.change.value)
        for issue in comparison.issues
        for compared in issue.demands
    ]


@pytest.mark.parametrize("environment", ["stand-in"], indirect=True)
def test_a_generated_client_walks_through_the_talks(generated: Generated) -> None:
    models = generated.models

    comparison = generated.compare("usa@2019-10-31...prk@2019-10-31", demand="sanctions-relief")
    (issue,) = comparison.issues
    (compared,) = issue.demands
    assert compared.alignment == "conditional"
    assert (compared.left.stance, compared.right.stance) == ("conditional", "demand")
    assert compared.left.conditions[0].demands == ["cvid"]
    assert compared.right.deadline == "2019-12-31"

    thought = models.Position(
        party="usa",
        demand="sanctions-relief",
        date="2019-12",
        stance=models.PositionStance("conditional"),
        conditions=[models.Condition(models.ConditionKind("reciprocal"), demands=["cvid"])],
        summary="A thought experiment: relief step by step, for denuclearisation step by step.",
    )
    create, key = "positions.create_position", "a-thought-experiment"
    created = generated.call(create, "us-dprk", body=thought, idempotency_key=key)
    assert created.status_code == 201
    assert created.parsed.summary == thought.summary
    again = generated.call(create, "us-dprk", body=thought, idempotency_key=key)
    assert again.parsed.id == created.parsed.id
    assert again.headers["Idempotent-Replayed"] == "true"

    moved = generated.compare("usa@2019-10...usa@2019-12", show=models.CompareShow("differences"))
    assert differences(moved) == [("sanctions-relief", "softened")]

    delete = "positions.delete_position"
    stale = generated.call(delete, "us-dprk", created.parsed.id, if_match='"another"')
    assert stale.status_code == 412
    assert stale.parsed.type_ == "/problems/stale"
    tag = created.headers["ETag"]
    gone = generated.call(delete, "us-dprk", created.parsed.id, if_match=tag)
    assert gone.status_code == 204
    unchanged = generated.compare("usa@2019-10...usa@2019-12")
    assert {change for _, change in differences(unchanged)} == {"unchanged"}

    thought.party = "uas"
    refused = generated.call(create, "us-dprk", body=thought)
    assert refused.status_code == 422
    (error,) = refused.parsed.errors
    assert error.pointer == "/party"
    assert "did you mean 'usa'" in error.detail


@pytest.mark.parametrize("environment", ["stand-in"], indirect=True)
def test_a_generated_client_reads_and_replaces_a_whole_negotiation(generated: Generated) -> None:
    whole = generated.call("documents.read_document", "us-dprk")
    assert len(whole.parsed.demands) == 21
    replaced = generated.call(
        "documents.replace_document", "us-dprk", body=whole.parsed, if_match=whole.headers["ETag"]
    )
    assert replaced.status_code == 200
    assert replaced.parsed.changed.additional_properties == {}
