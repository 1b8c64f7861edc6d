"""Answers a second, by rounds in which everyone has a turn, so that all have the same weather."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from bench import load
from bench.answers import content, difference
from bench.contenders import Contender
from bench.load import Client, Plan, on_core
from bench.options import Options
from bench.record import Figure
from bench.stage import Stage
from bench.work import Work, next_turn

ENOUGH_S, TOO_LONG_S = 120, 180
"""After so many seconds three rounds are enough, and after so many more one is."""

_WARM_S, _GIVE_UP_S = 0.3, 90
_LONG_S = 2
"""An answer that takes so long is a run, also when it was only asked for to be compared."""

_SHOWN_ROWS = 20


@dataclass
class Entry:
    """A contender's way of doing a work. `prepared` is its plan, with what was learnt of it."""

    contender: Contender
    variant: str
    make: Callable[[int], Plan]
    address: str
    client: Client
    prepared: Plan | None = None
    rate: float = 0.0
    first: list[float] = field(default_factory=list)

    @property
    def plan(self) -> Plan:
        """The plan of the next run."""
        return self.prepared or self.make(next_turn())

    @property
    def label(self) -> str:
        """Who and how, on what."""
        how = f": {self.variant}" if self.variant else ""
        return f"{self.contender.name}{how} on {self.contender.place.engine}"


def measure(stage: Stage, work: Work, told: dict[str, str]) -> Iterator[Figure]:
    """The figures of one work of everyone who gives equal answers; `told` takes what is wrong."""
    entries = list(_entries(stage, work))
    with on_core(stage.options.load_core):
        entries = list(_checked(entries, work, told))
        if work is Work.UNCHANGED:
            entries = [entry for entry in entries if _condition(entry, told)]
        values = _rounds(entries, work, stage.options, told)
    told |= {f"{stage.size}: {key}": problem for key, problem in stage.problems.items()}
    for entry in entries:
        entry.client.close()
        if found := values[id(entry)]:
            unit = "s" if work is Work.MATRIX else "/s"
            at = entry.contender
            yield Figure(
                work, at.name, entry.variant, at.place.engine, stage.size, unit, tuple(found)
            )


def _entries(stage: Stage, work: Work) -> Iterator[Entry]:
    for contender in stage.contenders:
        for (wanted, variant), make in contender.plans.items():
            if wanted is work and (address := stage.address(contender)):
                yield Entry(contender, variant, make, address, Client(address, timeout=_GIVE_UP_S))


def _checked(entries: list[Entry], work: Work, told: dict[str, str]) -> Iterator[Entry]:
    """Those that answer what the first one, which is ours, answers; it is said of the others."""
    expected: Any = None
    for entry in entries:
        plan = entry.make(next_turn())
        try:
            reply = entry.client.send(plan)
        except OSError as error:
            told[f"{work}: {entry.label}"] = f"did not answer: {error}"
            continue
        if reply.status != plan.expects:
            told[f"{work}: {entry.label}"] = f"answered {reply.status}: {reply.body[:300]!r}"
            continue
        if work is Work.MATRIX and reply.seconds > _LONG_S:
            entry.first.append(reply.seconds)
        wrong = None
        if work not in {Work.HELLO, Work.CREATE}:
            said = content(reply.body, _SHOWN_ROWS)
            expected = said if expected is None else expected
            wrong = difference(expected, said)
        if wrong:
            told[f"{work}: {entry.label}"] = f"gives other information, so is not timed: {wrong}"
        else:
            yield entry


def _condition(entry: Entry, told: dict[str, str]) -> bool:
    """Ask on the condition of the ETag that was sent; whether that is answered 304."""
    plan = entry.make(0)
    tag = entry.client.send(plan).headers.get("etag", "")
    plan = replace(plan, headers={**plan.headers, "If-None-Match": tag}, expects=304)
    status = entry.client.send(plan).status
    if status != plan.expects:
        told[f"{Work.UNCHANGED}: {entry.label}"] = f"answered {status} to If-None-Match"
    entry.prepared = plan
    return status == plan.expects


def _rounds(
    entries: list[Entry], work: Work, options: Options, told: dict[str, str]
) -> dict[int, list[float]]:
    """The values of each entry, by its id: answers a second, or the seconds of one answer."""
    values = {id(entry): entry.first for entry in entries}
    one_at_a_time = work is Work.MATRIX
    begun = time.monotonic() - sum(sum(entry.first) for entry in entries)
    for turn in range(options.runs):
        for entry in entries:
            if f"{work}: {entry.label}" in told or len(values[id(entry)]) == options.runs:
                continue
            try:
                value = (
                    entry.client.send(entry.plan).seconds
                    if one_at_a_time
                    else _rate(entry, options)
                )
            except (RuntimeError, OSError) as error:
                told[f"{work}: {entry.label}"] = str(error)
                continue
            values[id(entry)].append(value)
        spent = time.monotonic() - begun
        if (turn >= 2 and spent > ENOUGH_S) or spent > TOO_LONG_S:
            break
    return values


def _rate(entry: Entry, options: Options) -> float:
    entry.rate = entry.rate or entry.client.rate(entry.plan, _WARM_S)
    if entry.rate < load.SLOW:
        return entry.client.rate(entry.plan, options.seconds)
    seconds = load.seconds_for(entry.rate, options.seconds)
    return load.wrk(entry.address, entry.plan, seconds, options.load_core, options.work)
