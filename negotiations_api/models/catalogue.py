"""How often what negotiations share has changed: what stands for a list of it."""

from sqlalchemy.orm import Mapped, mapped_column

from negotiations_api.models.base import Base, string


class CatalogueRevision(Base):
    """The revision of all records of one noun that no negotiation owns.

    `database/revisions.py` raises it.
    """

    __tablename__ = "catalogue_revision"

    noun: Mapped[str] = mapped_column(string(32), primary_key=True)
    revision: Mapped[int]
