"""`negotiations import`, as a user runs it: also when it is killed."""

import hashlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from negotiations_api.database import Access, Database
from negotiations_api.models import ImportRun, Negotiation, Position
from negotiations_api.records.document import dump_document
from negotiations_api.records.find import find
from negotiations_api.records.loading import load_document
from tests.test_cli import PROGRAM, negotiations

PARTIES = [f"p{number}" for number in range(20)]
DEMANDS = [f"d{number}" for number in range(1500)]
ROWS = len(PARTIES) * len(DEMANDS) * 2
DOCUMENT = {
    "negotiation": {"slug": "votes", "title": "Votes"},
    "parties": [{"slug": slug, "name": slug, "kind": "state"} for slug in PARTIES],
    "participants": [{"party": slug, "role": "principal"} for slug in PARTIES],
    "demands": [{"slug": slug, "title": slug, "issue": "peace-treaty"} for slug in DEMANDS],
}
FRAME = """\
negotiation: {slug: votes, title: Votes}
issues: [{slug: arms, title: Arms}]
"""


@pytest.fixture
def url(database: Database) -> str:
    """The address of the database, for another process."""
    return database.engine.url.render_as_string(hide_password=False)


def write(directory: Path, name: str, text: str) -> str:
    path = directory / name
    path.write_text(text)
    return str(path)


def test_a_data_set_is_imported_by_three_commands(
    database: Database, url: str, tmp_path: Path
) -> None:
    def run(*words: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        return negotiations(*words, url=url, directory=tmp_path, status=status)

    run("load", write(tmp_path, "frame.yaml", FRAME))
    states = write(tmp_path, "states.csv", "code,name\nus,United States\nru,Russia\n")
    calls = write(tmp_path, "calls.csv", "rcid,date,short\n1,1990,Mines\n2,1991,Tests\n")
    votes = write(tmp_path, "votes.csv", "rcid,code,vote\n1,us,no\n1,ru,yes\n2,us,no\n2,fr,yes\n")
    to_votes = ("--negotiation", "votes")
    parties = (states, "--map", "code=slug,name=name", "--set", "kind=state", *to_votes)
    assert run("import", "parties", *parties).stdout == "2 parties imported.\n"
    said = run("import", "parties", *parties).stdout
    assert said == "0 parties imported, 2 were there already.\n"
    demands = (calls, "--map", "rcid=slug,short=title", "--set", "issue=arms", *to_votes)
    assert run("import", "demands", *demands).stdout == "2 demands imported.\n"
    said = run("import", "demands", *demands).stdout
    assert said == "0 demands imported, 2 were there already.\n"
    mapped = "rcid=demand,code=party,date=date,vote=stance:yes=accept,no=reject"
    positions = (votes, "--map", mapped, "--join", f"{calls}:rcid", *to_votes)
    refused = run("import", "positions", *positions, status=1)
    assert "votes.csv:5: /party: 'fr' is no participant of 'votes'" in refused.stderr
    assert "1 row to mend; nothing was imported. With --skip-bad the others are." in refused.stderr
    said = run("import", "positions", *positions, "--skip-bad").stdout
    assert said == "3 positions imported, 1 row left out.\n"
    with database.transaction(Access.READ) as session:
        document = dump_document(session, find(session, Negotiation, "votes"))
    assert [(p["party"], p["demand"], p["date"], p["stance"]) for p in document["positions"]] == [
        ("ru", "1", "1990", "accept"),
        ("us", "1", "1990", "reject"),
        ("us", "2", "1991", "reject"),
    ]
    assert [p["role"] for p in document["participants"]] == ["principal", "principal"]


@pytest.mark.parametrize("noun", ["demands", "parties"])
def test_bad_rows_keep_the_others_out_unless_they_are_skipped(
    database: Database, url: str, tmp_path: Path, noun: str
) -> None:
    negotiations("load", write(tmp_path, "f.yaml", FRAME), url=url, directory=tmp_path)
    rows = {
        "demands": "slug,title,issue\na,A,arms\nb,B,alms\nC,C,arms\n",
        "parties": "slug,name,kind\na,A,state\nb,B,stat\nC,C,state\n",
    }
    command = ("import", noun, write(tmp_path, "x.csv", rows[noun]), "--negotiation", "votes")
    refused = negotiations(*command, url=url, directory=tmp_path, status=1)
    assert "x.csv:3:" in refused.stderr
    assert "x.csv:4: /slug:" in refused.stderr
    assert "2 rows to mend" in refused.stderr
    there = negotiations("dump", "votes", url=url, directory=tmp_path).stdout
    assert "title: A\n" not in there
    assert "name: A\n" not in there
    taken = negotiations(*command, "--skip-bad", url=url, directory=tmp_path)
    one = {"demands": "demand", "parties": "party"}[noun]
    assert taken.stdout == f"1 {one} imported, 2 rows left out.\n"


@pytest.fixture
def votes(database: Database, tmp_path: Path) -> Path:
    """A negotiation, and a file of positions that takes several batches."""
    with database.transaction(Access.CATALOGUE) as session:
        load_document(session, DOCUMENT)
    path = tmp_path / "votes.csv"
    with path.open("w") as file:
        file.write("party,demand,date,stance\n")
        for number, demand in enumerate(DEMANDS):
            for party in PARTIES:
                year = 1950 + number % 60
                file.write(f"{party},{demand},{year},accept\n{party},{demand},{year + 1},reject\n")
    return path


def positions_there(database: Database) -> int:
    with database.transaction(Access.READ) as session:
        return session.scalar(select(func.count()).select_from(Position)) or 0


def lines_read(database: Database) -> int:
    with database.transaction(Access.READ) as session:
        return session.scalar(select(ImportRun.lines)) or 0


def digest(database: Database) -> str:
    """What stands for all that the positions say."""
    columns = [
        column
        for column in Position.__table__.columns
        if column.name not in {"id", "created_at", "updated_at", "revision"}
    ]
    with database.transaction(Access.READ) as session:
        rows = session.execute(
            select(*columns).order_by(Position.demand_id, Position.party_id, Position.begins_on)
        )
        return hashlib.sha256("\n".join(map(str, rows)).encode()).hexdigest()


def first_batch(database: Database) -> bool:
    return lines_read(database) >= 20_000


def all_read(database: Database) -> bool:
    return lines_read(database) == ROWS


@pytest.mark.parametrize("moment", [first_batch, all_read])
def test_an_import_that_is_killed_shows_nothing_and_goes_on(
    database: Database, url: str, votes: Path, moment: Callable[[Database], bool]
) -> None:
    command = [PROGRAM, "import", "positions", str(votes), "--negotiation", "votes"]
    environment = os.environ | {"NEGOTIATIONS_DATABASE_URL": url}
    deadline = time.monotonic() + 60
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        while not moment(database) and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    read = lines_read(database)
    assert read % 20_000 == 0
    assert positions_there(database) == 0
    again = negotiations(*command[1:], url=url, directory=votes.parent)
    assert f"{ROWS:,} positions imported, going on after {read:,} rows." in again.stdout
    resumed = digest(database)
    with database.transaction(Access.WRITE) as session:
        session.execute(delete(Position))
    negotiations(*command[1:], url=url, directory=votes.parent)
    assert digest(database) == resumed
