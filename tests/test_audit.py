"""What the audit of the dependencies says, by what pip-audit says."""

import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Verdict = Callable[[str, str, str], tuple[int, str]]

FINE = {"name": "flask", "version": "3.1.3", "vulns": []}
KNOWN = {"id": "PYSEC-2026-1", "fix_versions": ["3.1.4"], "aliases": [], "description": "x"}
UNKNOWN = {"name": "ours", "skip_reason": "Dependency not found on PyPI"}


@pytest.fixture(scope="module")
def verdict() -> Verdict:
    found: Any = runpy.run_path(str(Path(__file__).parent.parent / "tools" / "audit.py"))
    made: Verdict = found["verdict"]
    return made


def printed(*dependencies: Any) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


def test_nothing_known_is_fine(verdict: Verdict) -> None:
    status, said = verdict("r.txt", printed(FINE), "No known vulnerabilities found")
    assert (status, said) == (0, "r.txt: 0 known vulnerabilities in 1 packages.")


def test_what_is_known_fails_and_says_what_to_do(verdict: Verdict) -> None:
    status, said = verdict("r.txt", printed(FINE, FINE | {"vulns": [KNOWN]}), "Found 1")
    assert status == 1
    assert "flask 3.1.3: PYSEC-2026-1, mended in 3.1.4" in said


def test_what_is_not_looked_up_is_counted(verdict: Verdict) -> None:
    assert verdict("r.txt", printed(FINE, UNKNOWN), "")[1].endswith("1 were not looked up.")
    status, said = verdict("r.txt", printed(UNKNOWN), "")
    assert status == 0
    assert "NOT AUDITED" in said


@pytest.mark.parametrize(
    "complained",
    [
        "ERROR:pip_audit._cli:Could not connect to PyPI's vulnerability feed",
        "requests.exceptions.ConnectionError: HTTPSConnectionPool: Max retries exceeded",
        "requests.exceptions.ProxyError: Unable to connect to proxy",
        "requests.exceptions.HTTPError: 503 Server Error: Service Unavailable",
    ],
)
def test_without_a_network_it_says_so_and_does_not_fail(verdict: Verdict, complained: str) -> None:
    status, said = verdict("r.txt", "", complained)
    assert status == 0
    assert "NOT AUDITED" in said


@pytest.mark.parametrize("complained", ["", "ERROR: r.txt is no file", "Traceback: KeyError"])
def test_another_failure_is_one(verdict: Verdict, complained: str) -> None:
    assert verdict("r.txt", "", complained)[0] == 2
