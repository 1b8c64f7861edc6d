"""Tokens of an OpenID Connect provider, which runs in a process of its own."""

import base64
import hmac
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from negotiations_api.app import create_app
from negotiations_api.config import Settings
from negotiations_api.database import Database
from negotiations_api.http import openid
from tests import oidc
from tests.api.samples import build_world
from tests.client import Client

ROOT = Path(__file__).parent.parent.parent


@dataclass
class Provider:
    """A provider that runs: its address, its directory, the key that it publishes."""

    issuer: str
    directory: Path
    key: RSAKey

    def token(self, key: oidc.Key | None = None, **claims: Any) -> str:
        return oidc.token(key or self.key, self.issuer, **claims)

    def asked(self) -> int:
        """How often its keys were fetched."""
        path = self.directory / "asked.txt"
        return path.read_text().count("keys.json") if path.exists() else 0


@pytest.fixture(scope="module")
def rsa() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "first"})


@pytest.fixture
def provider(rsa: RSAKey, tmp_path: Path) -> Iterator[Provider]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    issuer = f"http://127.0.0.1:{port}"
    oidc.publish(tmp_path, issuer, rsa)
    command = [sys.executable, str(ROOT / "tests" / "oidc.py"), str(port)]
    with subprocess.Popen(command, cwd=tmp_path) as process:
        try:
            for _ in range(200):
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield Provider(issuer, tmp_path, rsa)
        finally:
            process.terminate()


@pytest.fixture
def client(provider: Provider, world: Client, database: Database) -> Client:
    """The application, which trusts the provider; the world was made by another."""
    app = create_app(
        Settings(database_url="sqlite://", oidc_issuer=provider.issuer, oidc_audience=oidc.AUDIENCE)
    )
    app.extensions["database"] = database
    return Client(app)


@pytest.fixture
def world(app: Flask) -> Client:
    made = Client(app)
    build_world(made)
    return made


def write(client: Client, token: str) -> tuple[int, str]:
    """The status and the detail of a write with `token`."""
    answer = client.flask.post(  # which lets 503 pass
        "/v1/negotiations/border/demands?dry_run=true",
        json={"slug": "x", "title": "X", "issue": "peace-treaty"},
        headers={"Authorization": f"Bearer {token}"},
    )
    return answer.status_code, answer.get_json().get("detail", "")


def test_a_token_of_the_provider_lets_its_bearer_in(client: Client, provider: Provider) -> None:
    assert write(client, provider.token())[0] == 201
    assert write(client, provider.token(scope=["negotiations:admin"]))[0] == 201
    assert write(client, provider.token(scope="negotiations:read"))[0] == 403
    assert write(client, provider.token(scope="openid"))[0] == 403
    assert write(client, provider.token(negotiations=["border", "gone"]))[0] == 201
    assert write(client, provider.token(negotiations=["rivers"]))[0] == 403


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"iss": "https://elsewhere.example"}, "iss"),
        ({"aud": "another-service"}, "aud"),
        ({"aud": None}, "aud"),
        ({"exp": int(time.time()) - 3600}, "expired"),
        ({"exp": None}, "exp"),
        ({"nbf": int(time.time()) + 3600}, "nbf"),
        ({"iat": int(time.time()) + 3600}, "iat"),
        ({"sub": None}, "sub"),
        ({"sub": "a\nb"}, "sub"),
        ({"negotiations": "border"}, "negotiations"),
        ({"scope": 7}, "scope"),
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(
    client: Client, provider: Provider, claims: dict[str, Any], said: str
) -> None:
    status, detail = write(client, provider.token(**claims))
    assert status == 401
    assert said in detail


def part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_none_is_no_algorithm(client: Client, provider: Provider) -> None:
    _, payload, signature = provider.token().split(".")
    for algorithm in ("none", "None", "NONE"):
        header = part({"alg": algorithm, "kid": "first"})
        for forged in (f"{header}.{payload}.", f"{header}.{payload}.{signature}"):
            assert write(client, forged)[0] == 401


def test_the_public_key_is_no_secret_to_sign_by(client: Client, provider: Provider) -> None:
    """Algorithm confusion: HS256 with what everybody knows."""
    public = provider.key
    _, payload, _ = provider.token().split(".")
    said = f"{part({'alg': 'HS256', 'kid': 'first'})}.{payload}"
    for known in (public.as_pem(private=False), json.dumps(public.as_dict(private=False)).encode()):
        mark = hmac.digest(known, said.encode(), "sha256")
        forged = f"{said}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"
        assert write(client, forged)[0] == 401


def test_a_published_secret_is_not_taken_either(client: Client, provider: Provider) -> None:
    secret = OctKey.generate_key(256, {"kid": "shared"})
    published = {"keys": [secret.as_dict(private=True)]}
    (provider.directory / "keys.json").write_text(json.dumps(published))
    assert write(client, provider.token(secret, algorithm="HS256"))[0] == 401


def test_another_key_under_the_same_name_is_another_key(client: Client, provider: Provider) -> None:
    forger = RSAKey.generate_key(2048, {"kid": "first"})
    assert write(client, provider.token(forger))[0] == 401


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (ECKey.generate_key("P-256", {"kid": "ec"}), "ES256"),
        (OKPKey.generate_key("Ed25519", {"kid": "okp"}), "Ed25519"),
        (RSAKey.generate_key(2048, {"kid": "pss"}), "PS256"),
    ],
    ids=["ES256", "Ed25519", "PS256"],
)
def test_other_algorithms_with_public_keys_are_taken(
    client: Client, provider: Provider, key: oidc.Key, algorithm: str
) -> None:
    oidc.publish(provider.directory, provider.issuer, provider.key, key)
    assert write(client, provider.token(key, algorithm=algorithm))[0] == 201


def test_the_keys_are_kept_and_a_rotation_is_noticed(
    client: Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        assert write(client, provider.token())[0] == 201
    assert provider.asked() == 1

    second = RSAKey.generate_key(2048, {"kid": "second"})
    # Tokens with keys that nobody knows do not make the service ask again and again.
    for _ in range(3):
        assert write(client, provider.token(second))[0] == 401
    assert provider.asked() == 1

    monkeypatch.setattr(openid, "RETRY_S", 0)
    oidc.publish(provider.directory, provider.issuer, second)
    assert write(client, provider.token(second))[0] == 201
    assert write(client, provider.token())[0] == 401  # the first is published no more


def test_a_rotation_of_a_key_without_a_name_is_noticed(
    client: Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
    oidc.publish(provider.directory, provider.issuer, first)
    assert write(client, provider.token(first))[0] == 201
    assert write(client, provider.token(second))[0] == 401
    oidc.publish(provider.directory, provider.issuer, second)
    monkeypatch.setattr(openid, "RETRY_S", 0)
    assert write(client, provider.token(second))[0] == 201
    assert write(client, provider.token(first))[0] == 401


def test_a_signed_token_that_cannot_be_read_is_refused(client: Client, provider: Provider) -> None:
    for payload in ("[" * 3000, "no JSON", "[]"):
        header = {"alg": "RS256", "kid": provider.key.kid}
        signed = jws.serialize_compact(header, payload, provider.key, algorithms=["RS256"])
        assert write(client, signed)[0] == 401


@pytest.mark.parametrize("slug", ["\ud800", "a\0b", "Border", "x" * 5000])
def test_what_is_no_slug_is_no_negotiation(client: Client, provider: Provider, slug: str) -> None:
    assert write(client, provider.token(negotiations=[slug]))[0] == 403
    assert write(client, provider.token(negotiations=[slug, "border"]))[0] == 201


def test_an_outage_of_the_provider_is_no_outage_for_those_whose_keys_are_known(
    client: Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert write(client, provider.token())[0] == 201
    (provider.directory / "keys.json").unlink()
    monkeypatch.setattr(openid, "RETRY_S", 0)
    monkeypatch.setattr(openid, "FRESH_S", 0)
    assert write(client, provider.token())[0] == 201
    monkeypatch.setattr(openid, "STALE_S", 0)
    assert write(client, provider.token())[0] == 503


def test_a_provider_that_was_never_reached_makes_it_unavailable(
    client: Client, provider: Provider
) -> None:
    (provider.directory / "openid-configuration").unlink()
    assert write(client, provider.token())[0] == 503


def test_a_provider_that_is_another_one_is_not_believed(client: Client, provider: Provider) -> None:
    path = provider.directory / "openid-configuration"
    known = json.loads(path.read_text())
    path.write_text(json.dumps(known | {"issuer": "https://elsewhere.example"}))
    assert write(client, provider.token())[0] == 503


def test_what_is_no_token_at_all_is_refused(client: Client, provider: Provider) -> None:
    for text in ("a.b.c", "..", "é.b.c", f"{provider.token()}x", "a" * 20_000 + ".b.c"):
        headers = {"Authorization": f"Bearer {text}"}
        answer = client.get("/v1/negotiations", headers=headers)
        assert answer.status_code == 401, text[:20]


@pytest.mark.parametrize(
    "settings",
    [
        {"oidc_issuer": "https://login.example"},
        {"oidc_audience": "negotiations"},
        {"oidc_issuer": "http://login.example", "oidc_audience": "negotiations"},
    ],
)
def test_settings_that_would_let_anybody_in_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="NEGOTIATIONS_OIDC"):
        Settings(**settings)  # type: ignore[arg-type]
