"""Kept answers: what a POST with an Idempotency-Key was answered, to be said again."""

import datetime as dt

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from negotiations_api.models.base import Base, Prose, Timestamp, now, string


class KeptAnswer(Base):
    """The first answer to a request with a key; `fingerprint` tells whether it is that request."""

    __tablename__ = "kept_answer"

    key: Mapped[str] = mapped_column(string(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(string(64))
    status: Mapped[int]
    headers: Mapped[Prose]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[dt.datetime] = mapped_column(Timestamp, default=now, index=True)
