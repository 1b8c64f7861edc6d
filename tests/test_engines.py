"""What an address of a database says."""

from collections.abc import Mapping

import pytest
from sqlalchemy.exc import ArgumentError

from negotiations_api.config import Settings
from negotiations_api.database.engines import connect


def arguments(url: str) -> Mapping[str, object]:
    """What libpq is given."""
    engine = connect(url)
    _, given = engine.dialect.create_connect_args(engine.url)
    return given


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:s%2Cx@one:5433,two:5434/talks",
        "postgresql+psycopg://me:s%2Cx@one:5433,two:5434/talks?target_session_attrs=read-write",
        "postgresql://me:s%2Cx@/talks?host=one:5433&host=two:5434",
    ],
)
def test_of_several_hosts_the_one_that_takes_writes_is_connected_to(url: str) -> None:
    given = arguments(url)
    assert (given["host"], given["port"]) == ("one,two", "5433,5434")
    assert (given["user"], given["password"], given["dbname"]) == ("me", "s,x", "talks")
    assert given["target_session_attrs"] == "read-write"


def test_what_the_address_says_of_the_server_that_is_meant_holds() -> None:
    url = "postgresql://one,two/talks?target_session_attrs=any"
    assert arguments(url)["target_session_attrs"] == "any"
    assert "target_session_attrs" not in arguments("postgresql://one/talks")


@pytest.mark.parametrize("url", ["mysql://one/talks", "nonsense", "postgresql://one:port/talks"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ArgumentError):
        connect(url)


def test_replicas_are_named_one_by_one_also_where_each_has_several_hosts() -> None:
    urls = "postgresql://one,two/talks, postgresql+psycopg://three/talks,"
    settings = Settings("postgresql://zero/talks", urls)
    assert settings.replicas == (
        "postgresql://one,two/talks",
        "postgresql+psycopg://three/talks",
    )
    assert Settings("postgresql://zero/talks").replicas == ()
