"""Who is measured: how each is started, and what it is asked for each piece of work."""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bench.load import Plan
from bench.peers.datasette import SETTINGS, write_metadata
from bench.rows import BROAD, COMPARED, LEFT, ON, RIGHT, WRITTEN
from bench.tools import POSTGREST
from bench.work import Work, bodies_from
from negotiations_api.models.identifier import format_id

HERE = Path(__file__).parent
_OPEN = {"NEGOTIATIONS_OPEN_WRITING": "true"}
"""Nobody here asks who writes."""
_PAIR = f"left={LEFT}&right={RIGHT}&on={ON}"


@dataclass(frozen=True)
class Place:
    """Where the rows are: a database of one engine, and what one needs to know to ask for them."""

    engine: str
    url: str
    negotiation_id: int
    positions: tuple[int, ...]
    scratch: Path

    @property
    def threads(self) -> int:
        """How many blocking threads serve it best with granian: one on SQLite, four elsewhere."""
        return 1 if self.engine == "SQLite" else 4


@dataclass(frozen=True)
class Contender:
    """A server, and what it is asked: a plan for each (work, what is special about its way)."""

    name: str
    place: Place
    command: Callable[[int], list[str]]
    plans: Mapping[tuple[Work, str], Callable[[int], Plan]]
    environment: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def key(self) -> str:
        """What stands for the server, in the names of files."""
        kept = (c if c.isalnum() else "-" for c in f"{self.name}-{self.place.engine}".lower())
        return "".join(kept)


def contenders(place: Place, body: Path) -> Iterator[Contender]:
    """All that run on a place; `body` is what a comparison is answered with, for the floor."""
    yield _ours(place, "ours, cache off", {"NEGOTIATIONS_CACHE_MB": "0"}, is_cold=True)
    yield _ours(place, "ours", {}, is_cold=False)
    yield _fastapi(place, "FastAPI, sync", "fastapi_sync")
    if place.engine == "PostgreSQL":
        yield _fastapi(place, "FastAPI, async", "fastapi_async")
    yield _ninja(place)
    if place.engine == "PostgreSQL":
        yield _postgrest(place)
    else:
        yield _datasette(place)
    yield _raw(place)
    if place.engine == "SQLite":
        floors = {"BENCH_BODY": str(body)}
        yield Contender(
            "Flask hello",
            place,
            lambda port: granian("flask_hello", port, 1),
            {(Work.HELLO, ""): lambda _: Plan(["/"])},
        )
        yield Contender(
            "bare WSGI",
            place,
            lambda port: granian("bare", port, 1),
            {
                (Work.HELLO, ""): lambda _: Plan(["/"]),
                (Work.WARM, "the same bytes"): lambda _: Plan(["/comparison"]),
            },
            floors,
        )


def granian(module: str, port: int, threads: int) -> list[str]:
    """A WSGI application of peers/ under granian, with the options of `negotiations serve`."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1"),
        *("--blocking-threads", str(threads), "--host", "127.0.0.1", "--port", str(port)),
        *("--no-ws", "--no-access-log", "--log-level", "warning", f"bench.peers.{module}:app"),
    ]


def serve(port: int) -> list[str]:
    """Ours, as it is served; it sees one core, and so starts one worker."""
    run = "from negotiations_api.__main__ import main; main()"
    return [sys.executable, "-c", run, "serve", "--port", str(port)]


def _ours(place: Place, name: str, settings: dict[str, str], *, is_cold: bool) -> Contender:
    base = f"/v1/negotiations/{COMPARED}"
    sides = f"{LEFT}@{ON}...{RIGHT}@{ON}"
    comparison = Plan([f"{base}/compare/{sides}"])
    broad = Plan([f"/v1/negotiations/{BROAD}/compare/{sides}"])
    plans: dict[tuple[Work, str], Callable[[int], Plan]] = {
        (Work.LIST, ""): lambda _: Plan([f"{base}/positions?limit=100"]),
        (Work.ITEM, ""): lambda _: Plan(
            [f"{base}/positions/{format_id(one)}" for one in place.positions]
        ),
        (Work.MATRIX, ""): lambda _: Plan([f"/v1/negotiations/{BROAD}/matrix?on={ON}"]),
    }
    if is_cold:
        plans[Work.COMPARISON, ""] = lambda _: comparison
        plans[Work.BROAD, ""] = lambda _: broad
    else:
        plans[Work.WARM, ""] = lambda _: comparison
        plans[Work.UNCHANGED, ""] = lambda _: comparison
        plans[Work.CREATE, ""] = lambda turn: _posts(
            f"/v1/negotiations/{WRITTEN}/positions", bodies_from(turn)
        )
    return Contender(
        name, place, serve, plans, _OPEN | {"NEGOTIATIONS_DATABASE_URL": place.url, **settings}
    )


def _fastapi(place: Place, name: str, module: str) -> Contender:
    base = f"/negotiations/{COMPARED}"
    interval = Plan([f"{base}/compare-interval?{_PAIR}"])
    return Contender(
        name,
        place,
        lambda port: [
            *(sys.executable, "-m", "uvicorn", f"bench.peers.{module}:app", "--port", str(port)),
            *("--loop", "uvloop", "--http", "httptools", "--no-access-log"),
            *("--log-level", "warning"),
        ],
        {
            (Work.LIST, ""): lambda _: Plan([f"{base}/positions?limit=100"]),
            (Work.ITEM, ""): lambda _: _items(place, f"{base}/positions/"),
            (Work.COMPARISON, "window query"): lambda _: Plan([f"{base}/compare-window?{_PAIR}"]),
            (Work.COMPARISON, "same SQL"): lambda _: interval,
            (Work.UNCHANGED, "by hand"): lambda _: interval,
            (Work.MATRIX, "same SQL"): lambda _: Plan([f"/negotiations/{BROAD}/matrix?on={ON}"]),
            (Work.CREATE, ""): lambda turn: _posts(
                f"/negotiations/{WRITTEN}/positions", bodies_from(turn)
            ),
        },
        {"BENCH_DATABASE_URL": place.url},
    )


def _ninja(place: Place) -> Contender:
    base = f"/negotiations/{COMPARED}"
    return Contender(
        "django-ninja",
        place,
        lambda port: granian("ninja", port, place.threads),
        {
            (Work.LIST, ""): lambda _: Plan([f"{base}/positions?limit=100"]),
            (Work.ITEM, ""): lambda _: _items(place, f"{base}/positions/"),
            (Work.COMPARISON, "stored interval"): lambda _: Plan([f"{base}/compare?{_PAIR}"]),
            (Work.MATRIX, ""): lambda _: Plan([f"/negotiations/{BROAD}/matrix?on={ON}"]),
            (Work.CREATE, ""): lambda turn: _posts(
                f"/negotiations/{WRITTEN}/positions", bodies_from(turn)
            ),
        },
        {"BENCH_DATABASE_URL": place.url},
    )


def _postgrest(place: Place) -> Contender:
    one_object = {"Accept": "application/vnd.pgrst.object+json"}
    one = f"/positions?negotiation_id=eq.{place.negotiation_id}&id=eq."
    written = f'"negotiation": "{WRITTEN}", '
    return Contender(
        "PostgREST",
        place,
        lambda _: [str(POSTGREST)],
        {
            (Work.LIST, ""): lambda _: Plan(
                [f"/positions?negotiation_id=eq.{place.negotiation_id}&order=date,id&limit=100"]
            ),
            (Work.ITEM, ""): lambda _: _items(place, one, one_object),
            (Work.COMPARISON, "SQL function"): lambda _: Plan(
                [f"/rpc/comparison?negotiation={COMPARED}&{_PAIR}"]
            ),
            (Work.MATRIX, "SQL function"): lambda _: Plan(
                [f"/rpc/matrix?negotiation={BROAD}&on={ON}"]
            ),
            (Work.CREATE, "SQL function"): lambda turn: _posts(
                "/rpc/create_position",
                [body.replace("{", "{" + written, 1) for body in bodies_from(turn)],
                200,
            ),
        },
        {
            "PGRST_DB_URI": place.url,
            "PGRST_DB_SCHEMAS": "api",
            "PGRST_DB_ANON_ROLE": "anonymous",
            "PGRST_SERVER_HOST": "127.0.0.1",
            "PGRST_LOG_LEVEL": "crit",
            "PGRST_DB_CHANNEL_ENABLED": "false",
            "PGRST_OPENAPI_MODE": "disabled",
        },
    )


def _datasette(place: Place) -> Contender:
    file = Path(place.url.removeprefix("sqlite:///"))
    metadata = write_metadata(place.scratch, file.stem)
    shape = "_shape=array&_json=answer"
    settings = [word for pair in SETTINGS.items() for word in ("--setting", *pair)]
    sides = f"negotiation={COMPARED}&{_PAIR}"
    return Contender(
        "Datasette",
        place,
        lambda port: [
            *(sys.executable, "-m", "datasette", "serve", str(file), "--port", str(port)),
            *("--metadata", str(metadata), *settings),
        ],
        {
            (Work.LIST, ""): lambda _: Plan(
                [f"/{file.stem}/list.json?negotiation={COMPARED}&{shape}"]
            ),
            (Work.ITEM, ""): lambda _: _items(place, f"/{file.stem}/item.json?{shape}&position="),
            (Work.COMPARISON, "canned query"): lambda _: Plan(
                [f"/{file.stem}/comparison.json?{sides}&{shape}"]
            ),
            (Work.MATRIX, "canned query"): lambda _: Plan(
                [f"/{file.stem}/matrix.json?negotiation={BROAD}&on={ON}&{shape}"]
            ),
        },
    )


def _raw(place: Place) -> Contender:
    return Contender(
        "raw driver, JSON by SQL",
        place,
        lambda port: granian("raw", port, place.threads),
        {
            (Work.LIST, ""): lambda _: Plan([f"/list?negotiation={COMPARED}"]),
            (Work.ITEM, ""): lambda _: _items(place, "/item?position="),
            (Work.COMPARISON, ""): lambda _: Plan([f"/comparison?negotiation={COMPARED}&{_PAIR}"]),
            (Work.MATRIX, ""): lambda _: Plan([f"/matrix?negotiation={BROAD}&on={ON}"]),
        },
        {"BENCH_DATABASE_URL": place.url},
    )


def _items(place: Place, prefix: str, headers: Mapping[str, str] | None = None) -> Plan:
    return Plan([f"{prefix}{one}" for one in place.positions], headers=headers or {})


def _posts(path: str, bodies: list[str], expects: int = 201) -> Plan:
    return Plan([path], "POST", {"Content-Type": "application/json"}, bodies, expects)
