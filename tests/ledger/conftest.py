"""A ledger to play with."""

from pathlib import Path

import pytest

from .workshop import Workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """An empty ledger."""
    return Workshop(tmp_path)
