"""No cell of any CSV is run by a spreadsheet, and each is read back as it was written."""

import csv
import io
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from negotiations_api.records.text import NUMBER
from negotiations_api.render.csv import FORMULA
from tests.api.engines import address
from tests.api.samples import HERE, SAMPLES, Sample
from tests.client import Client
from tests.injection import FORMULAS, Json, Path, bodies, operations, text_at, texts, with_text

CSV = "text/csv"
BULK = [
    sample
    for sample in SAMPLES
    if CSV in bodies("POST", sample.collection.replace("border", "{negotiation}"))
]
OUTPUTS = [
    template
    for method, template, said in operations()
    if method == "GET" and CSV in said["responses"]["200"].get("content", {})
]

every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.noun)


def template(sample: Sample) -> str:
    return sample.collection.replace("border", "{negotiation}")


def places(sample: Sample) -> list[Path]:
    """The places of all texts in a record."""
    schema = bodies("POST", template(sample))["application/json"]
    return [place for place in texts(schema) if place]


def formulas(world: Client, sample: Sample, number: int = 0) -> tuple[Json, list[Path]]:
    """A record that is formulas all over, each another one, and the places of them."""
    body: Json = sample.payload
    taken: list[Path] = []
    for place, index in zip(places(sample), count(number)):
        changed = with_text(body, place, FORMULAS[index % len(FORMULAS)])
        if place[0] != sample.required and tries(world, sample, changed) == 201:
            body, taken = changed, [*taken, place]
    return body, taken


def tries(world: Client, sample: Sample, body: Json) -> int:
    return world.post(f"{sample.collection}?dry_run=true", body).status_code


def cells(text: str) -> Iterator[str]:
    """Every cell of a CSV, of its header too."""
    for row in csv.reader(io.StringIO(text, newline=""), strict=True):
        yield from row


def would_run(cell: str) -> bool:
    """Whether a spreadsheet would take a cell for a formula; a number below zero is a number."""
    return FORMULA.match(cell) is not None and not NUMBER.fullmatch(cell)


def test_a_spreadsheet_would_run_each_of_them() -> None:
    assert [text for text in FORMULAS if not would_run(text)] == ["'=1", "''+1", '"=1', '",=1']
    assert not would_run("-1.5")


@every_sample
@pytest.mark.parametrize("number", range(0, len(FORMULAS), 4))
def test_no_text_of_a_record_is_run(world: Client, sample: Sample, number: int) -> None:
    body, taken = formulas(world, sample, number)
    # One has no text that is free, the other two of one line.
    assert taken or sample.noun in {"participant", "audience"}
    made = world.create(sample.collection, body)
    shown = made.get_json()
    for place in taken:
        # What JSON says has no apostrophe; two ends of a line are one.
        assert text_at(shown, place) == text_at(body, place).replace("\r\n", "\n"), place
    written = list(cells(world.get(f"{sample.collection}?format=csv").text))
    assert not [cell for cell in written if would_run(cell)]
    for place in taken:
        text = text_at(shown, place)
        if len(place) == 1 and would_run(text.lstrip("'")):
            assert f"'{text}" in written, place


@pytest.mark.parametrize("number", range(0, len(FORMULAS), 4))
@pytest.mark.parametrize("sample", BULK, ids=lambda sample: sample.noun)
def test_what_was_guarded_is_read_back_as_it_was(
    world: Client, sample: Sample, number: int
) -> None:
    body, taken = formulas(world, sample, number)
    where = world.create(sample.collection, body).headers["Location"]
    before = world.get(where).get_json()
    key = before[sample.required] if sample.key else None
    named = f"slug={key}" if key else f"date={body['date']}"
    table = world.get(f"{sample.collection}?format=csv&{named}").text
    assert len(list(csv.reader(io.StringIO(table, newline="")))) == 2
    assert world.delete(where, "*").status_code == 204
    answer = world.post(
        sample.collection, data=table.encode(), headers={"Content-Type": CSV, "Accept": "*/*"}
    )
    assert answer.status_code == 200, answer.text
    again = world.get(f"{sample.collection}/{answer.get_json()['keys'][0]}").get_json()
    assert essence(again) == essence(before)
    assert all(text_at(again, place) == text_at(before, place) for place in taken)


def essence(record: Json) -> Any:
    return {k: v for k, v in record.items() if k not in {"id", "created_at", "updated_at"}}


@pytest.mark.parametrize("number", range(0, len(FORMULAS), 7))
def test_no_cell_of_any_answer_is_run(world: Client, number: int) -> None:
    position = ""
    for index, sample in enumerate(SAMPLES):
        body, _ = formulas(world, sample, number + index)
        made = world.create(sample.collection, body).headers["Location"]
        position = made.rpartition("/")[2] if sample.noun == "position" else position
    shown = (("/v1/parties", ("alpha", "beta")), (f"{HERE}/demands", ("prisoners", "treaty")))
    for collection, slugs in shown:
        field = "name" if collection == "/v1/parties" else "title"
        for slug, text in zip(slugs, FORMULAS[number:], strict=False):
            if would_run(text) and text.isprintable():
                changed = world.patch(f"{collection}/{slug}", {field: text}, "*")
                assert changed.status_code == 200, changed.text
    assert {"/v1/parties", "/v1/negotiations/{negotiation}/roadmap"} <= set(OUTPUTS)
    for output in OUTPUTS:
        path = address(output, position=position)
        answer = world.get(f"{path}?format=csv{needed(output)}")
        assert answer.status_code == 200, answer.text
        assert not [cell for cell in cells(answer.text) if would_run(cell)], output


def needed(output: str) -> str:
    """The parameters that a question cannot be asked without."""
    return "&parties=alpha,beta" if output.endswith("/convergence") else ""
