"""What never becomes deliverable, grouped by what stands in its way, and by whom."""

from collections.abc import Iterator, Sequence

from negotiations_api.compare.roadmap import Block, BlockedDemand, Obstacle
from negotiations_api.render.page import Section
from negotiations_api.render.position import condition_words
from negotiations_api.render.words import heading

_OBSTACLES = {
    Obstacle.REJECTED: "rejected",
    Obstacle.RESERVED: "somebody is undecided",
    Obstacle.NOT_RECORDED: "somebody has no recorded position",
    Obstacle.TEXT_ONLY: "waiting for what no demand stands for",
    Obstacle.WAITING: "waiting for what is blocked too",
    Obstacle.DEADLOCK: "in a deadlock",
    Obstacle.NOT_ADDRESSED: "nobody is asked to deliver it",
}


def blocked_sections(blocked: Sequence[BlockedDemand]) -> Iterator[Section]:
    """A section for each obstacle; a demand with several is in each of them."""
    for obstacle in Obstacle:
        items = tuple(
            _item(each, by)
            for each in blocked
            if (by := [block for block in each.blocks if block.obstacle is obstacle])
        )
        if items:
            yield Section(f"Blocked: {_OBSTACLES[obstacle]}", items=items)


def _item(blocked: BlockedDemand, by: Sequence[Block]) -> str:
    """``cvid: Complete denuclearisation (prk only after sanctions-relief)``."""
    whose = [text for block in by if (text := _whose(block))]
    named = heading(blocked.demand)
    return f"{named} ({'; '.join(whose)})" if whose else named


def _whose(block: Block) -> str:
    words = condition_words(block.condition.condition) if block.condition else ""
    return " ".join(text for text in (block.party or "", words) if text)
