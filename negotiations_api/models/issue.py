"""Issues: the subjects under negotiation, shared by all negotiations."""

from sqlalchemy.orm import Mapped

from negotiations_api.models.base import Catalogued, Line, Prose


class Issue(Catalogued):
    """A subject under negotiation, such as ``sanctions-relief``."""

    __tablename__ = "issue"
    noun = "issue"

    title: Mapped[Line]
    summary: Mapped[Prose | None]
