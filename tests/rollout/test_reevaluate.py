"""Evaluations of halt rules are made again from what they saw, and whatever was changed is named."""

import sqlite3
from contextlib import closing

import msgspec
import pytest

from pratique.ledger.chain import entries
from pratique.rollout import steps
from pratique.rollout.evaluation import evaluate
from pratique.rollout.evaluations import Evaluated, evaluations_kept
from pratique.rollout.releases import Release, current
from pratique.rollout.tally import Tally
from pratique.rollout.verify import Verified, verify
from pratique.workspace.opened import Opened, database_path
from tests.conftest import Clock
from tests.rollout.conftest import FEATURE, LOCALE

STAGES = """
stages = [
  { name = "half", user_fraction = 0.5, least_hours = 2, least_requests = 10 },
  { name = "all", user_fraction = 1.0 },
]
halt_rules = [ { signal = "refusals", limit = 0.1 } ]
"""


@pytest.fixture
def ramp(opened: Opened, release: Release) -> Release:
    """A release at the first of two stages, with a halt rule."""
    path = opened.workspace.folder / "markets" / "CN.toml"
    path.write_text(path.read_text().partition("# The steps")[0] + STAGES)
    steps.halt(opened, "CN", FEATURE, LOCALE, "to begin anew with stages")
    return steps.start(opened, steps.gate_rules(opened, "CN"), release.digest)


def counted(opened: Opened, release: Release, answered: int, refused: int = 0) -> None:
    """Count requests as a replica would."""
    tally = Tally(opened.database)
    for number in range(answered + refused):
        tally.add(release.id, "refused" if number < refused else "ok", 0.2)
    tally.flush(opened.clock())


def change(opened: Opened, statement: str) -> None:
    """Change the store behind the product's back."""
    with closing(sqlite3.connect(database_path(opened.workspace), isolation_level=None)) as raw:
        assert raw.execute(statement).rowcount > 0


def about_rollout(found: Verified) -> str:
    """Return what is wrong with releases and evaluations; the filing of these tests is made up."""
    return "\n".join(one for one in found.faults if one.startswith(("`evaluation-", "release `")))


def kept(opened: Opened, ramp: Release) -> list[tuple[str, tuple[str, ...]]]:
    """Return the decision and the verdicts of each evaluation of the release that is kept."""
    with opened.database.connect() as connection:
        found = evaluations_kept(connection)
    return [
        (one.decided, msgspec.json.decode(one.body, type=Evaluated).said)
        for one in found
        if one.release == ramp.id
    ]


def halted(opened: Opened, ramp: Release, clock: Clock) -> None:
    """Let the release be advanced, and be halted at its second stage."""
    counted(opened, ramp, 150)
    clock.go_on(hours=3)
    steps.advance(opened, "CN", FEATURE, LOCALE)
    for refused in (9, 8, 40):
        clock.go_on(hours=1)
        counted(opened, ramp, 40, refused)
        evaluate(opened, "CN")


def test_what_was_decided_on_stays_and_the_rest_is_kept_where_it_changes(
    opened: Opened, ramp: Release, clock: Clock
) -> None:
    """An advance, the last undecided look and the halt; the ledger names two of them."""
    halted(opened, ramp, clock)
    assert kept(opened, ramp) == [
        ("release.advanced", ("pass",)),
        ("", ("undecided",)),
        ("release.halted", ("fail",)),
    ]
    found = verify(opened)
    assert about_rollout(found) == ""
    made = [one for one in found.figures if one.name == "refusals, mean"]
    assert [one.value for one in made] == [0.0, pytest.approx(17 / 97), pytest.approx(57 / 177)]
    with opened.database.connect() as connection:
        *_, entry = entries(connection, kind="release.advanced")
    assert str(entry.facts()["evaluation"]) == made[0].record


def test_nothing_new_is_not_kept_again(opened: Opened, ramp: Release) -> None:
    """A service looks twice a minute, whether anybody asked or not."""
    counted(opened, ramp, 20)
    for _ in range(3):
        evaluate(opened, "CN")
    assert kept(opened, ramp) == [("", ("undecided",))]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE release_counts SET refusals = 3 WHERE refusals = 40", "refusals was 57 when"),
        (
            "UPDATE release_counts SET requests = 900 WHERE requests = 150",
            "requests was 150 when",
        ),
        (
            "UPDATE evaluations SET body = replace(body, '\"refusals\":57', '\"refusals\":7')"
            " WHERE decided = 'release.halted'",
            "refusals, mean is given as 0.322034, what is kept gives 0.039548",
        ),
        (
            "UPDATE evaluations SET body = replace(body, '\"limit\":0.1', '\"limit\":0.9')"
            " WHERE decided = 'release.halted'",
            "`release.halted` does not follow",
        ),
        ("UPDATE evaluations SET decided = '' WHERE decided <> ''", "its record was changed"),
        ("DELETE FROM evaluations WHERE decided = 'release.halted'", "is not kept"),
        ("UPDATE releases SET stage = 0 WHERE state = 'halted'", "its stage is half, by the"),
        ("UPDATE releases SET state = 'on' WHERE state = 'halted'", "its state is on, by the"),
    ],
)
def test_whatever_is_changed_is_named(
    opened: Opened, ramp: Release, clock: Clock, statement: str, words: str
) -> None:
    """Counts, what the rules saw, what followed from it, and where the release stands."""
    halted(opened, ramp, clock)
    change(opened, statement)
    assert words in about_rollout(verify(opened))


def test_a_broken_record_keeps_nothing_from_being_halted(
    opened: Opened, ramp: Release, clock: Clock
) -> None:
    """It is named, and the rules go on."""
    counted(opened, ramp, 20)
    evaluate(opened, "CN")
    change(opened, "UPDATE evaluations SET body = '{' WHERE decided = ''")
    clock.go_on(hours=1)
    counted(opened, ramp, 40, 60)
    (found,) = evaluate(opened, "CN")
    assert found.failed
    with opened.database.connect() as connection:
        assert current(connection, "CN", FEATURE, LOCALE).state == "halted"
    assert "cannot be read" in about_rollout(verify(opened))
