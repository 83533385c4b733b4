"""A workspace in which something screens."""

import shutil
from pathlib import Path

import pytest

from pratique.rollout.pack_steps import begin
from pratique.settings.workspace import open_workspace
from pratique.workspace.opened import Opened
from tests.conftest import Clock


@pytest.fixture(scope="session")
def new_shop(new_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new rehearsal workspace for market CN, with the starter pack in force."""
    found = Path(shutil.copytree(new_shop, tmp_path_factory.mktemp("screened") / "shop"))
    opened = Opened(open_workspace(found), who="ada", clock=Clock())
    begin(opened)
    opened.close()
    return found
