"""Sources: the documents that facts rest on."""

from sqlalchemy.orm import Mapped, mapped_column

from negotiations_api.models.base import Catalogued, Date, Line, dates, string
from negotiations_api.models.search import Searchable


class Source(Catalogued, Searchable):
    """A document that a fact rests on."""

    __tablename__ = "source"
    __table_args__ = dates("published_on", "retrieved_on")
    noun = "source"
    searched_by = ("slug", "title", "publisher", "author")

    title: Mapped[Line]
    publisher: Mapped[Line | None]
    author: Mapped[Line | None]
    url: Mapped[str | None] = mapped_column(string(2000))
    published_on: Mapped[Date | None]
    retrieved_on: Mapped[Date | None]
    language: Mapped[str | None] = mapped_column(string(35))
