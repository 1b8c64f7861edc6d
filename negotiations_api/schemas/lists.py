"""Fields of several values."""

from typing import Any

from marshmallow import ValidationError, fields

from negotiations_api.schemas.strict import repeated
from negotiations_api.schemas.texts import Reference

MOST = 1000
"""The most entries that a list of a record has."""


class Several(fields.List[Any]):
    """A list of at most `most` values."""

    def __init__(self, inner: Any, *, most: int = MOST, **kwargs: Any) -> None:
        super().__init__(inner, **kwargs)
        self.most = most
        self.metadata = {"maxItems": most} | dict(self.metadata)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > self.most:
            raise ValidationError(f"Give at most {self.most:,} entries; this has {len(value):,}.")
        return super()._deserialize(value, attr, data, **kwargs)


class References(Several):
    """A set of slugs of records of one kind, given back in their order."""

    def __init__(self, noun: str, **kwargs: Any) -> None:
        super().__init__(Reference(noun), **kwargs)
        self.noun = noun
        self.metadata = {"uniqueItems": True} | dict(self.metadata)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        slugs = super()._deserialize(value, attr, data, **kwargs)
        twice = repeated(slugs)
        if twice:
            raise ValidationError(
                {index: [f"'{slug}' stands here twice; name it once."] for index, slug in twice}
            )
        return sorted(slugs)


class Plucked(fields.Pluck):
    """One field of a part stands for the whole part, also where something is wrong with it."""

    def _load(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super()._load(*args, **kwargs)
        except ValidationError as error:
            messages: Any = error.messages
            raise ValidationError(messages[self.field_name]) from None
