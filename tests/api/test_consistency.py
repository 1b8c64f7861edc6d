"""The headers by which one's own writes are read, on engines without replicas, too."""

import pytest

from tests.api.samples import HERE
from tests.client import Client

TOKEN = "Consistency-Token"


@pytest.mark.parametrize("token", ["", "0", "0/", "0/16b3748", "0/123456789", "-1/0", "0/0 ", "é"])
def test_what_is_no_token_is_refused(world: Client, token: str) -> None:
    for address in (HERE, f"{HERE}/matrix", "/v1/parties?format=csv"):
        answer = world.get(address, headers={TOKEN: token})
        assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/bad-header")
        assert "as it came" in answer.get_json()["detail"]


@pytest.mark.parametrize("token", ["0/0", "0/16B3748", "FFFFFFFF/FFFFFFFF"])
def test_where_there_are_no_replicas_every_state_is_the_newest(world: Client, token: str) -> None:
    assert world.get(f"{HERE}/demands", headers={TOKEN: token}).status_code == 200
    written = world.post("/v1/parties", {"slug": "new", "name": "New", "kind": "state"})
    assert TOKEN not in written.headers


@pytest.mark.parametrize("preference", ["", "wait", "wait=x", "wait=-1", "wait=" + "9" * 99, ",;"])
def test_a_preference_that_is_not_known_is_none(world: Client, preference: str) -> None:
    headers = {TOKEN: "0/16B3748", "Prefer": preference}
    assert world.get(HERE, headers=headers).status_code == 200


@pytest.mark.parametrize("preference", ["é", "wait=1," * 100])
def test_what_is_no_preference_at_all_is_refused(world: Client, preference: str) -> None:
    answer = world.get(HERE, headers={"Prefer": preference})
    assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/bad-header")
