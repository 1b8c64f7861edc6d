"""Where an operation stands: its method and address, and what records they are about."""

import re
from dataclasses import dataclass
from typing import TypeVar

from marshmallow import Schema

from negotiations_api.http.addresses import COLLECTIONS
from negotiations_api.http.operation import Operation
from negotiations_api.schemas.change import HistorySchema

T = TypeVar("T")
_NOUNS = {collection: noun for noun, collection in COLLECTIONS.items()}


def instance(schema: type[Schema] | Schema) -> Schema:
    """The schema itself, which contracts also name by its class."""
    return schema() if isinstance(schema, type) else schema


@dataclass(frozen=True, slots=True)
class Route:
    """An operation under a method and an address, ``/v1/negotiations/{negotiation}``."""

    contract: Operation
    method: str
    path: str

    @property
    def names(self) -> list[str]:
        """The parameters of the address, in its order."""
        return re.findall(r"{(\w+)}", self.path)

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.method == "GET"

    @property
    def noun(self) -> str | None:
        """The kind of record that it lists, reads or changes; None for all else."""
        return _NOUNS.get(self.contract.tag)

    @property
    def part(self) -> str | None:
        """The field whose parts it lists, reads or changes, if it is about parts."""
        found = re.search(rf"/{{{self.noun}}}/(\w+)", self.path)
        return found[1] if found else None

    @property
    def is_list(self) -> bool:
        """Whether its address is that of a collection, all the parts of a record, or a history."""
        if self.contract.schema is HistorySchema:
            return True
        return self.noun is not None and not self.path.endswith("}")

    @property
    def requires_match(self) -> bool:
        """Whether it is refused (428) without If-Match, whatever there is."""
        return "precondition-required" in self.contract.problems and not self.contract.creates
