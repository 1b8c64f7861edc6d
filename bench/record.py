"""What has been measured, kept in a file after each part, so that a run can be taken up again."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Self


@dataclass(frozen=True)
class Figure:
    """The runs of one contender at one piece of work. `size` is in positions; 0: not of a size.

    `unit` is ``/s`` (answers a second), ``s``, ``ms``, ``MB`` or ``rows/s``.
    """

    work: str
    name: str
    variant: str
    engine: str
    size: int
    unit: str
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        """Raises ValueError without a value."""
        if not self.values:
            raise ValueError(f"{self.work} of {self.name} has no value")

    @property
    def median(self) -> float:
        """The median of the runs."""
        return median(self.values)

    @property
    def least(self) -> float:
        """The least of the runs."""
        return min(self.values)

    @property
    def most(self) -> float:
        """The greatest of the runs."""
        return max(self.values)

    @property
    def more_is_better(self) -> bool:
        """Whether it is a rate."""
        return self.unit.endswith("/s")

    @property
    def label(self) -> str:
        """Who, and how."""
        return f"{self.name}: {self.variant}" if self.variant else self.name


@dataclass
class Record:
    """A run: on what, which parts are done, their figures, and what could not be measured."""

    about: dict[str, Any] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)
    profile: str = ""

    @classmethod
    def read(cls, path: Path) -> Self:
        """The record in a file that `write` has written."""
        said = json.loads(path.read_text())
        said["figures"] = [
            Figure(**(figure | {"values": tuple(figure["values"])})) for figure in said["figures"]
        ]
        return cls(**said)

    def write(self, path: Path) -> None:
        """Write all of it, in place of what is there, whole or not at all."""
        new = path.with_suffix(".new")
        new.write_text(json.dumps(asdict(self), indent=1))
        new.replace(path)

    def finish(self, part: str, figures: Iterable[Figure]) -> None:
        """Note that a part has been measured."""
        self.figures += figures
        self.done.append(part)
        self.problems.pop(part, None)

    def find(
        self, work: str, name: str, engine: str, size: int, variant: str | None = None
    ) -> Figure | None:
        """A figure; the first of any variant if none is named."""
        found = (
            figure
            for figure in self.figures
            if (figure.work, figure.name, figure.engine, figure.size) == (work, name, engine, size)
            and variant in {None, figure.variant}
        )
        return next(found, None)

    def sizes(self) -> list[int]:
        """The sizes that there are figures of, ascending."""
        return sorted({figure.size for figure in self.figures if figure.size})
