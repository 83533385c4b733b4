"""A workspace in which something screens."""

from pathlib import Path

import pytest

from pratique.rollout.pack_steps import begin
from tests.conftest import grown


@pytest.fixture(scope="session")
def new_shop(new_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new rehearsal workspace for market CN, with the starter pack in force."""
    return grown(new_shop, tmp_path_factory.mktemp("screened"), begin)
