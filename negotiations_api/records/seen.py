"""Who sees a change of a record, and what of it: worked out from its states before and after.

A state of a record that is limited to an audience is seen by that; of any other state all is seen
but the citations that are limited. What has changed of a record is seen by whoever sees either
state, unless it is nothing but citations.
"""

from collections.abc import Iterator, Mapping, Set
from typing import Any, TypeAlias

import orjson

State: TypeAlias = dict[str, Any]

AUDIENCE = "audience"
"""The noun of audiences, which is the name of the fields that refer to one, too."""

WRITTEN_BY_NOBODY = frozenset(("version", "updated_at", "changed_by", "created_revision"))
"""The fields that may be others although nobody has written anything else."""


def read_state(noun: str, text: str | None) -> State | None:
    """A state from the history."""
    if text is None:
        return None
    state: State = orjson.loads(text)
    if noun == "position":
        state.pop("ends_on", None)  # an earlier release wrote it, which follows from others
    return state


def write_state(state: State | None) -> str | None:
    """A state as the history keeps it."""
    return None if state is None else orjson.dumps(state).decode()


def audiences_of(noun: str, before: State | None, after: State | None) -> frozenset[str]:
    """The audiences (slugs) that alone see a change of a record; none: all do."""
    states = [state for state in (before, after) if state is not None]
    if noun == AUDIENCE:
        return frozenset(state["slug"] for state in states)
    limits = [state.get(AUDIENCE) for state in states]
    if None not in limits:
        return frozenset(str(one) for one in limits)
    limited = {str(one[AUDIENCE]) for state in states for one in _limited(state)}
    if not limited or not before or not after:
        return frozenset()
    if not is_same_state(_part_for(before, set()), _part_for(after, set())):
        return frozenset()
    changed = {
        one
        for one in limited
        if not is_same_state(_part_for(before, {one}), _part_for(after, {one}))
    }
    return frozenset(changed or limited)  # only their order, if none has changed


def state_seen_by(noun: str, state: State | None, audiences: Set[str]) -> State | None:
    """What who is in `audiences` (slugs) sees of a state; None if it is not there for it."""
    if state is None:
        return None
    needed = state["slug"] if noun == AUDIENCE else state.get(AUDIENCE)
    if needed is not None and needed not in audiences:
        return None
    return _part_for(state, audiences)


def opens_or_limits(
    noun: str, before: State | None, after: State | None, audiences: Set[str]
) -> bool:
    """Whether a change shows what was hidden from `audiences` (slugs), or hides what was shown.

    A record, or a citation of one.
    """
    told = [(state, state_seen_by(noun, state, audiences)) for state in (before, after)]
    if any((state is None) is not (shown is None) for state, shown in told):
        return True
    (shown, hidden), (shown_then, hidden_then) = (_citations(*one) for one in told)
    return any(one in hidden_then for one in shown) or any(one in hidden for one in shown_then)


def _citations(state: State | None, shown: State | None) -> tuple[list[State], list[State]]:
    """The citations of a state that are shown and those that are not, without their audiences."""
    said = [] if state is None else state.get("citations") or []
    there = [] if shown is None else shown.get("citations") or []
    hidden = [one for one in said if one not in there]
    return [_open(one) for one in there], [_open(one) for one in hidden]


def _open(citation: Mapping[str, Any]) -> State:
    return {name: value for name, value in citation.items() if name != AUDIENCE}


def _part_for(state: State, audiences: Set[str]) -> State:
    """What `audiences` see of a state that is there for them."""
    if all(one[AUDIENCE] in audiences for one in _limited(state)):
        return state
    kept = [one for one in state["citations"] if one.get(AUDIENCE) in {None, *audiences}]
    return state | {"citations": kept}


def is_same_state(before: State, after: State) -> bool:
    """Whether two states of a record differ in nothing that anybody has written."""
    return all(
        before.get(name) == after.get(name) for name in {*before, *after} - WRITTEN_BY_NOBODY
    )


def _limited(state: State) -> Iterator[Mapping[str, Any]]:
    return (one for one in state.get("citations") or () if one.get(AUDIENCE) is not None)
