"""The two operations on the past of a record: its history, and bringing back an earlier state."""

from collections.abc import Iterator
from functools import partial

from negotiations_api.database import Access
from negotiations_api.database.rights import check_may_make, rights_of
from negotiations_api.database.sight import check_sees_history
from negotiations_api.http.history import (
    HISTORY,
    HistoryPages,
    InNegotiationQuery,
    OfRecordQuery,
    history_operation,
    which_of,
)
from negotiations_api.http.operation import Answer, Call, Operation, OperationView, operation
from negotiations_api.http.preconditions import refuse_match, require_record_match
from negotiations_api.http.representations import JSON
from negotiations_api.http.resource import Endpoints, Resource
from negotiations_api.http.shapes import RECORD, WriteQuery
from negotiations_api.models import Negotiation, Position, Record
from negotiations_api.models.identifier import parse_id
from negotiations_api.records.faults import Missing
from negotiations_api.records.find import is_catalogue, key_value, missing
from negotiations_api.records.history import (
    Which,
    check_known,
    imported,
    read_newest,
)
from negotiations_api.records.negotiation_back import restore_negotiation
from negotiations_api.records.restore import restore
from negotiations_api.schemas.change import RestoreSchema
from negotiations_api.schemas.strict import one


class HistoryViews(Endpoints):
    """The views of the past of one record of a resource."""

    def __init__(self, resource: Resource) -> None:
        super().__init__(resource)
        self.title = one(resource.noun)

    def rules(self) -> Iterator[tuple[str, str, OperationView]]:
        """The method, the address and the view of each operation."""
        if self.resource.model is not Negotiation:  # blueprints/history.py has that
            yield "GET", f"{self.resource.one}/history", self.history()
        yield "POST", f"{self.resource.one}/restore", self.restore()

    def history(self) -> OperationView:
        """GET on the history of a record."""
        resource = self.resource
        query = OfRecordQuery if is_catalogue(resource.model) else InNegotiationQuery

        @operation(
            history_operation(
                f"history_of_{resource.noun}", f"The history of {self.title}, newest first", query
            )
        )
        def view(call: Call, **path: str) -> Answer:
            """Every change of the record that stands under this name, or that once stood there."""
            talks = call.look_back(path["negotiation"]) if resource.is_owned else None
            key = self._key(call, path)
            which = which_of(call, talks=talks, noun=resource.noun, key=key)
            oldest = None
            if resource.model is Position and talks is not None:
                oldest = partial(imported, call.session, talks, key)
            any_of_it = Which(talks, resource.noun, key)
            if not read_newest(call.session, any_of_it, 1):
                check_known(call.session, resource.model, key, talks)
            title = f"History of {resource.noun} {key}"
            return HistoryPages(call, which, title, oldest).show(resource.model)

        return view

    def _key(self, call: Call, path: dict[str, str]) -> str:
        """What stands for the record of the address. Raises Missing for what none can have."""
        key = path[self.resource.noun]
        if key_value(self.resource.model, key) is None:
            raise missing(call.session, self.resource.model, key, call.negotiation)
        if self.resource.model is Position and parse_id(key) is not None:
            return key.upper()
        return key

    def restore(self) -> OperationView:
        """POST on the way back."""
        resource = self.resource
        is_negotiation = resource.model is Negotiation

        @operation(
            Operation(
                name=f"restore_{resource.noun}",
                summary=f"Bring back an earlier state of {self.title}, or what was deleted",
                tag=HISTORY,
                schema=resource.schema,
                also={201: resource.schema},
                renderers=RECORD,
                query=WriteQuery,
                takes={JSON: RestoreSchema},
                needs_body=False,
                access=Access.CATALOGUE if is_negotiation else self.writes,
                problems=("not-found", "conflict", "stale", "precondition-required"),
            )
        )
        def view(call: Call, **path: str) -> Answer:
            """Undo the last change, or go back to a revision of the negotiation, or to a change.

            It is a change itself, and goes through the same checks as any other: 409 if something
            stands in its place, 422 if what it refers to is gone. What is there needs If-Match.
            """
            self.open(call, path)
            if call.negotiation is not None:
                check_sees_history(call.session, call.negotiation.id, "Bringing back")
            record: Record | None
            try:
                record = self.find(call, path, lock=True)
            except Missing:
                refuse_match()
                record = None
            else:
                require_record_match(record)
            key = self._key(call, path)
            if is_negotiation and record is None:
                check_may_make(rights_of(call.session))
                made = call.negotiation = restore_negotiation(call.session, key, call.body.value)
                call.see_anew()
                return self.answer(call, made, 201)
            brought = restore(
                call.session, resource.model, key, record, call.negotiation, call.body.value
            )
            return self.answer(call, brought, 200 if record is not None else 201)

        return view
