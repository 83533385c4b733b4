"""The gate over 100,000 states by chance, against what may be on worked out another way."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from pratique.rollout import steps
from pratique.workspace.init import init
from pratique.workspace.opened import Opened
from tests.rollout.states import draw, material, must_be_on, says_yes

STATES = 100_000


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """A new workspace for practice."""
    found = Opened(init(tmp_path / "shop", rehearsal=True), who="ada")
    yield found
    found.close()


def test_nothing_but_what_may_be_on_is_let_through(opened: Opened) -> None:
    """Each thing that can be wrong is, now and then, alone and with others."""
    of = material(opened, steps.gate_rules(opened, "CN"))
    chance = random.Random(20261129)  # noqa: S311  (states to test with, no secrets)
    yes = 0
    for number in range(STATES):
        drawn = draw(of, chance)
        expected = must_be_on(of, drawn)
        assert says_yes(of, drawn) is expected, f"state {number}: {drawn}"
        yes += expected
    assert 0.05 * STATES < yes < 0.95 * STATES
