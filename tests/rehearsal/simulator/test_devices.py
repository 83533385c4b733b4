"""Devices: those that a stage serves, by the public rule, and those that ask."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.rehearsal.simulator.devices import Devices
from pratique.rollout.cohorts import is_in

DEVICES = Devices("CN", "photo_query", 2_000, 0.5)


def test_a_larger_stage_only_adds_devices() -> None:
    """As at the gate; whoever is out is no member of the stage."""
    small, large = set(DEVICES.cohort(0.1)), set(DEVICES.cohort(0.5))
    assert small < large
    assert all(is_in("CN", "photo_query", one, 0.1) for one in small)
    assert set(DEVICES.cohort(0.1, inside=False)).isdisjoint(small)
    assert DEVICES.newest(0.5, 0.1) in large - small


def test_every_device_comes_once_before_any_comes_again() -> None:
    """So that as many devices saw something as requests were made."""
    devices = Devices("CN", "photo_query", 200, 0.5)
    cohort = list(devices.cohort(0.5))
    first = devices.next(0.5, len(cohort))
    assert sorted(first) == sorted(cohort)
    assert devices.next(0.5, 3) == first[:3]


@pytest.mark.parametrize(("fraction", "hours"), [(0.1, 24.0), (1.0, 12.0)])
def test_requests_come_as_often_as_it_was_said(fraction: float, hours: float) -> None:
    """On average, over many days."""
    chance = np.random.default_rng(3)
    drawn = [DEVICES.requests(chance, fraction, hours) for _ in range(400)]
    assert np.mean(drawn) == pytest.approx(2_000 * fraction * 0.5 * hours / 24, rel=0.03)


@given(st.floats(0, 1), st.integers(0, 10_000))
def test_no_more_devices_are_exposed_than_there_are_or_than_asked(
    fraction: float, requests: int
) -> None:
    """Whoever asks twice is one device."""
    assert 0 <= DEVICES.exposed(fraction, requests) <= min(requests, DEVICES.served(fraction))
