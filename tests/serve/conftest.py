"""What the tests of serving have."""

import pytest

from negotiations_api.http import waiting


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for news more often than a server does."""
    monkeypatch.setattr(waiting, "POLL_S", 0.05)
