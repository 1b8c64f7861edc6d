"""What this machine is called, in the settings, for OpenID Connect and for open writing."""

import pytest

from negotiations_api.app import create_app
from negotiations_api.config import Settings
from negotiations_api.http import openid
from negotiations_api.http.provider import Unreachable
from negotiations_api.loopback import is_loopback, is_safe

HERE = ["localhost", "127.0.0.1", "127.8.9.10", "[::1]"]
ELSEWHERE = ["example.org", "localhost.example.org", "10.0.0.1", "128.0.0.1", "[::2]", "0.0.0.0"]


@pytest.mark.parametrize("port", ["", ":8000"])
@pytest.mark.parametrize("host", HERE)
def test_this_machine_is_known_by_each_of_its_names(host: str, port: str) -> None:
    assert is_loopback(f"{host}{port}")
    assert is_safe(f"http://{host}{port}")
    assert is_safe(f"http://{host}{port}/keys.json")


@pytest.mark.parametrize("port", ["", ":8000"])
@pytest.mark.parametrize("host", ELSEWHERE)
def test_another_machine_is_trusted_by_tls_alone(host: str, port: str) -> None:
    assert not is_loopback(f"{host}{port}")
    assert not is_safe(f"http://{host}{port}/keys.json")
    assert is_safe(f"https://{host}{port}/keys.json")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://",
        "https:example.org",
        "ftp://localhost",
        "file:///etc/hosts",
        "//localhost",
        "http://[::1",
        "http://localhost@example.org",
        "http://localhost:80@example.org/",
    ],
)
def test_what_only_looks_like_an_address_of_this_machine_is_not_safe(url: str) -> None:
    assert not is_safe(url)


def provider_at(issuer: str) -> Settings:
    return Settings(oidc_issuer=issuer, oidc_audience="negotiations")


@pytest.mark.parametrize("host", HERE)
def test_a_provider_on_this_machine_needs_no_tls(host: str) -> None:
    assert provider_at(f"http://{host}").oidc_issuer == f"http://{host}"
    with pytest.raises(OSError, match="refused"):  # asked, and not there
        openid._get(f"http://{host}:1/keys.json")


@pytest.mark.parametrize("host", ELSEWHERE)
def test_a_provider_elsewhere_needs_tls(host: str) -> None:
    with pytest.raises(ValueError, match="https://"):
        provider_at(f"http://{host}")
    with pytest.raises(Unreachable, match="it takes https"):
        openid._get(f"http://{host}:1/keys.json")


def status_of_writing(host: str) -> int:
    client = create_app(Settings(database_url="sqlite://", open_writing=True)).test_client()
    origin = {"Origin": f"http://{host}:8000"}
    body = {"slug": "trade", "name": "Trade"}
    return client.post(
        "/v1/issues", json=body, headers=origin, base_url=f"http://{host}"
    ).status_code


@pytest.mark.parametrize("host", HERE)
def test_open_writing_is_for_this_machine(host: str) -> None:
    assert status_of_writing(host) != 401


@pytest.mark.parametrize("host", ELSEWHERE)
def test_open_writing_is_for_no_other(host: str) -> None:
    assert status_of_writing(host) == 401
