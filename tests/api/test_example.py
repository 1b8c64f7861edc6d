"""The example talks, over HTTP."""

from negotiations_api.database import Database
from tests.client import Client


def test_sanctions_relief_is_demanded_by_one_side_and_conditional_for_the_other(
    talks: Database, client: Client
) -> None:
    answer = client.get("/v1/negotiations/us-dprk/compare/usa@2019-10-06...prk@2019-10-06")
    issues = {issue["issue"]["slug"]: issue for issue in answer.get_json()["issues"]}
    relief = next(
        compared
        for compared in issues["sanctions-relief"]["demands"]
        if compared["demand"]["slug"] == "sanctions-relief"
    )
    assert relief["alignment"] == "conditional"
    assert relief["right"]["stance"] == "demand"
    assert relief["left"]["stance"] == "conditional"
    assert relief["left"]["conditions"] == [
        {"kind": "precondition", "demands": ["cvid"], "text": None}
    ]
    assert relief["left"]["citations"][0]["quoted"] == "Stephen Biegun"
