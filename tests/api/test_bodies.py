"""Bodies: their types, their sizes, and how they are compressed."""

import gzip
import io
import json
import zlib
from functools import partial

import pytest

from negotiations_api.http.body import MOST_VALUES
from tests.client import Client

# Without the time in it: it would be another test in each worker.
packed = partial(gzip.compress, mtime=0)
PARTY = {"slug": "fourth", "name": "Fourth", "kind": "state"}
BODY = json.dumps(PARTY).encode()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", packed(BODY)),
        ("GZIP", packed(BODY)),
        ("x-gzip", packed(BODY)),
        ("gzip", packed(BODY[:9]) + packed(BODY[9:])),
        ("deflate", zlib.compress(BODY)),
        ("identity", BODY),
    ],
)
def test_a_body_may_be_compressed(client: Client, encoding: str, body: bytes) -> None:
    answer = client.request(
        "POST",
        "/v1/parties",
        data=body,
        content_type="application/json",
        headers={"Content-Encoding": encoding},
    )
    assert answer.status_code == 201
    assert answer.get_json()["slug"] == "fourth"


@pytest.mark.parametrize(
    ("encoding", "body", "status"),
    [
        ("gzip", packed(b" " * (2 * 1024 * 1024) + BODY), 413),
        ("gzip", packed(packed(b" " * (1024**3 // 8))), 400),
        ("gzip", packed(BODY)[:-4], 400),
        ("gzip", packed(BODY) + b"more", 400),
        ("gzip", BODY, 400),
        ("gzip", b"", 400),
        ("deflate", BODY, 400),
        ("br", BODY, 415),
        ("gzip, gzip", packed(packed(BODY)), 415),
        ("zstd", BODY, 415),
        ("", BODY, 415),
    ],
)
def test_a_body_that_cannot_be_taken_apart_is_refused(
    client: Client, encoding: str, body: bytes, status: int
) -> None:
    answer = client.request(
        "POST",
        "/v1/parties",
        data=body,
        content_type="application/json",
        headers={"Content-Encoding": encoding},
    )
    assert answer.status_code == status, answer.text
    if status == 415:
        assert answer.headers["Accept-Encoding"] == "gzip, deflate"
    assert client.get("/v1/parties/fourth").status_code == 404


def test_a_body_of_a_mebibyte_is_the_largest_there_is(client: Client) -> None:
    def post(size: int) -> int:
        padded = BODY + b" " * (size - len(BODY))
        answer = client.request("POST", "/v1/parties", data=padded, content_type="application/json")
        return answer.status_code

    assert post(1024 * 1024 + 1) == 413
    assert post(1024 * 1024) == 201


def test_the_form_that_curl_sends_is_told_the_right_command(client: Client) -> None:
    answer = client.request(
        "POST", "/v1/parties", data=BODY, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 415
    assert answer.get_json()["detail"] == (
        "Content-Type says 'application/x-www-form-urlencoded'; this takes application/json. "
        "With curl: curl -X POST -H 'Content-Type: application/json' --data-binary @FILE "
        "http://localhost/v1/parties"
    )
    assert answer.headers["Accept"] == "application/json"


def test_a_patch_says_which_patches_there_are(client: Client) -> None:
    client.create("/v1/parties", PARTY)
    answer = client.request("PATCH", "/v1/parties/fourth", data=BODY, content_type="text/plain")
    assert answer.status_code == 415
    assert answer.headers["Accept-Patch"].startswith("application/merge-patch+json")


@pytest.mark.parametrize(("length", "status"), [(1024 * 1024, 201), (1024 * 1024 + 1, 413)])
def test_a_body_in_chunks_is_taken_whole_or_not_at_all(
    client: Client, length: int, status: int
) -> None:
    answer = client.request(
        "POST",
        "/v1/parties",
        input_stream=io.BytesIO(BODY.ljust(length)),
        content_type="application/json",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == status


def test_a_body_of_more_values_than_can_be_held_is_too_large(client: Client) -> None:
    brackets = b"[" + b"{}," * (MOST_VALUES // 2) + b"{}]"
    answer = client.request(
        "PUT",
        "/v1/negotiations/many/document",
        data=packed(brackets),
        content_type="application/json",
        headers={"Content-Encoding": "gzip"},
    )
    assert answer.status_code == 413
    assert "At most 2,000,000 values" in answer.get_json()["detail"]


def test_a_text_in_another_charset_is_of_another_type(client: Client) -> None:
    content_type = "application/json; charset=iso-8859-1"
    answer = client.request("POST", "/v1/parties", data=BODY, content_type=content_type)
    assert answer.status_code == 415
    assert "UTF-8" in answer.get_json()["detail"]


def test_the_command_for_a_body_of_no_type_is_that_request(client: Client) -> None:
    created = client.request("POST", "/v1/parties?dry_run=true", data=BODY)
    assert "'http://localhost/v1/parties?dry_run=true'" in created.get_json()["detail"]
    changed = client.request("PUT", "/v1/parties/fourth", data=BODY)
    assert "-H 'If-Match: *'" in changed.get_json()["detail"]


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("application/json; charset=utf-8", "application/json"),
        ("text/plain; charset=utf-8", "text/plain"),
        ("text/csv; header=absent, */*;q=0.1", "text/csv"),
    ],
)
def test_the_parameters_of_a_media_type_choose_nothing(
    client: Client, accept: str, media: str
) -> None:
    assert client.get("/v1/parties", headers={"Accept": accept}).mimetype == media


def test_a_format_is_given_once(client: Client) -> None:
    answer = client.get("/v1/parties?format=json&format=text")
    assert answer.get_json()["errors"][0]["parameter"] == "format"
