"""`negotiations import`, as a user runs it: also when it is killed."""

import hashlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from negotiations_api import upgrade
from negotiations_api.database import Access, Database
from negotiations_api.models import ImportRun, Negotiation, Position
from negotiations_api.records.document import dump_document
from negotiations_api.records.find import find
from negotiations_api.records.loading import load_document
from tests.conftest import create_database
from tests.postgres import Programs
from tests.test_cli import PROGRAM, negotiations

PARTIES = [f"p{number}" for number in range(20)]
DEMANDS = [f"d{number}" for number in range(1500)]
COMMAND = ("import", "positions", "--negotiation", "votes")
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


def test_what_a_file_is_its_beginning_tells(database: Database, url: str, tmp_path: Path) -> None:
    negotiations("load", write(tmp_path, "f.yaml", FRAME), url=url, directory=tmp_path)
    row = '\ufeff  {"slug": "a", "name": "A", "kind": "state"}\n'
    path = write(tmp_path, "parties.txt", row)
    said = negotiations("import", "parties", path, url=url, directory=tmp_path)
    assert said.stdout == "1 party imported.\n"
    with Path(path).open("rb") as file:
        ran = subprocess.run(
            [PROGRAM, "import", "parties", "-"],
            stdin=file,
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"NEGOTIATIONS_DATABASE_URL": url},
        )
    assert ran.stdout == "0 parties imported, 1 was there already.\n"


def test_no_more_faults_are_printed_than_somebody_reads(
    database: Database, url: str, tmp_path: Path
) -> None:
    negotiations("load", write(tmp_path, "f.yaml", FRAME), url=url, directory=tmp_path)
    rows = "party,demand,date,stance\n" + "x,y,2020,accept\n" * 1234
    path = write(tmp_path, "positions.csv", rows)
    ran = negotiations(*COMMAND, path, url=url, directory=tmp_path, status=1)
    *faults, more, end = ran.stderr.splitlines()
    assert len(faults) == 1000
    assert (more, end) == (
        "And 1,468 more.",
        "1,234 rows to mend; nothing was imported. With --skip-bad the others are.",
    )


@pytest.fixture
def votes(database: Database, tmp_path: Path) -> Path:
    """A negotiation, and a file of positions that takes several batches."""
    return make_votes(database, tmp_path)


def make_votes(database: Database, directory: Path) -> Path:
    """The same in any directory."""
    with database.transaction(Access.CATALOGUE) as session:
        load_document(session, DOCUMENT)
    path = directory / "votes.csv"
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
        if column.name not in {"id", "created_at", "updated_at", "revision", "created_revision"}
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


@contextmanager
def importing(url: str, votes: Path, moment: Callable[[], bool]) -> Iterator[subprocess.Popen[str]]:
    """An import of `votes` that has come to a moment."""
    deadline = time.monotonic() + 60
    with subprocess.Popen(
        [PROGRAM, *COMMAND, str(votes)],
        env=os.environ | {"NEGOTIATIONS_DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # As in a terminal: what runs in the background may have Ctrl-C ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  # no threads
    ) as process:
        while not moment() and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.002)
        yield process


@pytest.mark.parametrize("moment", [first_batch, all_read])
def test_an_import_that_is_killed_shows_nothing_and_goes_on(
    database: Database, url: str, votes: Path, moment: Callable[[Database], bool]
) -> None:
    with importing(url, votes, lambda: moment(database)) as process:
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    read = lines_read(database)
    assert read % 20_000 == 0
    assert positions_there(database) == 0
    again = negotiations(*COMMAND, str(votes), url=url, directory=votes.parent)
    assert f"{ROWS:,} positions imported, going on after {read:,} rows." in again.stdout
    resumed = digest(database)
    with database.transaction(Access.WRITE) as session:
        session.execute(delete(Position))
    negotiations(*COMMAND, str(votes), url=url, directory=votes.parent)
    assert digest(database) == resumed


def test_an_import_that_is_interrupted_says_how_it_goes_on(
    database: Database, url: str, votes: Path
) -> None:
    with importing(url, votes, lambda: first_batch(database)) as process:
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert process.stderr.read() == (
            "Broken off; nothing can be seen of it. The same command again goes on from here.\n"
        )
    assert process.returncode == 1


def test_an_import_whose_server_crashes_begins_anew(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        server = Programs(Path(directory)).new_cluster("crashes")
        server.start()
        try:
            url = create_database(server.address, "votes")
            database = Database(url)
            upgrade.upgrade(database)
            votes = make_votes(database, tmp_path)
            with importing(url, votes, lambda: first_batch(database)) as process:
                server.end(signal.SIGQUIT)  # at once, as in a crash
                assert process.stderr is not None
                assert "Traceback" not in process.stderr.read()
            assert process.returncode == 1
            server.start()
            assert lines_read(database) == positions_there(database) == 0
            said = negotiations(*COMMAND, str(votes), url=url, directory=tmp_path).stdout
            assert said == f"{ROWS:,} positions imported.\n"
            database.dispose()
        finally:
            server.end()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_role_that_has_to_let_the_server_check_each_row_imports_the_same(
    database: Database, url: str, votes: Path
) -> None:
    may = "SELECT has_parameter_privilege('session_replication_role', 'SET')"
    plain = database.engine.url.set(username="plain").render_as_string(hide_password=False)
    digests = {}
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE ROLE plain LOGIN")
        connection.exec_driver_sql("GRANT ALL ON ALL TABLES IN SCHEMA public TO plain")
    try:
        for address, may_skip in ((url, True), (plain, False)):
            other = Database(address)
            with other.engine.connect() as connection:
                assert connection.exec_driver_sql(may).scalar() is may_skip
            other.dispose()
            said = negotiations(*COMMAND, str(votes), url=address, directory=votes.parent).stdout
            assert said == f"{ROWS:,} positions imported.\n"
            digests[may_skip] = digest(database)
            with database.transaction(Access.WRITE) as session:
                session.execute(delete(Position))
    finally:
        with database.engine.begin() as connection:
            connection.exec_driver_sql("DROP OWNED BY plain")
            connection.exec_driver_sql("DROP ROLE plain")
    assert digests[True] == digests[False]
