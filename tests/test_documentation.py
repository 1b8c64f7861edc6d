"""Every command of the documentation is run, and prints what the documentation says."""

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from negotiations_api.config import Settings
from negotiations_api.http.problem import TYPES
from tests.serving import serving

ROOT = Path(__file__).parent.parent
PAGES = ("README.md", *sorted(f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")))
CURL = "curl" if shutil.which("curl") else "stand-in"
RUNS = sorted({*((page, CURL) for page in PAGES), ("README.md", "stand-in")})
"""Each page with curl, where there is one; README with the stand-in, too, to show its use."""


@dataclass(frozen=True)
class Step:
    """A command, and what it prints; a line that ends in ... is known up to there only."""

    command: str
    output: str


def steps(page: str) -> list[Step]:
    """The commands of the console blocks of a page, in order."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", (ROOT / page).read_text(), re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = part.split("\n")
            length = 1
            while length < len(lines) and lines[length].startswith("> "):
                length += 1
            command = "\n".join([lines[0], *(line[2:] for line in lines[1:length])])
            found.append(Step(command, "\n".join(lines[length:])))
    return found


UNGA = ROOT.parent / "shared" / "data" / "unga"


def test_every_page_has_commands_that_are_run() -> None:
    assert all(steps(page) for page in PAGES)


def test_every_type_of_problem_has_a_section() -> None:
    page = (ROOT / "docs" / "problems.md").read_text()
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == list(TYPES)


def test_every_setting_is_in_the_table() -> None:
    rows = re.findall(r"^\| (`NEGOTIATIONS_.+?) \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    named = set(re.findall(r"`(NEGOTIATIONS_[A-Z_]+)`", " ".join(rows)))
    assert named >= {f"NEGOTIATIONS_{field.name.upper()}" for field in fields(Settings)}


def test_every_decision_is_in_the_index() -> None:
    pages = ROOT / "docs" / "decisions"
    linked = re.findall(r"^\| \[\d+\]\((.+?)\)", (pages / "README.md").read_text(), re.MULTILINE)
    assert linked == sorted(page.name for page in pages.glob("0*.md"))


@pytest.fixture
def environment(tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    """A directory with a database of its own, and the commands on the path."""
    programs = tmp_path / "programs"
    programs.mkdir()
    if request.param == "stand-in":
        stand_in = programs / "curl"
        stand_in.write_text(f"#!{sys.executable}\n{(ROOT / 'tests' / 'curl.py').read_text()}")
        stand_in.chmod(stand_in.stat().st_mode | stat.S_IXUSR)
    path = [str(programs), str(Path(sys.executable).parent), os.environ["PATH"]]
    return {
        **os.environ,
        "PATH": os.pathsep.join(path),
        "NEGOTIATIONS_DATABASE_URL": f"sqlite:///{tmp_path / 'negotiations.db'}",
    }


@pytest.fixture
def port(environment: dict[str, str], tmp_path: Path) -> Iterator[int]:
    """The port of a server with the example talks."""
    for arguments in (["migrate"], ["load", "--example"]):
        subprocess.run(["negotiations", *arguments], check=True, env=environment, cwd=tmp_path)
    create = ["negotiations", "token", "create", "--name", "docs", "--scope", "write"]
    made = subprocess.run(create, check=True, env=environment, cwd=tmp_path, capture_output=True)
    environment["AUTH"] = f"Authorization: Bearer {made.stdout.decode().strip()}"
    url = environment["NEGOTIATIONS_DATABASE_URL"]
    with serving(url, tmp_path, open_writing=False) as address:
        yield int(address.rpartition(":")[2])


def pattern(line: str) -> str:
    """What matches a line that ought to be printed."""
    return re.escape(line[:-3]) + ".*" if line.endswith("...") else re.escape(line)


@pytest.mark.parametrize(("page", "environment"), RUNS, indirect=["environment"])
def test_the_commands_print_what_the_page_says(
    page: str, environment: dict[str, str], port: int, tmp_path: Path
) -> None:
    marker = "--- end of step ---"
    script = "\n".join(f"{step.command}\necho '{marker}'" for step in steps(page))
    ran = subprocess.run(
        ["sh", "-c", script.replace("127.0.0.1:8000", f"127.0.0.1:{port}")],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=tmp_path,
        timeout=120,
    )
    printed = ran.stdout.split(f"{marker}\n")[:-1]
    assert len(printed) == len(steps(page)), ran.stderr
    for step, output in zip(steps(page), printed, strict=True):
        expected = "\n".join(pattern(line) for line in step.output.split("\n"))
        assert re.fullmatch(expected, output), f"{step.command}\n{output}\n{ran.stderr}"


@pytest.mark.parametrize("environment", [CURL], indirect=True)
def test_the_votes_of_the_general_assembly_load_as_their_page_says(
    environment: dict[str, str], tmp_path: Path
) -> None:
    if not UNGA.exists():
        pytest.skip(f"the votes of the General Assembly are not there: {UNGA} is missing")
    shutil.copy(ROOT / "examples" / "unga" / "unga.yaml", tmp_path)
    for step in steps("examples/unga/README.md"):
        ran = subprocess.run(
            ["sh", "-c", step.command],
            capture_output=True,
            text=True,
            check=False,
            env=environment | {"UNGA": str(UNGA)},
            cwd=tmp_path,
            timeout=300,
        )
        expected = "\n".join(pattern(line) for line in step.output.split("\n"))
        assert re.fullmatch(expected, ran.stdout), f"{step.command}\n{ran.stdout}\n{ran.stderr}"
