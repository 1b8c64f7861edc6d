"""What the bench makes of its figures: medians, ratios, verdicts, the page. It measures nothing."""

import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bench import database, options, report, rows
from bench.answers import content, difference
from bench.load import Plan, seconds_for
from bench.record import Figure, Record
from bench.targets import Verdict, ratio, verdicts
from bench.work import Work, bodies_from

ROOT = Path(__file__).parent.parent


def figure(
    name: str, *values: float, work: Work = Work.LIST, unit: str = "/s", **given: Any
) -> Figure:
    return Figure(
        work,
        name,
        given.get("variant", ""),
        given.get("engine", "SQLite"),
        given.get("size", 10_000),
        unit,
        values,
    )


def verdict_on(target: str, engine: str, *figures: Figure) -> Verdict:
    record = Record()
    record.finish("a part", figures)
    (found,) = (
        one for one in verdicts(record) if one.target.startswith(target) and one.engine == engine
    )
    return found


def test_a_figure_is_the_median_between_the_least_and_the_most() -> None:
    runs = figure("ours", 3, 9, 1, 4, 5)
    assert (runs.median, runs.least, runs.most) == (4, 1, 9)


def test_a_figure_without_a_run_is_none() -> None:
    with pytest.raises(ValueError, match="has no value"):
        figure("ours")


def test_a_rate_is_as_many_times_as_good_as_it_is_higher() -> None:
    assert ratio(figure("ours", 700), figure("theirs", 200)) == 3.5


def test_a_time_is_as_many_times_as_good_as_it_is_shorter() -> None:
    assert ratio(figure("ours", 2, unit="s"), figure("theirs", 7, unit="s")) == 3.5


def test_what_is_not_there_has_no_ratio() -> None:
    assert ratio(figure("ours", 1), None) is None


def test_a_target_is_reached_against_the_best_of_those_it_names() -> None:
    cold = figure("ours, cache off", 700, engine="PostgreSQL")
    sync = figure("FastAPI, sync", 100, engine="PostgreSQL")
    reached = verdict_on("list of 100: 3.5", "PostgreSQL", cold, sync)
    assert reached.says == "**reached**: 7.00 (wanted 3.50)"
    asynchronous = figure("FastAPI, async", 400, engine="PostgreSQL")
    missed = verdict_on("list of 100: 3.5", "PostgreSQL", cold, sync, asynchronous)
    assert missed.says == "**missed by 50 %**: 1.75 (wanted 3.50)"


def test_what_is_missed_by_less_than_the_noise_is_called_a_tie() -> None:
    ours, theirs = figure("ours, cache off", 340), figure("FastAPI, sync", 100)
    assert (
        "(a tie, within the noise)" in verdict_on("list of 100: 3.5", "SQLite", ours, theirs).says
    )


def test_a_target_on_an_engine_is_not_reached_by_figures_of_another() -> None:
    ours = figure("ours, cache off", 700, engine="SQLite")
    theirs = figure("FastAPI, sync", 100, engine="PostgreSQL")
    assert verdict_on("list of 100: 3.5", "SQLite", ours, theirs).says == "not measured"


def test_floors_run_once_and_count_for_both_engines() -> None:
    hello = figure("Flask hello", 8000, work=Work.HELLO)
    for engine in ("SQLite", "PostgreSQL"):
        warm = figure("ours", 2000, work=Work.WARM, engine=engine)
        assert verdict_on("warm comparison", engine, warm, hello).ratio == 0.25


def test_growth_is_from_the_smallest_table_to_the_largest() -> None:
    cold = [
        figure("ours, cache off", rate, work=Work.COMPARISON, size=size)
        for size, rate in ((10_000, 250), (100_000, 1), (1_000_000, 200))
    ]
    flat = verdict_on("cost of a comparison", "SQLite", *cold)
    assert (flat.ratio, flat.is_reached) == (0.8, True)


def test_memory_is_held_against_150_megabytes() -> None:
    held = figure(
        *("ours, cache off", 200),
        work=Work.MEMORY,
        unit="MB",
        variant="after lists, items, comparisons",
    )
    assert verdict_on("memory of a worker", "SQLite", held).says.startswith("**missed by 25 %**")


def test_an_import_needs_both_its_rate_and_its_memory() -> None:
    rate = figure("ours", 80_000, work=Work.IMPORT, unit="rows/s", size=0, variant="rows a second")
    peak = figure("ours", 600, work=Work.IMPORT, unit="MB", size=0, variant="peak memory")
    assert verdict_on("import of the UN votes", "SQLite", rate, peak).ratio == 0.5


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    record = Record(about={"wrk": "4"}, problems={"item 10000": "not begun", "matrix": "broken"})
    record.finish("item 10000", [figure("ours", 1.5, 2.5)])
    record.write(tmp_path / "record.json")
    assert Record.read(tmp_path / "record.json") == record
    assert record.problems == {"matrix": "broken"}


def test_the_page_says_what_was_measured_and_what_was_not() -> None:
    record = Record(problems={"matrix 10000": "not begun in time"})
    record.finish(
        "list 10000",
        [figure("ours, cache off", 900, 1000, 1100), figure("FastAPI, sync", 240, 250, 260)],
    )
    page = report.page(record, "Tried: nothing.")
    assert "| ours, cache off | SQLite | 1,000 (900-1,100) |  |" in page
    assert "| FastAPI, sync | SQLite | 250 (240-260) | 4.00 x |" in page
    assert "| list of 100: 3.5 x FastAPI | SQLite | **reached**: 4.00 (wanted 3.50) |" in page
    assert "- matrix 10000: not begun in time" in page
    assert page.endswith("## Notes\n\nTried: nothing.\n")


def test_forms_of_the_same_information_are_equal() -> None:
    one = b"""{"items": [{"id": "0000000000010", "created_at": "2026-11-01T12:00:00Z",
        "salience": 5}], "next": null}"""
    other = b"""[{"id": 32, "created_at": "2026-11-01T13:00:00+01:00", "salience": 5.0,
        "negotiation_id": 1}]"""
    assert difference(content(one), content(other)) is None


@pytest.mark.parametrize(
    ("less", "says"),
    [
        (b'[{"id": 1, "stance": "accept"}]', "/items has 2 items, not 1"),
        (b'[{"id": 1, "stance": "accept"}, {"id": 2}]', "/items/1 has the fields"),
        (
            b'[{"id": 1, "stance": "accept"}, {"id": 2, "stance": null}]',
            "/items/1/stance is 'reject', not None",
        ),
    ],
)
def test_whoever_gives_less_is_found(less: bytes, says: str) -> None:
    whole = b'[{"id": 1, "stance": "accept"}, {"id": 2, "stance": "reject"}]'
    assert str(difference(content(whole), content(less))).startswith(says)


def test_a_plan_is_read_by_wrk_as_it_was_meant(tmp_path: Path) -> None:
    plan = Plan(['/a?b="1"'], "POST", {"If-None-Match": '"x-1"'}, ["{}"])
    assert plan.lua() == (
        'return { method = "POST", headers = { ["If-None-Match"] = "\\"x-1\\"" },\n'
        '  paths = { "/a?b=\\"1\\"" },\n'
        '  bodies = { "{}" } }\n'
    )


@pytest.mark.parametrize(("rate", "seconds"), [(5, 3), (50, 3), (100, 2), (9000, 1)])
def test_who_answers_slowly_gets_more_time(rate: float, seconds: int) -> None:
    assert seconds_for(rate, longest=3) == seconds


def test_no_two_runs_create_the_same_position() -> None:
    bodies = [*bodies_from(0), *bodies_from(1)]
    assert len(set(bodies)) == len(bodies)


def test_rows_are_as_many_as_asked_for_and_what_is_compared_stays(tmp_path: Path) -> None:
    compared = []
    for size in (10_000, 20_000):
        path = tmp_path / f"{size}.db"
        database.migrated(f"sqlite:///{path}")
        database.fill_sqlite(path, rows.Rows(size).of())
        with sqlite3.connect(path) as connection:
            assert connection.execute("SELECT count(*) FROM position").fetchone() == (size,)
            found = connection.execute(
                """SELECT count(*), count(DISTINCT demand_id) FROM position
                JOIN negotiation ON negotiation.id = negotiation_id AND negotiation.slug = ?
                JOIN party ON party.id = party_id AND party.slug IN (?, ?)""",
                (rows.COMPARED, rows.LEFT, rows.RIGHT),
            )
            compared.append(found.fetchone())
    assert compared == [(5000, 500), (5000, 500)]


def test_a_part_of_a_run_does_not_overwrite_the_page() -> None:
    assert options.read([]).out == ROOT / "bench"
    for some in (["--quick"], ["--only", "list"], ["--sizes", "10000"]):
        assert options.read(some).out != ROOT / "bench"


@pytest.mark.parametrize("wrong", [["--only", "lists"], ["--sizes", "5"], ["--sizes", "many"]])
def test_options_that_make_no_sense_are_refused(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        options.read(wrong)
    assert wrong[0] in capsys.readouterr().err


def test_make_bench_runs_it() -> None:
    told = subprocess.run(
        ["make", "--dry-run", "bench"], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert "-m bench" in told.stdout
