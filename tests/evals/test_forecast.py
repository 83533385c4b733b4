"""Forecasts: a line through releases, honest about how little a few of them say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import Malformed
from pratique.evals.statistics.forecast import Forecast, Point
from pratique.evals.statistics.student import t_quantile


def line(shares: list[float], samples: int = 200, every: int = 14) -> list[Point]:
    """Return a release every two weeks that passed these shares of its samples."""
    return [Point(n * every, round(share * samples), samples) for n, share in enumerate(shares)]


def test_a_steady_rise_reaches_the_bar_when_the_line_does() -> None:
    """Two points a fortnight from 60 %: 70 % lies ten weeks off."""
    found = Forecast(line([0.60, 0.62, 0.64, 0.66], 5_000), certainty=0.95, horizon=120)
    crossing = found.crossing(0.70)
    assert crossing.expected is not None and abs(crossing.expected - 70) <= 2
    assert crossing.earliest is not None and crossing.earliest < crossing.expected
    assert crossing.latest is not None and crossing.latest > crossing.expected
    assert abs(found.slope - 0.02 / 14) < 1e-4


def test_nothing_is_said_beyond_the_horizon() -> None:
    """A date that far off is no forecast; a crossing there is none."""
    found = Forecast(line([0.60, 0.62, 0.64, 0.66]), certainty=0.95, horizon=60)
    with pytest.raises(Malformed, match="beyond the horizon"):
        found.at(61)
    assert found.crossing(0.90).expected is None and found.crossing(0.90).latest is None


def test_who_does_not_move_never_crosses() -> None:
    """A flat line far beneath the bar has no date, not even an earliest one."""
    found = Forecast(line([0.60, 0.60, 0.60, 0.60, 0.60]), certainty=0.95, horizon=84)
    assert found.crossing(0.85) == (None, None, None)
    assert found.at(84).high < 0.85


def test_fewer_samples_say_less() -> None:
    """The same shares of fewer samples give a wider interval."""
    shares = [0.60, 0.62, 0.64, 0.66]
    few, many = (Forecast(line(shares, n), certainty=0.95, horizon=60).at(56) for n in (50, 500))
    assert few.high - few.low > many.high - many.low


def test_releases_that_stray_widen_the_interval() -> None:
    """What measuring does not explain is scatter of the releases, and the next one has it, too."""
    steady = Forecast(line([0.60, 0.62, 0.64, 0.66, 0.68], 5_000), certainty=0.95, horizon=70)
    wild = Forecast(line([0.70, 0.50, 0.74, 0.56, 0.70], 5_000), certainty=0.95, horizon=70)
    assert steady.scatter == 0.0 and wild.scatter > 0.002
    assert wild.at(70).high - wild.at(70).low > 3 * (steady.at(70).high - steady.at(70).low)


@pytest.mark.parametrize(
    ("points", "certainty", "horizon", "names"),
    [
        (line([0.5, 0.6]), 0.95, 60, "2 releases"),
        (line([0.5, 0.6, 0.7])[::-1], 0.95, 60, "do not rise"),
        (line([0.5, 0.6, 0.7]), 0.5, 60, "certainty"),
        (line([0.5, 0.6, 0.7]), 0.95, 20, "horizon"),
        ([*line([0.5, 0.6]), Point(40, 9, 8)], 0.95, 60, "9 of 8"),
        ([*line([0.5, 0.6]), Point(40, 9, 9, 8)], 0.95, 60, "from 8"),
    ],
)
def test_what_cannot_be_is_refused(
    points: list[Point], certainty: float, horizon: float, names: str
) -> None:
    """The error names it."""
    with pytest.raises(Malformed, match=names):
        Forecast(points, certainty=certainty, horizon=horizon)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 30), st.floats(0, 1), st.integers(1, 400)), min_size=3, max_size=8
    ),
    st.floats(0.55, 0.99),
    st.floats(0.05, 1),
)
def test_ends_and_dates_stand_in_order(
    releases: list[tuple[int, float, int]], certainty: float, bar: float
) -> None:
    """Low, line, high; earliest, expected, latest: whatever was measured."""
    day, points = 0, []
    for gap, share, samples in releases:
        day += gap
        points.append(Point(day, round(share * samples), samples, samples))
    found = Forecast(points, certainty=certainty, horizon=day + 90)
    for ahead in (0, 45, 90):
        band = found.at(day + ahead)
        assert 0 <= band.low <= band.middle <= band.high <= 1
    earliest, expected, latest = (
        one if one is not None else np.inf
        for one in (
            found.crossing(bar).earliest,
            found.crossing(bar).expected,
            found.crossing(bar).latest,
        )
    )
    assert earliest <= expected <= latest


@pytest.mark.parametrize("scatter", [0.0, 0.03])
@pytest.mark.parametrize("releases", [3, 4, 6, 8])
def test_an_end_is_missed_no_more_often_than_it_says(releases: int, scatter: float) -> None:
    """Simulated: the release of a day four weeks ahead lies above the upper end in 5 % at most."""
    draws, above, below, runs = np.random.default_rng(5), 0, 0, 1_200
    days = 14.0 * np.arange(releases)
    ahead = days[-1] + 28
    for _ in range(runs):
        truth = 0.62 + 0.001 * np.append(days, ahead) + draws.normal(0, scatter, releases + 1)
        passed = draws.binomial(150, truth[:-1].clip(0, 1))
        points = [Point(day, one, 150) for day, one in zip(days, passed, strict=True)]
        band = Forecast(points, certainty=0.95, horizon=ahead).at(ahead)
        above += truth[-1] > band.high
        below += truth[-1] < band.low
    # Three standard errors of a count at 5 %; scatter of few releases is underestimated at times.
    allowed = runs * 0.05 + 3 * (runs * 0.05 * 0.95) ** 0.5
    assert above <= allowed and below <= allowed, (above / runs, below / runs)


@pytest.mark.parametrize(
    ("share", "free", "printed"),
    [
        (0.95, 1, 6.314),
        (0.95, 2, 2.920),
        (0.975, 3, 3.182),
        (0.95, 4, 2.132),
        (0.99, 5, 3.365),
        (0.95, 30, 1.697),
    ],
)
def test_quantiles_are_those_of_the_tables(share: float, free: int, printed: float) -> None:
    """Student's t, as printed since Fisher and Yates 1938."""
    assert abs(t_quantile(share, free) - printed) < 0.0006
    assert abs(t_quantile(1 - share, free) + printed) < 0.0006
