"""Which columns of a file say what: ``country=party,vote=stance:yes=accept,no=reject``."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from marshmallow import Schema, ValidationError

from negotiations_api.records.faults import Fault, Invalid
from negotiations_api.schemas.fields import Choice, near_miss


@dataclass(frozen=True, slots=True)
class Column:
    """A column that says what a field is; `words` are what its words stand for.

    A word that stands for nothing, an empty text, says that the row is to be passed over.
    """

    name: str
    field: str
    words: dict[str, str] = dataclasses.field(default_factory=dict)


def read_map(texts: Iterable[str], fields: Iterable[str]) -> list[Column]:
    """The columns that `texts` name: ``column=field``, with commas between them.

    After ``column=field:`` words follow, ``word=word``, as long as what they stand for is no field.
    Several columns may name one field: the first that is not empty says what it is. Raises Invalid.
    """
    known = list(fields)
    columns: list[Column] = []
    for text in texts:
        words: dict[str, str] | None = None
        for item in text.split(","):
            left, equals, right = item.partition("=")
            name, colon, first = right.partition(":")
            if not equals or not left:
                raise _wrong(f"'{item[:80]}' is no column=field.")
            if name in known:
                columns.append(Column(left, name))
                words = columns[-1].words if colon else None
                if colon:
                    word, equals, meaning = first.partition("=")
                    if not equals:
                        raise _wrong(f"'{item[:80]}' is no column=field:word=word.")
                    words_of_column = columns[-1].words
                    words_of_column[word] = meaning
            elif words is not None:
                words[left] = right
            else:
                near = near_miss(name[:80], known) or f"; the fields are: {', '.join(known)}."
                raise _wrong(f"There is no field '{name[:80]}' here{near}")
    return columns


def read_constants(texts: Iterable[str], fields: Iterable[str]) -> dict[str, str]:
    """What ``field=text`` says of each field. Raises Invalid."""
    known = list(fields)
    constants = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not value:
            raise _wrong(f"'{text[:80]}' is no field=text.")
        if name not in known:
            near = near_miss(name[:80], known) or f"; the fields are: {', '.join(known)}."
            raise _wrong(f"There is no field '{name[:80]}' here{near}")
        constants[name] = value
    return constants


def check_columns(columns: Sequence[Column], names: Sequence[str]) -> None:
    """Raise Invalid for a column that a file with those `names` has not."""
    for column in columns:
        if column.name not in names:
            near = near_miss(column.name[:80], names) or f"; there is {', '.join(names)[:500]}."
            raise _wrong(f"There is no column '{column.name[:80]}' in the file{near}")


def check_words(columns: Sequence[Column], schema: Schema) -> None:
    """Raise Invalid for a word that stands for what the field of its column cannot be."""
    for column in columns:
        field = schema.fields[column.field]
        if isinstance(field, Choice):
            for word, meaning in column.words.items():
                if meaning:
                    _check_word(column, field, word, meaning)


def _check_word(column: Column, field: Choice, word: str, meaning: str) -> None:
    try:
        field.deserialize(meaning)
    except ValidationError as error:
        raise _wrong(
            f"'{word[:80]}' in column '{column.name[:80]}' is to stand for '{meaning[:80]}', which "
            f"{column.field} cannot be: {error.messages[0]}"
        ) from None


def refuse_unknown(names: Sequence[str], schema: Schema) -> None:
    """Raise Invalid for a column that is no field of `schema`, where no map says what is."""
    if not names:
        raise _wrong("The file is empty: begin it with a header.")
    for name in names:
        if name not in schema.fields:
            known = schema.load_fields
            near = near_miss(name[:80], known) or f"; the fields are: {', '.join(known)}."
            raise _wrong(
                f"Column '{name[:80]}' is no field{near.removesuffix('.')} "
                "(--map COLUMN=FIELD says which columns are, and leaves out the others)."
            )


def check_told(columns: Sequence[Column], constants: Mapping[str, str], schema: Schema) -> None:
    """Raise Invalid for a required field of `schema` that nothing tells of."""
    told = {column.field for column in columns} | constants.keys()
    required = (name for name, field in schema.load_fields.items() if field.required)
    missing = [name for name in required if name not in told]
    if missing:
        raise _wrong(
            f"Nothing says what {' and '.join(missing)} is: map a column to it (--map "
            f"COLUMN={missing[0]}), or say it of all rows (--set {missing[0]}=...)."
        )


def _wrong(detail: str) -> Invalid:
    return Invalid([Fault("", detail)])
