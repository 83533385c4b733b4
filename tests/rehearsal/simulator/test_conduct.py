"""Conduct: one word for a partner's file and for counts."""

import tomllib

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.partners.simulation import Shares
from pratique.rehearsal.ramp import usual
from pratique.rehearsal.simulator.conduct import SIGNALS, Conduct

SHARES = st.floats(0, 0.1).map(lambda one: round(one, 4))


@given(st.builds(Shares, *[SHARES] * 6))
def test_a_file_says_what_is_counted(shares: Shares) -> None:
    """Whoever reads the keys of the file finds the very shares."""
    keys = Conduct(shares=shares).keys
    assert msgspec.convert(tomllib.loads(keys).get("shares", {}), Shares) == shares


@given(st.integers(0, 5_000), st.integers(0, 2**32))
def test_counts_are_of_the_requests_and_of_nothing_else(requests: int, seed: int) -> None:
    """Never more than there were; what has no share never happens."""
    conduct = Conduct(shares=Shares(refused=0.2, timeout=0.1))
    found = conduct.counts(np.random.default_rng(seed), requests)
    assert found.requests == requests
    assert (found.complaints, found.retractions, found.check_failures) == (0, 0, 0)
    assert 0 <= found.refusals <= requests
    assert 0 <= found.errors <= requests


@pytest.mark.parametrize(
    ("shares", "signal"),
    [
        (Shares(refused=1.0), "refusals"),
        (Shares(blocked=1.0), "refusals"),
        (Shares(retracted=1.0), "retractions"),
        (Shares(invalid=1.0), "check_failures"),
        (Shares(unavailable=1.0), "errors"),
        (Shares(timeout=1.0), "errors"),
    ],
)
def test_each_share_counts_as_the_service_counts_it(shares: Shares, signal: str) -> None:
    """Under one signal, and no other."""
    found = Conduct(shares=shares).counts(np.random.default_rng(1), 10)
    assert {name: getattr(found, name) for name in SIGNALS if getattr(found, name)} == {signal: 10}


def test_the_usual_conduct_is_within_every_limit() -> None:
    """The ramps of the rehearsal begin with nothing wrong."""
    found = usual().counts(np.random.default_rng(1), 100_000)
    assert found.complaints < 1_000
    assert max(found.retractions, found.errors) < 2_000
    assert max(found.refusals, found.check_failures) < 5_000
