"""A workspace in which something screens."""

import pytest

from pratique.rollout.pack_steps import begin
from pratique.workspace.opened import Opened


@pytest.fixture
def opened(opened: Opened) -> Opened:
    """A new rehearsal workspace for market CN, with the starter pack in force."""
    begin(opened)
    return opened
