"""Schemathesis finds no answer that differs from the OpenAPI document (schemathesis.toml)."""

import os
import subprocess
import sys
from pathlib import Path

from negotiations_api.database import Access, Database
from negotiations_api.models.token import Scope
from negotiations_api.records.tokens import create_token
from tests.serving import serving

ROOT = Path(__file__).parent.parent
EXAMPLES = os.environ.get("NEGOTIATIONS_TEST_EXAMPLES", "30")
SEED = os.environ.get("NEGOTIATIONS_TEST_SEED", "1")
"""The same each time, so that a change is judged by what it does; another one finds more."""
PHASES = os.environ.get("NEGOTIATIONS_TEST_PHASES", "examples,coverage,fuzzing,stateful")
ONE_ENGINE = "coverage,"
"""The phase that takes two thirds of the time, and tries what the schemas refuse: before any of it
comes to an engine. It runs on SQLite.
"""
PATHS = os.environ.get("NEGOTIATIONS_TEST_PATHS", ".")
"""A part of the addresses, as a regular expression: many examples of all of them take hours."""


def test_no_answer_differs_from_the_contract(talks: Database, tmp_path: Path) -> None:
    phases = PHASES if talks.engine.dialect.name == "sqlite" else PHASES.replace(ONE_ENGINE, "")
    url = talks.engine.url.render_as_string(hide_password=False)
    with talks.transaction(Access.WRITE) as session:
        token = create_token(session, "schemathesis", Scope.ADMIN).secret
    with serving(url, tmp_path, open_writing=False) as address:
        ran = subprocess.run(
            [
                str(Path(sys.executable).parent / "schemathesis"),
                *("--config-file", str(ROOT / "schemathesis.toml")),
                *("run", f"{address}/openapi.json", "--no-color", "--checks", "all"),
                *("--phases", phases, "-n", EXAMPLES, "--include-path-regex", PATHS),
                *("--request-timeout", "60"),  # a feed may be waited for
                *("--seed", SEED, "--header", f"Authorization: Bearer {token}"),
            ],
            env=os.environ | {"NEGOTIATIONS_TOKEN": token},
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
    assert ran.returncode == 0, ran.stdout[max(ran.stdout.find("====="), 0) :]
