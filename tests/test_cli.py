"""The `negotiations` command, as a user runs it."""

import getpass
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml

from negotiations_api.database import Access, Database
from negotiations_api.models import Change, Position
from tests.conftest import EXAMPLE
from tests.histories import check_history

PROGRAM = str(Path(sys.executable).parent / "negotiations")


def negotiations(
    *arguments: str, url: str, directory: Path, status: int = 0
) -> subprocess.CompletedProcess[str]:
    """Run the command; check how it ends."""
    ran = subprocess.run(
        [PROGRAM, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"NEGOTIATIONS_DATABASE_URL": url},
        cwd=directory,
        timeout=60,
    )
    assert ran.returncode == status, ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr
    return ran


@pytest.fixture
def url(database: Database) -> str:
    """The address of the database, for another process."""
    return database.engine.url.render_as_string(hide_password=False)


def test_load_says_what_it_did_and_a_second_one_that_nothing_changed(
    url: str, tmp_path: Path
) -> None:
    first = negotiations("load", "--example", url=url, directory=tmp_path)
    assert re.fullmatch(r"us-dprk: \d+ created, 9 unchanged\.\n", first.stdout)
    second = negotiations("load", str(EXAMPLE), url=url, directory=tmp_path)
    assert re.fullmatch(
        r"us-dprk: nothing has changed, \d+ records are as they were\.\n", second.stdout
    )


def test_a_dump_is_what_is_loaded_again(url: str, tmp_path: Path) -> None:
    negotiations("load", "--example", url=url, directory=tmp_path)
    for form in ("yaml", "json"):
        dump = negotiations("dump", "us-dprk", "--format", form, url=url, directory=tmp_path)
        path = tmp_path / f"dump.{form}"
        path.write_text(dump.stdout)
        again = negotiations("load", str(path), url=url, directory=tmp_path)
        assert "nothing has changed" in again.stdout


def test_prune_deletes_what_the_document_does_not_have(url: str, tmp_path: Path) -> None:
    negotiations("load", "--example", url=url, directory=tmp_path)
    document = yaml.safe_load(EXAMPLE.read_bytes())
    del document["events"]
    path = tmp_path / "fewer.yaml"
    path.write_text(yaml.safe_dump(document))
    kept = negotiations("load", str(path), url=url, directory=tmp_path)
    assert re.search(r"; \d+ beyond the document were kept", kept.stdout)
    pruned = negotiations("load", "--prune", str(path), url=url, directory=tmp_path)
    assert re.search(r"\d+ deleted\.$", pruned.stdout)
    assert "events" not in negotiations("dump", "us-dprk", url=url, directory=tmp_path).stdout


def test_an_audience_that_a_document_leaves_out_stays_and_is_said_to_stay(
    url: str, tmp_path: Path
) -> None:
    document = yaml.safe_load(EXAMPLE.read_bytes())
    path = tmp_path / "talks.yaml"
    path.write_text(yaml.safe_dump(document | {"audiences": [{"slug": "team", "title": "Team"}]}))
    negotiations("load", str(path), url=url, directory=tmp_path)
    del document["events"]
    path.write_text(yaml.safe_dump(document))
    kept = negotiations("load", str(path), url=url, directory=tmp_path)
    assert re.search(r"; \d+ beyond the document were kept \(--prune", kept.stdout)
    said = "; 1 of the audiences is not in the document, and was kept (no load takes away"
    assert said in kept.stdout
    pruned = negotiations("load", "--prune", str(path), url=url, directory=tmp_path)
    assert said in pruned.stdout
    assert "--prune deletes" not in pruned.stdout


def test_a_token_for_what_is_not_there_is_refused_with_a_sentence(url: str, tmp_path: Path) -> None:
    asked = ("token", "create", "--name", "new", "--scope", "read", "--negotiation", "nope")
    refused = negotiations(*asked, url=url, directory=tmp_path, status=1)
    assert refused.stderr.startswith("There is no negotiation 'nope'")


def test_faults_are_named_with_file_and_line(url: str, tmp_path: Path) -> None:
    path = tmp_path / "talks.yaml"
    path.write_text("negotiation:\n  slug: x\n  title: X\ndemands:\n- slug: d\n  titel: D\n")
    ran = negotiations("load", "talks.yaml", url=url, directory=tmp_path, status=1)
    assert (
        "talks.yaml:6: /demands/0/titel: There is no field 'titel' here; did you mean 'title'?"
        in (ran.stderr)
    )
    assert ran.stderr.endswith("3 to mend; nothing was loaded.\n")


def test_a_load_that_would_strand_a_position_is_a_sentence(url: str, tmp_path: Path) -> None:
    position = {"party": "a", "demand": "d", "date": "2019", "stance": "accept", "value": 4}
    document = {
        "negotiation": {"slug": "x", "title": "X"},
        "parties": [{"slug": "a", "name": "A", "kind": "state"}],
        "participants": [{"party": "a", "role": "principal"}],
        "demands": [
            {"slug": "d", "title": "D", "issue": "peace-treaty", "scale": {"min": 0, "max": 5}}
        ],
        "positions": [position],
    }
    path = tmp_path / "x.yaml"
    path.write_text(yaml.safe_dump(document))
    negotiations("load", "x.yaml", url=url, directory=tmp_path)
    del document["positions"]
    document["demands"][0]["scale"] = {"min": 0, "max": 3}  # type: ignore[index]  # a dict
    path.write_text(yaml.safe_dump(document))
    ran = negotiations("load", "x.yaml", url=url, directory=tmp_path, status=1)
    assert "/demands/0/scale: It leaves out the position of 'a' of 2019, which stays" in ran.stderr


def test_a_negotiation_that_is_there_is_left_as_it_is_if_asked(url: str, tmp_path: Path) -> None:
    first = negotiations("load", "--example", "--if-missing", url=url, directory=tmp_path)
    assert "created" in first.stdout
    again = negotiations("load", "--example", "--if-missing", url=url, directory=tmp_path)
    assert again.stdout == "It is there already, and was left as it is.\n"


def test_a_document_may_come_from_standard_input(url: str, tmp_path: Path) -> None:
    ran = subprocess.run(
        [PROGRAM, "load", "-"],
        input=EXAMPLE.read_bytes(),
        capture_output=True,
        check=False,
        env=os.environ | {"NEGOTIATIONS_DATABASE_URL": url},
        cwd=tmp_path,
    )
    assert b"us-dprk:" in ran.stdout


def test_the_diff_is_the_text_of_the_comparison(url: str, tmp_path: Path) -> None:
    negotiations("load", "--example", url=url, directory=tmp_path)
    sides = ("us-dprk", "usa@2019-10", "prk@2019-10")
    plain = negotiations("diff", *sides, "--width", "80", url=url, directory=tmp_path).stdout
    assert plain.startswith(
        "--- usa  2019-10-31  United States\n+++ prk  2019-10-31  North Korea\n"
    )
    colored = negotiations(
        "diff", *sides, "--width", "80", "--color", "always", url=url, directory=tmp_path
    ).stdout
    assert colored != plain
    assert re.sub(r"\x1b\[\d*m", "", colored) == plain


def test_the_matrix_is_a_table(url: str, tmp_path: Path) -> None:
    negotiations("load", "--example", url=url, directory=tmp_path)
    text = negotiations("matrix", "us-dprk", "--on", "2019", url=url, directory=tmp_path).stdout
    assert "Who stands where on 2019-12-31" in text
    assert re.search(r"^  cvid +conditional +demand", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (("diff", "us-dprk", "usa", "jpn"), "there is chn, kor, prk"),
        (("diff", "us-dprc", "usa", "prk"), "did you mean 'us-dprk'?"),
        (("diff", "us-dprk", "usa@then", "prk"), "write usa@2019"),
        (("diff", "us-dprk", "usa", "prk", "--demand", "cvd"), "did you mean 'cvid'?"),
        (("matrix", "us-dprk", "--on", "then"), "write a day (2019-04-12)"),
        (("dump", "nope"), "There is no negotiation 'nope'"),
        (("load",), "--example"),
    ],
)
def test_what_cannot_be_done_ends_with_a_sentence(
    talks: Database, url: str, tmp_path: Path, arguments: tuple[str, ...], advice: str
) -> None:
    ran = negotiations(*arguments, url=url, directory=tmp_path, status=1)
    assert advice in ran.stderr


def test_a_database_without_a_schema_is_told_to_migrate(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    ran = negotiations("dump", "us-dprk", url=url, directory=tmp_path, status=1)
    assert f"There is no database {tmp_path / 'new.db'}: 'negotiations migrate'" in ran.stderr
    assert not (tmp_path / "new.db").exists()
    (tmp_path / "new.db").touch()
    ran = negotiations("dump", "us-dprk", url=url, directory=tmp_path, status=1)
    assert "run 'negotiations migrate'" in ran.stderr
    negotiations("migrate", url=url, directory=tmp_path)
    ran = negotiations("dump", "us-dprk", url=url, directory=tmp_path, status=1)
    assert "There is no negotiation 'us-dprk'; there is none yet." in ran.stderr


@pytest.mark.parametrize("url", ["nonsense", "sqlite:////no/such/directory/x.db", "oracle://x/y"])
def test_an_address_of_no_database_is_a_sentence(url: str, tmp_path: Path) -> None:
    ran = negotiations("migrate", url=url, directory=tmp_path, status=1)
    assert "atabase" in ran.stderr


def test_a_taken_port_is_a_sentence(url: str, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = negotiations("serve", "--port", port, url=url, directory=tmp_path, status=1)
    assert f"Port {port} on 127.0.0.1 cannot be had" in ran.stderr
    assert "--port" in ran.stderr


def test_serve_answers_and_stops_when_it_is_told_to(
    talks: Database, url: str, tmp_path: Path
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"NEGOTIATIONS_DATABASE_URL": url}
    address = f"http://127.0.0.1:{port}/v1/negotiations/us-dprk/compare/usa...prk?format=text"
    with subprocess.Popen(
        [PROGRAM, "serve", "--port", str(port)], env=environment, cwd=tmp_path
    ) as server:
        try:
            assert "@@ Sanctions relief @@" in get_soon(address)
        finally:
            server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0


def get_soon(address: str) -> str:
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@pytest.mark.parametrize(
    ("url", "replicas", "said"),
    [
        ("sqlite:///talks.db", "postgresql://replica/talks", "SQLite has no replicas"),
        ("postgresql://primary/talks", "sqlite:///talks.db", "a replica that is no PostgreSQL"),
        ("postgresql://primary/talks", "postgresql://replica:x/talks", "no address of a replica"),
    ],
)
def test_replicas_that_cannot_be_are_refused(
    url: str, replicas: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEGOTIATIONS_REPLICA_URLS", replicas)
    ran = negotiations("migrate", url=url, directory=tmp_path, status=1)
    assert "NEGOTIATIONS_REPLICA_URLS" in ran.stderr
    assert said in ran.stderr


def test_what_the_command_line_records_tells_who_has_run_it(url: str, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("party,demand,date,stance\nusa,cvid,2020-01-07,demand\n")
    negotiations("load", "--example", "--as", "The desk", url=url, directory=tmp_path)
    negotiations(
        *("import", "positions", str(rows), "--negotiation", "us-dprk"), url=url, directory=tmp_path
    )
    database = Database(url)
    with database.transaction(Access.READ) as session:
        names = set(session.scalars(sa.select(Position.recorded_by)))
        assert names == {"The desk", f"cli:{getpass.getuser()}"}
        assert set(session.scalars(sa.select(Change.who))) == names
    check_history(database)
    database.dispose()
    refused = negotiations(
        "load", "--example", "--as", "a\nb", url=url, directory=tmp_path, status=2
    )
    assert "write a name in one line" in refused.stderr
