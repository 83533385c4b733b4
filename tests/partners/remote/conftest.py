"""The key that every stand-in takes, where each partner looks for it."""

import pytest

from .stage import PARTNERS


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for partner in PARTNERS.values():
        if partner.key_variable:
            monkeypatch.setenv(partner.key_variable, "stand-in-key")
