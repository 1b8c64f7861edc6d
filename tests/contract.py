"""The OpenAPI document held against answers: nothing is answered that it does not say."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import yaml
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.test import TestResponse

from negotiations_api.app import create_app
from negotiations_api.config import Settings
from negotiations_api.http.openapi import build
from negotiations_api.http.representations import NDJSON, YAML

Json = dict[str, Any]

_YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WITHOUT_BODY = (204, 304)
_NAME = "urn:openapi"


class Contract:
    """What an OpenAPI document says of each operation, and nothing that only the code knows."""

    def __init__(self, document: Json) -> None:
        self.document = document
        # One document for all validators: each of them would keep a copy of its own.
        self.registry = jsonschema_rs.Registry([(_NAME, document)])
        self.validators: dict[str, jsonschema_rs.Draft202012Validator] = {}
        rules = [
            Rule(
                path.replace("{", "<").replace("}", ">"),
                endpoint=path,
                methods=[method.upper() for method in methods if method != "parameters"],
            )
            for path, methods in document["paths"].items()
        ]
        self.router = Map(rules, merge_slashes=False).bind("localhost")

    def check(self, answer: TestResponse) -> None:
        """Raises AssertionError for an answer that the document does not allow."""
        method = answer.request.method
        try:
            path, _ = self.router.match(answer.request.path, "GET" if method == "HEAD" else method)
        except NotFound:
            assert answer.status_code == 404, _said(answer, "this path is not documented")
            return
        except MethodNotAllowed as error:
            _check_undocumented(answer, set(error.valid_methods or ()))
            return
        verb = "get" if method == "HEAD" else method.lower()
        responses = self.document["paths"][path][verb]["responses"]
        status = str(answer.status_code)
        assert status in responses, _said(answer, "this status is not documented")
        at = self._resolved(_pointer("paths", path, verb, "responses", status))
        self._check_headers(answer, at)
        self._check_content(answer, at)

    def _check_headers(self, answer: TestResponse, response: str) -> None:
        for name in self._at(response).get("headers", {}):
            at = self._resolved(response + _pointer("headers", name))
            header = self._at(at)
            if name not in answer.headers:
                assert not header.get("required"), _said(answer, f"{name} is missing")
            for value in answer.headers.getlist(name):
                typed = _of_type(value, self._at(self._resolved(f"{at}/schema")))
                self._check_value(answer, f"{at}/schema", typed)

    def _check_content(self, answer: TestResponse, response: str) -> None:
        documented = self._at(response).get("content", {})
        is_head = answer.request.method == "HEAD"
        if is_head or answer.status_code in _WITHOUT_BODY:
            assert answer.data == b"", _said(answer, "this answer has no body")
        if not documented:
            sent = answer.headers.get("Content-Type")
            assert sent is None, _said(answer, f"nothing has the Content-Type {sent}")
            assert answer.data == b"", _said(answer, "no body is documented")
            return
        if answer.status_code in _WITHOUT_BODY:
            return
        media = answer.mimetype or ""
        assert media in documented, _said(answer, f"{media!r} is not among {sorted(documented)}")
        if not is_head and "schema" in documented[media]:
            for value in _values(answer, media):
                self._check_value(answer, response + _pointer("content", media, "schema"), value)

    def _check_value(self, answer: TestResponse, schema: str, value: Any) -> None:
        validator = self.validators.get(schema)
        if validator is None:
            validator = jsonschema_rs.Draft202012Validator(
                {"$ref": f"{_NAME}#{quote(schema)}"}, registry=self.registry, validate_formats=True
            )
            self.validators[schema] = validator
        for error in validator.iter_errors(value):
            place = "".join(f"/{step}" for step in error.instance_path)
            raise AssertionError(_said(answer, f"at '{place}': {error.message} ({schema})"))

    def _at(self, pointer: str) -> Any:
        found: Any = self.document
        for step in pointer.split("/")[1:]:
            found = found[step.replace("~1", "/").replace("~0", "~")]
        return found

    def _resolved(self, pointer: str) -> str:
        """The place that a place of the document refers to, or itself."""
        while "$ref" in self._at(pointer):
            pointer = self._at(pointer)["$ref"].removeprefix("#")
        return pointer


@cache
def application() -> Flask:
    """The application as it comes: what it documents is the same whatever database tests are on."""
    return create_app(Settings(database_url="sqlite://"))


@cache
def contract() -> Contract:
    """What the OpenAPI document of the application says."""
    return Contract(build(application()))


@cache
def has_page(address: str) -> bool:
    """Whether a type of problem has the page that its address promises."""
    return application().test_client().get(address).status_code == 200


def _check_undocumented(answer: TestResponse, methods: set[str]) -> None:
    """A method without an operation: OPTIONS says which there are, and so does the refusal."""
    is_options = answer.request.method == "OPTIONS"
    expected = {200, 204} if is_options else {405}
    assert answer.status_code in expected, _said(answer, "this method is not documented")
    allowed = set(answer.headers["Allow"].split(", "))
    assert allowed == methods | {"OPTIONS"}, _said(answer, f"there is {sorted(methods)}")


def _values(answer: TestResponse, media: str) -> list[Any]:
    """What the body holds that has the schema: one value, or one a line."""
    if media == "application/json" or media.endswith("+json"):
        return [json.loads(answer.data)]
    text = answer.data.decode()
    if media == NDJSON:
        assert text == "" or text.endswith("\n"), _said(answer, "the last line has no end")
        return [json.loads(line) for line in text.split("\n")[:-1]]
    assert text.endswith("\n"), _said(answer, "the text has no newline at its end")
    return [yaml.load(text, _YAML_LOADER) if media == YAML else text]


def _pointer(*steps: str) -> str:
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def _of_type(value: str, schema: Mapping[str, Any]) -> Any:
    """The value of a header as its schema counts it: `simple` style, as OpenAPI has it."""
    types = schema.get("type", "string")
    if "integer" in types and value.lstrip("-").isdecimal():
        return int(value)
    if "array" in types:
        return [part.strip() for part in value.split(",")]
    return value


def _said(answer: TestResponse, what: str) -> str:
    request = answer.request
    return f"{request.method} {request.path} -> {answer.status}: {what}\n{answer.text[:1000]}"
