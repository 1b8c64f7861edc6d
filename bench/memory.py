"""The memory of one worker, fresh, after more and more has been asked of it."""

from collections.abc import Iterator
from contextlib import suppress

from bench.contenders import Contender
from bench.load import Client, Plan
from bench.record import Figure
from bench.rows import COMPARED, ON
from bench.stage import Stage
from bench.work import Work

_TIMES = 50
_AGREEMENT = Plan([f"/v1/negotiations/{COMPARED}/agreement?on={ON}"])


def measure(stage: Stage) -> Iterator[Figure]:
    """MB that a worker holds: of ours without and with the cache, and of FastAPI."""
    for contender in stage.contenders:
        if contender.name in {"ours", "ours, cache off", "FastAPI, sync"}:
            yield from _of(stage, contender)


def _of(stage: Stage, contender: Contender) -> Iterator[Figure]:
    def figure(variant: str, megabytes: float) -> Figure:
        return Figure(
            Work.MEMORY,
            contender.name,
            variant,
            contender.place.engine,
            stage.size,
            "MB",
            (megabytes,),
        )

    is_ours = contender.name.startswith("ours")
    with stage.start(contender) as server:
        client = Client(server.address, timeout=300)
        yield figure("at the start", server.memory()[0])
        _ask(client, contender, (Work.LIST, Work.ITEM, Work.COMPARISON, Work.WARM))
        yield figure("after lists, items, comparisons", server.memory()[0])
        if is_ours:
            client.send(_AGREEMENT)
            yield figure("after an agreement of all parties", server.memory()[0])
        _ask(client, contender, (Work.MATRIX,), times=1)
        now, peak = server.memory()
        yield figure("after a matrix of all positions", now)
        yield figure("at its peak", peak)
        with suppress(OSError):
            client.close()


def _ask(
    client: Client, contender: Contender, works: tuple[Work, ...], times: int = _TIMES
) -> None:
    for (work, _), make in contender.plans.items():
        if work in works:
            plan = make(0)
            for turn in range(times):
                client.send(plan, turn)
