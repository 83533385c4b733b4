"""Pace: a partner that turns calls away gets fewer at once, and never more than its models serve."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from pratique.evals.pace import Pace


class Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        self.now += seconds


def test_a_call_that_is_turned_away_halves_the_places_once() -> None:
    """Calls that were under way already say nothing new."""

    async def run() -> None:
        pace = Pace(8)
        async with pace.place() as first, pace.place() as second:
            pace.note(first, pushed_back=True, retry_after=None)
            pace.note(second, pushed_back=True, retry_after=None)
            assert pace.limit == 4.0
        async with pace.place() as later:
            pace.note(later, pushed_back=True, retry_after=None)
            assert pace.limit == 2.0

    asyncio.run(run())


def test_the_delay_that_a_partner_names_is_waited_for() -> None:
    """Nobody calls before the time that Retry-After gave."""
    time = Time()

    async def run() -> None:
        pace = Pace(4, clock=time, sleep=time.sleep)
        async with pace.place() as number:
            pace.note(number, pushed_back=True, retry_after=7.5)
        async with pace.place():
            assert time.now == 7.5

    asyncio.run(run())


@given(st.integers(1, 16), st.lists(st.booleans(), max_size=80))
def test_never_more_at_once_than_the_ceiling_and_never_less_than_one(
    ceiling: int, turned_away: list[bool]
) -> None:
    """Whatever a partner answers, all calls are made in the end, and never too many at once."""

    async def run() -> int:
        pace, most, done = Pace(ceiling), 0, 0

        async def call(pushed_back: bool) -> None:
            nonlocal most, done
            async with pace.place() as number:
                most = max(most, pace.in_flight)
                assert pace.in_flight <= ceiling
                await asyncio.sleep(0)
                pace.note(number, pushed_back=pushed_back, retry_after=None)
                assert 1.0 <= pace.limit <= ceiling
            done += 1

        await asyncio.gather(*(call(one) for one in turned_away))
        assert pace.in_flight == 0
        return done

    assert asyncio.run(run()) == len(turned_away)
