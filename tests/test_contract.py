"""The house rules: layers, the OpenAPI file, the documentation of problems."""

import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml
from flask import Flask

from negotiations_api.http.openapi import build
from negotiations_api.http.problem import TYPES
from negotiations_api.records.strict_yaml import write_yaml
from tests.client import Client

ROOT = Path(__file__).parent.parent


def test_imports_go_down_only() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    ran = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_the_openapi_file_is_what_the_code_generates(app: Flask) -> None:
    assert (ROOT / "openapi.yaml").read_bytes() == write_yaml(build(app)), "run make openapi"


def test_the_openapi_file_is_served(client: Client) -> None:
    document = client.get("/openapi.json").get_json()
    assert document == yaml.safe_load(client.get("/openapi.yaml").data)
    assert document["openapi"] == "3.1.0"


def test_every_operation_has_a_name_of_its_own(client: Client) -> None:
    paths = client.get("/openapi.json").get_json()["paths"]
    names = [operation["operationId"] for path in paths.values() for operation in path.values()]
    assert len(names) == len(set(names)) > 60


def test_every_schema_of_the_openapi_file_is_a_json_schema(client: Client) -> None:
    for schema in client.get("/openapi.json").get_json()["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_of_problem_has_a_page(client: Client, kind: str) -> None:
    page = client.get(f"/problems/{kind}").get_json()
    assert page["status"] == TYPES[kind].status
    assert client.get(f"/problems/{kind}?format=text").text.startswith(str(TYPES[kind].status))
    assert f"`{kind}`" in (ROOT / "docs" / "api.md").read_text()


def test_the_way_in_names_addresses_that_are_there(client: Client) -> None:
    paths = set(client.get("/openapi.json").get_json()["paths"])
    plain = {
        address
        for address in client.get("/?format=json").get_json()["addresses"].values()
        if "{" not in address
    }
    assert plain - {"/docs"} <= paths  # a page for people
    text = client.get("/", headers={"Accept": "text/plain"}).text
    assert all(address in text for address in plain)


@pytest.mark.parametrize(
    ("path", "advice"),
    [
        ("/v2/nothing/at/all/here/either", "stands at /"),
        ("/v1/partys", "did you mean /v1/parties?"),
        ("/v1/parties/", "did you mean /v1/parties?"),
        ("/v1/negotiations/us-dprk/positons", "did you mean /v1/negotiations/us-dprk/positions?"),
        ("/v1/negotiations/x/comapre/usa...prk", "/v1/negotiations/x/compare/usa...prk?"),
        ("/v1/negotiations/x/compare", "did you mean /v1/negotiations/x/compare/{sides}?"),
    ],
)
def test_an_address_that_is_not_there_is_told_what_is(
    client: Client, path: str, advice: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert advice in answer.get_json()["detail"]
