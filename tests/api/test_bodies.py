"""Bodies: their types, their sizes, and how they are compressed."""

import gzip
import json
import zlib

import pytest

from tests.client import Client

PARTY = {"slug": "fourth", "name": "Fourth", "kind": "state"}
BODY = json.dumps(PARTY).encode()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(BODY)),
        ("GZIP", gzip.compress(BODY)),
        ("x-gzip", gzip.compress(BODY)),
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
        ("gzip", gzip.compress(b" " * (2 * 1024 * 1024) + BODY), 413),
        ("gzip", gzip.compress(gzip.compress(b" " * (1024**3 // 8))), 400),
        ("gzip", gzip.compress(BODY)[:-4], 400),
        ("gzip", gzip.compress(BODY) + b"more", 400),
        ("gzip", BODY, 400),
        ("gzip", b"", 400),
        ("deflate", BODY, 400),
        ("br", BODY, 415),
        ("gzip, gzip", gzip.compress(gzip.compress(BODY)), 415),
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
