"""Trends: a partner that will be late is told so early, one that is not, is not."""

import asyncio
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.assessment.asking import draw_further
from pratique.assessment.identity import (
    answers_changed,
    fingerprint_changed,
    named_otherwise,
    scores_sank,
    signs_in,
)
from pratique.assessment.plans import read_plan
from pratique.assessment.releases import releases_of, series_of
from pratique.assessment.trend import Progress, progress_of
from pratique.errors import Malformed
from pratique.evals.outcomes import Outcome, Result
from pratique.evals.sightings import Sighting
from pratique.workspace.opened import Opened
from tests.assessment.coasting import (
    MILESTONE,
    OTHER,
    OURS,
    agree,
    assessed,
    course,
    prepare,
    release,
)
from tests.conftest import Clock


def progressed(opened: Opened) -> Progress:
    """Return the one line of the first partner's progress."""
    plan = read_plan(opened.workspace, "CN", OURS)
    with opened.database.connect() as connection:
        (found,) = progress_of(connection, "CN", OURS, plan, opened.clock().date())
    return found


def agreed(opened: Opened, day: str, bar: float = 0.8, certainty: float = 0.95) -> None:
    """Agree on a milestone."""
    agree(opened, MILESTONE.format(date=day, bar=bar, certainty=certainty))


def test_each_release_is_a_run_of_its_own_in_order_of_time(opened: Opened, clock: Clock) -> None:
    """Of the partner asked for, and of no other; each with its run, count and interval."""
    prepare(opened, (OURS, OTHER))
    course(opened, clock, [0.5, 0.6, 0.7])
    with opened.database.connect() as connection:
        found = releases_of(connection, "CN", OURS)
    assert [str(one.day) for one in found] == ["2026-11-02", "2026-11-16", "2026-11-30"]
    assert {one.finding.candidate for one in found} == {"simulated-quoin/keystone"}
    assert len({one.finding.run_id for one in found}) == 3
    (series,) = series_of(found)
    assert series.by_day == series.releases == found


def test_a_run_that_goes_on_says_more_and_leaves_its_finding_alone(
    opened: Opened, clock: Clock
) -> None:
    """A trend takes more samples than a verdict; how many is settled beforehand."""
    prepare(opened)
    course(opened, clock, [0.5])
    with opened.database.connect() as connection:
        (before,) = releases_of(connection, "CN", OURS)
    left_out = asyncio.run(draw_further(opened, "CN", OURS, 50, lambda _: None))
    with opened.database.connect() as connection:
        (after,) = releases_of(connection, "CN", OURS)
    assert left_out == () and before.samples < 50 == after.samples
    assert after.high - after.low < before.high - before.low
    assert after.low >= before.low and after.high <= before.high
    assert after.finding == before.finding
    release(opened, OURS, 2, 0.6)
    (line,) = asyncio.run(draw_further(opened, "CN", OURS, 60, lambda _: None))
    assert "prompt or model" in line


def test_assessing_the_same_again_is_no_release(opened: Opened, clock: Clock) -> None:
    """A run that is gone on with stays where it was begun."""
    prepare(opened)
    course(opened, clock, [0.5])
    clock.go_on(days=30)
    assessed(opened, seed=1)
    with opened.database.connect() as connection:
        (only,) = releases_of(connection, "CN", OURS)
    assert str(only.day) == "2026-11-02"


def test_a_slow_partner_is_flagged_three_weeks_before_its_date(
    opened: Opened, clock: Clock
) -> None:
    """Simulated: one that stands still at two thirds of what was agreed."""
    prepare(opened)
    agreed(opened, "2027-01-18")
    course(opened, clock, [0.55, 0.56, 0.57, 0.57, 0.58], samples=66)
    found = progressed(opened)
    assert found.verdict == "PROGRESS_BELOW_STANDARD", found.why
    assert (date(2027, 1, 18) - opened.clock().date()).days >= 21
    assert found.outlook is not None and found.outlook.planned is not None
    assert found.outlook.planned[2] < 0.8
    assert found.outlook.crosses is None and found.outlook.earliest is None


def test_one_that_meets_the_bar_is_on_course(opened: Opened, clock: Clock) -> None:
    """Whatever the trend: what was measured stands first."""
    prepare(opened)
    agreed(opened, "2026-12-20")
    course(opened, clock, [0.6, 1.0])
    assert progressed(opened).verdict == "ON_COURSE"
    clock.go_on(days=90)
    assert progressed(opened).verdict == "ON_COURSE"


def test_a_date_that_has_passed_counts_by_what_was_measured(opened: Opened, clock: Clock) -> None:
    """With a single release no forecast is needed: it falls short."""
    prepare(opened)
    agreed(opened, "2026-11-20")
    course(opened, clock, [0.6])
    assert progressed(opened).verdict == "UNDECIDED"
    clock.go_on(days=18)
    assert progressed(opened).verdict == "UNDECIDED"
    clock.go_on(days=1)
    found = progressed(opened)
    assert found.verdict == "PROGRESS_BELOW_STANDARD" and "2026-11-20 has passed" in found.why


def test_a_date_too_far_off_is_undecided(opened: Opened, clock: Clock) -> None:
    """No line is drawn further ahead than the releases reach back."""
    prepare(opened)
    agreed(opened, "2027-06-01")
    course(opened, clock, [0.55, 0.56, 0.57])
    found = progressed(opened)
    assert found.verdict == "UNDECIDED" and "outside" in found.why
    assert found.outlook is not None and found.outlook.planned is None


def test_without_a_plan_there_is_a_trend_and_no_verdict(opened: Opened, clock: Clock) -> None:
    """Nobody misses what was not agreed."""
    prepare(opened)
    course(opened, clock, [0.55, 0.6, 0.65])
    found = progressed(opened)
    assert found.verdict is None and found.outlook is not None and found.bar == 0.8


def test_a_milestone_without_a_run_is_undecided(opened: Opened) -> None:
    """It is not forgotten, either."""
    prepare(opened)
    agreed(opened, "2026-12-20")
    found = progressed(opened)
    assert found.verdict == "UNDECIDED" and found.last is None


def test_samples_that_were_asked_before_are_told_apart(opened: Opened, clock: Clock) -> None:
    """So that a partner that has come to know them shows."""
    prepare(opened)
    course(opened, clock, [0.8, 0.85])
    fresh = progressed(opened).fresh
    assert fresh is not None
    assert fresh.known > 0 and fresh.known_passed <= fresh.known
    with opened.database.connect() as connection:
        last = releases_of(connection, "CN", OURS)[-1].finding
    assert fresh.fresh + fresh.known >= last.samples


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("[[milestones]]\nid = 'a'\nbarr = 1\n", "unknown key `barr`|missing key"),
        (MILESTONE.format(date="2026-12-01", bar=0.9, certainty=0.4), "certainty"),
        (MILESTONE.format(date="2026-11-01", bar=0.9, certainty=0.9), "before the plan"),
        (MILESTONE.format(date="2026-12-01", bar=0.9, certainty=0.9) * 2, "stands twice"),
        (MILESTONE.format(date="2026-12-01", bar=1.2, certainty=0.9), "bar"),
    ],
)
def test_a_broken_plan_is_refused(opened: Opened, text: str, names: str) -> None:
    """With file and what is wrong."""
    agree(opened, text)
    with pytest.raises(Malformed, match=names):
        read_plan(opened.workspace, "CN", OURS)


def test_a_plan_of_another_name_is_refused(opened: Opened) -> None:
    """The file's name says whose it is."""
    agree(opened, "")
    path: Path = opened.workspace.folder / "plans" / "CN" / f"{OURS}.toml"
    path.write_text(path.read_text().replace(OURS, OTHER))
    with pytest.raises(Malformed, match="not the file's name"):
        read_plan(opened.workspace, "CN", OURS)


def result(sample: int, draft: str, outcome: Outcome = "scored") -> Result:
    """Return what became of a sample."""
    return Result(
        position=sample,
        sample_id=f"s-{sample}",
        outcome=outcome,
        reply="ok",
        met=True,
        share=1.0,
        why="",
        output=None,
        draft=draft,
        checks=(),
        seconds=0.0,
        input_tokens=0,
        output_tokens=0,
        asked=1,
    )


def test_a_name_in_a_reply_is_evidence_of_identity() -> None:
    """One is enough; a reply that names nobody is not."""
    seen = [Sighting(at="2026-11-02", model=name) for name in ("keystone-4", "keystone-4", "")]
    assert named_otherwise("keystone-4", seen) == ()
    (sign,) = named_otherwise("keystone-4", [*seen, Sighting(at="2026-11-03", model="keystone-s")])
    assert (sign.kind, sign.what, sign.seen, sign.of) == ("identity", "model", 1, 3)


def test_a_new_fingerprint_is_drift() -> None:
    """A fleet has several, so that it proves nothing."""
    prints = ["a", "b", "a", "b", "a", "b"]
    assert fingerprint_changed([Sighting(at="t", fingerprint=one) for one in prints]) is None
    sign = fingerprint_changed([Sighting(at="t", fingerprint=one) for one in [*prints, "c"]])
    assert sign is not None and (sign.kind, sign.seen) == ("drift", 1)


@given(st.integers(1, 200), st.integers(0, 200), st.integers(0, 20))
@settings(deadline=None)
def test_more_changed_answers_never_speak_less(samples: int, changed: int, failed: int) -> None:
    """A swap changes most answers, batching a few; a failed call changes none."""
    earlier = [result(n, "a") for n in range(samples)]

    def found(count: int) -> bool:
        later = [result(n, "b" if n < count else "a") for n in range(samples)]
        later += [result(samples + n, "", "failed") for n in range(failed)]
        return answers_changed(earlier, later) is not None

    assert not found(0)
    assert found(min(changed + 1, samples)) or not found(min(changed, samples))
    assert found(samples) or samples < 3


def test_a_silent_swap_shows_in_the_next_run_of_the_same_variant(
    opened: Opened, clock: Clock
) -> None:
    """Simulated: name and snapshot stay while another model answers."""
    prepare(opened)
    release(opened, OURS, 1, 0.8)
    path = opened.workspace.folder / "partners" / f"{OURS}.toml"
    before = path.read_text()
    swapped = before.replace("seed = 1\n", "seed = 2\n").replace("= 0.8", "= 0.4")
    found = []
    for seed, text in enumerate((before, before, swapped), 1):
        path.write_text(text)
        (finding,) = assessed(opened, seed).findings
        asyncio.run(draw_further(opened, "CN", OURS, 66, lambda _: None))
        with opened.database.connect() as connection:
            (series,) = series_of(releases_of(connection, "CN", OURS))
            found.append(signs_in(connection, series, {finding.digest}))
            assert signs_in(connection, series, set()) == ()
        clock.go_on(days=1)
    (sign,) = found.pop()
    assert found == [(), ()] and (sign.kind, sign.what, sign.of) == ("drift", "answers", 66)


def test_scores_that_sink_are_a_sign() -> None:
    """And where they began to is told."""
    assert scores_sank([1.0] * 400, 0.9) is None
    sign = scores_sank([1.0] * 200 + [0.0, 1.0] * 60, 0.9)
    assert sign is not None and "after 200 of 320" in sign.says
