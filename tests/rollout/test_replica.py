"""A replica's gate: decisions count at once, the store may be down for a lease, time never goes back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from pratique.errors import NotFound
from pratique.rollout import steps
from pratique.rollout.clock import SteadyClock
from pratique.rollout.gate import Admission, Context, Rules
from pratique.rollout.halts import Scope
from pratique.rollout.releases import Release
from pratique.rollout.replica import REFRESH_SECONDS, Gate
from pratique.workspace.opened import Opened, database_path
from tests.conftest import Clock
from tests.rollout.conftest import FEATURE, LOCALE


@pytest.fixture
def gate(opened: Opened, rules: Rules, release: Release) -> Gate:
    """A replica's gate that refreshes only when it is told to."""
    found = Gate(opened, rules)
    found.refresh()
    found._threads.append(None)  # type: ignore[arg-type]  # as if it were started
    return found


def word(gate: Gate, device: Context) -> str:
    """Return `yes`, or the reason of the refusal."""
    found = gate.admit(FEATURE, LOCALE, device)
    return "yes" if isinstance(found, Admission) else found.reason


@contextmanager
def store_down(opened: Opened) -> Iterator[None]:
    """Take the database away for a while."""
    path = database_path(opened.workspace)
    opened.database.close()
    away = path.with_suffix(".away")
    path.rename(away)
    yield
    away.rename(path)


def test_a_gate_that_is_not_started_reads_the_store_at_each_question(
    opened: Opened, rules: Rules, device: Context, release: Release
) -> None:
    """Commands and tests see each change at once."""
    gate = Gate(opened, rules)
    assert word(gate, device) == "yes"
    steps.order_halt(opened, "CN", Scope(feature=FEATURE), "complaints")
    assert word(gate, device) == "feature_halted"


def test_a_halt_counts_from_the_next_refresh_on(
    gate: Gate, opened: Opened, device: Context
) -> None:
    """Which is well within two seconds."""
    steps.halt(opened, "CN", FEATURE, LOCALE, "complaints")
    assert word(gate, device) == "yes"
    gate.refresh()
    assert word(gate, device) == "feature_halted"
    assert REFRESH_SECONDS <= 0.5


def test_without_the_store_the_last_state_holds_for_its_lease_and_then_all_is_off(
    gate: Gate, opened: Opened, device: Context, clock: Clock
) -> None:
    """And it is on again when the store is back."""
    with store_down(opened):
        gate.refresh()
        assert word(gate, device) == "yes"
        clock.go_on(seconds=200)
        gate.refresh()
        assert word(gate, device) == "yes"
        clock.go_on(seconds=160)
        gate.refresh()
        assert word(gate, device) == "not_approved"
    gate.refresh()
    assert word(gate, device) == "yes"


def test_a_replica_that_starts_without_the_store_goes_by_the_kept_state(
    gate: Gate, opened: Opened, rules: Rules, device: Context, clock: Clock
) -> None:
    """Within its lease, by its signature; without a kept state it does not start."""
    with store_down(opened):
        other = Gate(opened, rules)
        other.refresh()
        other._threads.append(None)  # type: ignore[arg-type]
        assert word(other, device) == "yes"
        clock.go_on(minutes=6)
        assert word(other, device) == "not_approved"
        kept = opened.workspace.state / "gate-CN.json"
        kept.write_bytes(kept.read_bytes().replace(b'"signature":"', b'"signature":"AAAA'))
        with pytest.raises(NotFound, match="there is no database"):
            Gate(opened, rules).refresh()
        kept.unlink()
        with pytest.raises(NotFound, match="there is no database"):
            Gate(opened, rules).refresh()


def test_a_clock_that_steps_back_an_hour_turns_nothing_on(
    gate: Gate, opened: Opened, rules: Rules, device: Context, clock: Clock
) -> None:
    """An approval that ended stays ended: in a running replica, and in one that starts anew."""
    clock.go_on(days=91)
    gate.refresh()
    assert word(gate, device) == "not_approved"
    clock.go_on(days=-1)
    gate.refresh()
    assert word(gate, device) == "not_approved"
    with store_down(opened):
        other = Gate(opened, rules)
        other.refresh()
        assert word(other, device) == "not_approved"


def test_a_replica_that_starts_with_an_older_clock_believes_the_last_decision(
    opened: Opened, rules: Rules, device: Context, release: Release, clock: Clock
) -> None:
    """The ledger says what time has certainly come; nothing that is approved is lost."""
    clock.go_on(days=91)
    steps.order_halt(opened, "CN", Scope(feature="proofread"), "a decision on that day")
    clock.go_on(hours=-12)
    assert word(Gate(opened, rules), device) == "not_approved"


def test_the_steady_clock_follows_forward_and_never_goes_back(clock: Clock) -> None:
    """While the wall clock is behind, time goes on as it passes."""
    passed = [0.0]
    steady = SteadyClock(clock, elapsed=lambda: passed[0])
    start = clock.time
    clock.go_on(hours=2)
    assert steady() == start + timedelta(hours=2)
    clock.go_on(hours=-1)
    passed[0] = 60.0
    assert steady() == start + timedelta(hours=2, minutes=1)
    clock.go_on(hours=3)
    assert steady() == start + timedelta(hours=4)


@pytest.mark.parametrize(
    ("scope", "stopped"),
    [
        (Scope(feature=FEATURE), True),
        (Scope(locale=LOCALE), True),
        (Scope(partner="embedded"), True),
        (Scope(app_category="mail"), True),
        (Scope(feature=FEATURE, locale=LOCALE, app_category="mail", partner="embedded"), True),
        (Scope(feature=FEATURE, locale="zh-Hans"), False),
        (Scope(app_category="notes"), False),
        (Scope(feature="proofread"), False),
    ],
)
def test_a_halt_stops_what_matches_all_that_it_names(
    gate: Gate, opened: Opened, device: Context, scope: Scope, stopped: bool
) -> None:
    """Feature, locale, app category and partner, alone or together; lifting is as exact."""
    mail = Context(
        device_region=device.device_region,
        account_region=device.account_region,
        targeting_key=device.targeting_key,
        app_category="mail",
    )
    steps.order_halt(opened, "CN", scope, "drill")
    gate.refresh()
    assert word(gate, mail) == ("feature_halted" if stopped else "yes")
    steps.lift_halt(opened, "CN", scope)
    gate.refresh()
    assert word(gate, mail) == "yes"


def test_the_background_brings_a_decision_to_the_replica(
    opened: Opened, rules: Rules, device: Context, release: Release, until: Callable[..., None]
) -> None:
    """A started gate sees a halt by itself, counts, and ends cleanly."""
    gate = Gate(opened, rules)
    gate.start()
    try:
        assert word(gate, device) == "yes"
        gate.tally.add(release.id, "ok", 0.1)
        steps.halt(opened, "CN", FEATURE, LOCALE, "drill")
        until(lambda: word(gate, device) == "feature_halted")
    finally:
        gate.close()
    from pratique.rollout.tally import counts_of

    with opened.database.connect() as connection:
        assert counts_of(connection, release.id).requests == 1


def test_the_kept_state_is_replaced_at_once_and_leaves_no_drafts(
    gate: Gate, opened: Opened
) -> None:
    """A crash between two bytes leaves the old state."""
    gate.refresh()
    found = sorted(path.name for path in Path(opened.workspace.state).glob("gate-*"))
    assert found == ["gate-CN.json"]
