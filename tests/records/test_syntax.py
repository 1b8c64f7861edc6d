"""Strict JSON and YAML."""

import json
import time
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from negotiations_api.records import strict_yaml
from negotiations_api.records.strict_json import read_json
from negotiations_api.records.strict_yaml import read_yaml, write_yaml
from negotiations_api.records.text import DEEPEST, Malformed, Tree

AWKWARD = "ab09 \n\t:#-+'\"\\,[]{}&*!|>%@`?~=._eE\x85\u2028\u2029\ufeff\x7f😀ß"
texts = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
    | st.text(AWKWARD, max_size=250)
    | st.from_regex(r"\A[-+]?[0-9]{0,4}[.eE_:-]?[-+]?[0-9]{0,3}\Z")
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
values = st.recursive(
    scalars,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(texts, below, max_size=4),
    max_leaves=8,
)
# What a parser of YAML takes for a text as it stands: no control characters, no byte order mark.
printable = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufeff")
    | st.sampled_from("\n\t\x85"),
    max_size=30,
)
printable_values = st.recursive(
    scalars.filter(lambda value: not isinstance(value, str)) | printable,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(printable, below, max_size=4),
    max_leaves=8,
)


def refusal_of_json(body: bytes) -> str:
    """What is said of a JSON text that is refused."""
    with pytest.raises(Malformed) as refused:
        read_json(body)
    return str(refused.value)


def refusal_of_yaml(text: str) -> str:
    """What is said of a YAML text that is refused."""
    with pytest.raises(Malformed) as refused:
        read_yaml(text.encode())
    return str(refused.value)


def same(left: Any, right: Any) -> bool:
    """Whether two values are equal and of the same types: 1 is neither true nor 1.0."""
    return repr(left) == repr(right)


# JSON


@given(values, st.booleans(), st.sampled_from([None, 2]))
def test_json_is_read_as_the_standard_library_reads_it(
    value: Any, ascii_only: bool, indent: int | None
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert same(read_json(text.encode()), json.loads(text))


@given(values)
def test_a_byte_order_mark_before_json_is_left_out(value: Any) -> None:
    assert same(read_json(b"\xef\xbb\xbf" + json.dumps(value).encode()), value)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"a": 1, "a": 2}', "'a' stands twice in one object."),
        ('{"a": {"b": 1, "c": 2, "b": 1}}', "'b' stands twice in the object at '/a'."),
        ('[0, [{"x/y": {"": 1, "": 2}}]]', "'' stands twice in the object at '/1/0/x~1y'."),
        ('{"a": 1, "\\u0061": 2}', "'a' stands twice in one object."),
        ('{"a": {"b": 1, "b": 2}, "a": 3}', "'a' stands twice in one object."),
        ('{"": {"b": 1, "b": 2}}', "'b' stands twice in the object at '/'."),
    ],
)
def test_a_name_that_stands_twice_is_refused_with_its_object(body: str, said: str) -> None:
    assert refusal_of_json(body.encode()) == said


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_a_number_that_is_not_finite_is_refused_with_its_place(number: str) -> None:
    refusal = refusal_of_json(f'{{"a": [1, {number}]}}'.encode())
    assert number in refusal
    assert "'/a/1'" in refusal


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**19, -(10**30)])
def test_an_integer_beyond_64_bits_is_refused_with_its_place(number: int) -> None:
    refusal = refusal_of_json(f'{{"a": [1, {number}]}}'.encode())
    assert str(number)[:24] in refusal
    assert "64 bits" in refusal
    assert "'/a/1'" in refusal


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63), 0])
def test_an_integer_within_64_bits_is_read_exactly(number: int) -> None:
    assert same(read_json(str(number).encode()), number)


def test_an_integer_of_5000_digits_is_refused_in_a_short_message() -> None:
    assert len(refusal_of_json(b"9" * 5000)) < 200


@pytest.mark.parametrize("escape", ["\\ud800", "\\udfff", "\\ude00\\ud83d", "x\\ud83dx"])
@pytest.mark.parametrize(
    "body", ['{"a": ["x", "%s"]}', '{"a": [0, {"%s": 1}]}', '{"a": [0, {"%s": 1, "%s": 2}]}']
)
def test_half_a_surrogate_pair_is_refused_with_its_place(body: str, escape: str) -> None:
    refusal = refusal_of_json(body.replace("%s", escape).encode())
    assert "surrogate" in refusal
    assert "'/a/1'" in refusal


def test_a_surrogate_pair_is_one_character() -> None:
    assert read_json(b'"\\ud83d\\ude00"') == "😀"


@pytest.mark.parametrize("body", [b'{"a": ["x", "y\\u0000"]}', b'{"a": [0, {"\\u0000": 1}]}'])
def test_the_character_nul_is_refused_with_its_place(body: bytes) -> None:
    refusal = refusal_of_json(body)
    assert "NUL" in refusal
    assert "'/a/1'" in refusal


@pytest.mark.parametrize(
    ("body", "byte"), [(b'"\xff"', 1), (b'"\xc3\xa4\xc3"', 3), (b'\xef\xbb\xbf"\xff"', 4)]
)
def test_what_is_not_utf_8_is_refused_with_the_byte(body: bytes, byte: int) -> None:
    assert f"not UTF-8, at byte {byte}." in refusal_of_json(body)


def test_the_deepest_nesting_is_read() -> None:
    body = b"[" * DEEPEST + b"]" * DEEPEST
    assert read_json(body) == json.loads(body)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
        b'{"a":' * (DEEPEST + 1) + b"1" + b"}" * (DEEPEST + 1),
    ],
)
def test_one_level_more_than_the_deepest_is_refused_with_its_place(body: bytes) -> None:
    place = "/0" * DEEPEST if body[:1] == b"[" else "/a" * DEEPEST
    assert place in refusal_of_json(body)


@pytest.mark.parametrize("body", [b"[" * 100_000, b"[" * 100_000 + b"]" * 100_000])
def test_100_000_brackets_are_refused_as_nested_too_deep(body: bytes) -> None:
    assert "Nested deeper than 64" in refusal_of_json(body)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"[1,\n 2,]", "line 2, column "),
        (b'{"a": 1}\n{"b": 2}', "line 2, column 1"),
        (b'"a\nb"', "line 1, column 3"),
        (b"{'a': 1}", "line 1, column 2"),
        (b"[1, 2", "line 1, column 6"),
        (b"01", "line 1, column 2"),
        (b"\xef\xbb\xbf\xef\xbb\xbf1", "line 1, column 1"),
    ],
)
def test_what_is_no_json_is_refused_with_line_and_column(body: bytes, place: str) -> None:
    refusal = refusal_of_json(body)
    assert refusal.startswith("This is no JSON: ")
    assert place in refusal


@pytest.mark.parametrize("body", [b"", b" \r\n", b"\xef\xbb\xbf"])
def test_an_empty_body_is_said_to_be_empty(body: bytes) -> None:
    assert refusal_of_json(body) == "The body is empty: send JSON."


def test_an_object_of_50_000_names_with_one_twice_is_refused_at_once() -> None:
    names = [f'"k{number}": 1' for number in [*range(50_000), 49_999]]
    begin = time.process_time()
    assert "'k49999' stands twice" in refusal_of_json(f"{{{', '.join(names)}}}".encode())
    assert time.process_time() - begin < 2


@given(st.binary() | st.text('[]{}",:0123456789.eE-+\\u d8nultrfasNI\0\ufeff').map(str.encode))
@example(b'{"\\ud800": 1, "\\ud800": 2}')
@example(b'"\\ud800')
@example(b"-")
def test_any_bytes_are_a_json_value_or_refused_in_words_that_can_be_sent(body: bytes) -> None:
    try:
        read = json.dumps(read_json(body))
    except Malformed as refusal:
        read = str(refusal)
    assert read.encode()


# YAML


@given(printable_values, st.sampled_from([None, 2]))
@example("a\x85b", None)
@example({"a\u2028b": "\ue000\u2029"}, 2)
@example("\ue000\u2029", None)
def test_json_is_read_as_the_same_value_by_the_reader_of_yaml(
    value: Any, indent: int | None
) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    assert same(read_yaml(text.encode()).value, value)


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "yes",
        "on",
        "off",
        "No",
        "y",
        "n",
        "2019-04-12",
        "2019-04",
        "12:30",
        "0o17",
        "0x1F",
        "1_000",
        "2019-04-12T10:00:00Z",
        "1.2.3",
        "1e",
        ".",
        "-a",
        "<<",
        "=",
        "nil",
        "1,000",
    ],
)
def test_what_is_no_constant_and_no_number_is_a_text(text: str) -> None:
    assert read_yaml(f"a: {text}\n".encode()).value == {"a": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-12", -12),
        ("+12", 12),
        ("08", 8),
        ("000000000000000000000000012", 12),
        ("1.5", 1.5),
        (".5", 0.5),
        ("-.5", -0.5),
        ("1.", 1.0),
        ("1e5", 100000.0),
        ("1.5E-3", 0.0015),
        (str(2**63 - 1), 2**63 - 1),
        (str(-(2**63)), -(2**63)),
    ],
)
def test_constants_and_numbers_are_read_as_such(text: str, value: Any) -> None:
    assert same(read_yaml(f"a: {text}\n".encode()).value, {"a": value})


@pytest.mark.parametrize("text", ["12", "1.5", "true", "null", "~", "", "08", "2019"])
@pytest.mark.parametrize("written", ["'{}'", '"{}"', "!!str {}", "|-\n  {}", ">-\n  {}"])
def test_what_is_marked_as_a_text_is_a_text(written: str, text: str) -> None:
    assert read_yaml(f"a: {written.format(text)}\n".encode()).value == {"a": text}


@pytest.mark.parametrize("name", ["no", "12", "null", "~", "true", "2019-04-12", "<<", "1.5"])
def test_a_name_is_a_text(name: str) -> None:
    assert read_yaml(f"{name}: 1\n".encode()).value == {name: 1}


def test_an_empty_yaml_text_is_null() -> None:
    assert read_yaml(b"# nothing yet\n") == Tree(None, {})


def test_a_byte_order_mark_before_yaml_is_left_out() -> None:
    assert read_yaml(b"\xef\xbb\xbfa: 1").value == {"a": 1}


TEXT = """\
# A comment, and a blank line.

parties:
  - slug: usa

    # Another comment.
    name: >-
      United
      States
  -
    slug: prk
    other_names: [DPRK,
      "North Korea", {of: 1,
        "a/b~c": [2]}]
empty:
text: |
  one
  two
last: ''
"""


@pytest.mark.parametrize(
    ("pointer", "line"),
    [
        ("", 3),
        ("/parties", 3),
        ("/parties/0", 4),
        ("/parties/0/slug", 4),
        ("/parties/0/name", 7),
        ("/parties/1", 11),
        ("/parties/1/slug", 11),
        ("/parties/1/other_names", 12),
        ("/parties/1/other_names/0", 12),
        ("/parties/1/other_names/1", 13),
        ("/parties/1/other_names/2", 13),
        ("/parties/1/other_names/2/of", 13),
        ("/parties/1/other_names/2/a~1b~0c", 14),
        ("/parties/1/other_names/2/a~1b~0c/0", 14),
        ("/empty", 15),
        ("/text", 16),
        ("/last", 19),
    ],
)
def test_each_part_of_a_yaml_text_has_its_line(pointer: str, line: int) -> None:
    assert read_yaml(TEXT.encode()).lines[pointer] == line


def test_each_part_of_a_yaml_text_has_a_line() -> None:
    assert len(read_yaml(TEXT.encode()).lines) == 17


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029"])
def test_a_line_ends_only_where_an_editor_ends_it(character: str) -> None:
    assert read_yaml(f'a: "x{character}y"\nb: z{character}\n'.encode()) == Tree(
        {"a": f"x{character}y", "b": f"z{character}"}, {"": 1, "/a": 1, "/b": 2}
    )


def test_a_character_that_stands_in_for_another_is_not_taken_for_it() -> None:
    text = '["\ue000", "\\ue001", "\\U0000E002", "\u2029"]'
    assert read_yaml(text.encode()).value == ["\ue000", "\ue001", "\ue002", "\u2029"]


def test_what_is_missing_has_the_line_of_the_part_around_it() -> None:
    assert read_yaml(TEXT.encode()).line("/parties/1/name/0") == 11


def test_a_json_text_has_no_lines() -> None:
    assert Tree({"a": 1}).line("/a") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: &x 1\n", "anchor &x at line 2"),
        ("a: 1\nb: &x [1]\n", "anchor &x at line 2"),
        ("a: 1\nb: &x {c: 1}\n", "anchor &x at line 2"),
        ("a: 1\n&x b: 2\n", "anchor &x at line 2"),
        ("a: 1\nb: *x\n", "alias at line 2"),
        ("a: 1\n*x : 2\n", "alias at line 2"),
    ],
)
def test_anchors_and_aliases_are_refused_with_their_line(text: str, said: str) -> None:
    assert said in refusal_of_yaml(text)


@pytest.mark.parametrize(
    "value",
    [
        "!!int '1'",
        "!own 1",
        "!own {a: 1}",
        "!own [1]",
        "!!set {a: 1}",
        "!!map {}",
        "!!seq []",
        "!!python/object/apply:os.system ['true']",
        "!!binary aGk=",
        "! []",
        "!<tag:x> 1",
    ],
)
def test_tags_are_refused_with_their_line(value: str) -> None:
    refusal = refusal_of_yaml(f"a: 1\nb: {value}\n")
    assert "tag" in refusal
    assert "at line 2" in refusal


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "'a' stands twice in one object, at line 3"),
        ("a:\n  b: 1\n  'b': 2\n", "'b' stands twice in one object, at line 3"),
        ("a: {b: 1,\n b: 2}\n", "'b' stands twice in one object, at line 2"),
        ("a:\n-\n  b: 1\n  b:\n", "'b' stands twice in one object, at line 4"),
    ],
)
def test_a_name_that_stands_twice_in_yaml_is_refused_with_its_line(text: str, said: str) -> None:
    assert said in refusal_of_yaml(text)


@pytest.mark.parametrize("text", ["a: 1\n? [b]\n: 2\n", "a: 1\n? {b: 1}\n: 2\n", "\n{[b]: 2}\n"])
def test_a_name_that_is_no_text_is_refused_with_its_line(text: str) -> None:
    assert "Line 2 has a list or an object where a name should be" in refusal_of_yaml(text)


@pytest.mark.parametrize("text", ["a: 1\n---\nb: 2\n", "a: 1\n---\n", "---\n---\n"])
def test_a_second_document_is_refused_with_its_line(text: str) -> None:
    assert "second document begins at line 2" in refusal_of_yaml(text)


@pytest.mark.parametrize("text", ["a:\n\tb: 1\n", "a:\n  - b: 1\n\tc: 2\n", "a: 1\n\tb: 2\n"])
def test_a_tab_as_indentation_is_refused_with_its_line(text: str) -> None:
    refusal = refusal_of_yaml(text)
    assert f"at line {text[: text.index(chr(9))].count(chr(10)) + 1}, column 1" in refusal


def test_the_deepest_nesting_of_yaml_is_read() -> None:
    text = "[" * DEEPEST + "]" * DEEPEST
    assert read_yaml(text.encode()).value == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
        "- " * (DEEPEST + 1) + "1",
        "{a: " * (DEEPEST + 1) + "1" + "}" * (DEEPEST + 1),
        "[" * 100_000,
        "- " * 100_000,
    ],
)
def test_deeper_nesting_of_yaml_is_refused(text: str) -> None:
    assert "Nested deeper than 64" in refusal_of_yaml(text)


@pytest.mark.parametrize("number", [str(2**63), str(-(2**63) - 1), "9" * 5000, "1e999"])
def test_a_number_beyond_its_range_is_refused_with_its_line(number: str) -> None:
    refusal = refusal_of_yaml(f"a: 1\nb: {number}\n")
    assert number[:24] in refusal
    assert "at line 2" in refusal


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"\\0"', "Line 1: A text has the character NUL, at ''."),
        ('a: 1\nb: "\\0"\n', "Line 2: A text has the character NUL, at '/b'."),
        ('a: 1\nb: ["\\x00"]\n', "Line 2: A text has the character NUL, at '/b/0'."),
        (
            'a:\n- 1\n\n- b: 1\n  c:\n    "\\0"\n',
            "Line 5: A text has the character NUL, at '/a/1/c'.",
        ),
        ('a: 1\nb: {"\\0": 1}\n', "Line 2: A text has the character NUL, at '/b'."),
    ],
)
def test_the_character_nul_in_yaml_is_refused_with_its_line_and_place(text: str, said: str) -> None:
    assert refusal_of_yaml(text) == said


@pytest.mark.parametrize("escape", ["\\ud800", "\\udfff", "x\\ud83dx"])
def test_half_a_surrogate_pair_in_yaml_is_refused_with_its_line(escape: str) -> None:
    assert "line 2" in refusal_of_yaml(f'a: 1\nb: ["{escape}"]\n').lower()


@pytest.mark.parametrize("escape", ["\\ud800", "\\udfff", "x\\ud83dx"])
def test_half_a_surrogate_pair_that_the_parser_takes_is_refused_with_its_line_and_place(
    monkeypatch: pytest.MonkeyPatch, escape: str
) -> None:
    monkeypatch.setattr(strict_yaml, "_LOADER", yaml.SafeLoader)  # libyaml does not take it
    assert refusal_of_yaml(f'a: 1\nb: ["{escape}"]\n') == (
        "Line 2: A text has half a surrogate pair, at '/b/0'."
    )


@pytest.mark.parametrize("before", ["ä: 1\n", "a: 1\n", "a: \x85\n", "a: \u2028\n"])
@pytest.mark.parametrize("character", ["\0", "\x01", "\x7f", "\ufffe"])
def test_a_control_character_in_yaml_is_refused_with_its_line(before: str, character: str) -> None:
    assert refusal_of_yaml(f"{before}b: {character}\nc: 1").endswith("at line 2.")


def test_what_is_not_utf_8_is_refused_in_yaml_with_the_byte() -> None:
    with pytest.raises(Malformed, match="not UTF-8, at byte 3"):
        read_yaml(b"a: \xff")


@pytest.mark.parametrize(
    "text", ["a: b: c", "a: [1}", "a: @b", 'a: "\\q"', "%NO 1\n--- a", "a: 'b"]
)
def test_what_is_no_yaml_is_refused_with_its_line(text: str) -> None:
    refusal = refusal_of_yaml(text)
    assert refusal.startswith("This is no YAML: ")
    assert "at line 1, column" in refusal


@given(
    st.text()
    | st.text("ab1 \n\t:#-'\"\\,[]{}&*!|>%@`?~.u\x85\u2028\ue000\0")
    | st.lists(
        st.sampled_from(
            [
                "a: ",
                "- ",
                "\n",
                "  ",
                "? ",
                "{",
                "}",
                "[",
                "]",
                "&x ",
                "*x",
                "!!str ",
                "---\n",
                "...\n",
                "#",
                "'",
                '"',
                "|\n",
                ">-\n",
                "%YAML 1.1\n",
                "\\ud800",
                "1e999",
            ]
        )
    ).map("".join)
)
@example('"\\ud800"')
@example('"\\ud83d\\ude00"')
def test_any_text_is_a_tree_or_refused_in_words_that_can_be_sent(text: str) -> None:
    try:
        read = json.dumps(read_yaml(text.encode()).value)
    except Malformed as refusal:
        read = str(refusal)
    assert read.encode()


# From values to YAML and back


@given(values)
@example({"08": "08", "1e5": "1e5"})
@example(["-.5", "+.5e1", "1.", "09", "1e999", "9" * 30, "0o17", "0x1F", "1_000", "12:30"])
@example(["no", "Yes", "on", "NULL", "Null", "~", "", "true", "True", ".inf", ".nan", "=", "<<"])
@example(["2019", "2019-04", "2019-04-12", "2019-04-12T10:00:00Z"])
@example(["a\x85b", "a\u2028b", "\u2029", "a\n\x85 b", "\ufeff", "😀", "\ue000\x85"])
@example([" a", "a ", "\n", "a\n", "\na", "a\n\n b", "a\r\nb", "\t", "a: b", "a #b", "- a", "? a"])
@example(["---", "...", "--- a", "a\n---\nb", "%YAML", "!a", "&a", "*a", "[", "{a}", "@", "`", "|"])
@example([("word " * 50).strip(), "  ".join("ab" * 80), "x" * 2000 + " y", "a\n" * 80])
@example({"k" * 200: 1, "k" * 2000: {"a\nb": 2}, "": 3})
def test_what_is_written_as_yaml_is_read_as_the_same_value(value: Any) -> None:
    assert same(read_yaml(write_yaml(value)).value, value)


def test_a_list_that_stands_in_two_places_is_written_out_twice() -> None:
    demands = ["cvid", {"kind": "precondition"}]
    value = {"a": demands, "b": demands}
    assert read_yaml(write_yaml(value)).value == value


def test_names_are_written_in_their_order() -> None:
    assert write_yaml({"slug": "usa", "name": "x", "kind": "state"}) == (
        b"slug: usa\nname: x\nkind: state\n"
    )


@pytest.mark.parametrize("text", ["08", "1e5", "no", "2019", "2019-04-12", "-.5", "~"])
def test_a_text_that_some_reader_takes_for_something_else_is_quoted(text: str) -> None:
    assert write_yaml({"a": text}) == f"a: '{text}'\n".encode()


def test_a_text_that_nobody_misreads_is_written_plainly() -> None:
    assert (
        write_yaml({"a": "North Korea's Zürich talks"})
        == "a: North Korea's Zürich talks\n".encode()
    )
