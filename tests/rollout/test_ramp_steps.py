"""Stages and halt rules: what is missing is said, undecided never advances, and failing halts."""

import threading
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import Malformed, NotAllowed, NotFound, PratiqueError
from pratique.filing.approvals import Approval
from pratique.ledger.chain import entries
from pratique.people.accounts import add
from pratique.rollout import steps
from pratique.rollout.evaluation import evaluate
from pratique.rollout.gate import Rules
from pratique.rollout.halt_rules import judge
from pratique.rollout.halts import Scope, list_halts
from pratique.rollout.readiness import rule_error
from pratique.rollout.releases import Release, current
from pratique.rollout.tally import Counts, Tally, counts_of
from pratique.settings.workspace import HaltRule, Signal
from pratique.workspace.opened import Opened
from tests.conftest import Clock
from tests.rollout.conftest import FEATURE, LOCALE

STAGES = """
stages = [
  { name = "half", user_fraction = 0.5, least_hours = 2, least_requests = 10, sign_off = true },
  { name = "all", user_fraction = 1.0 },
]
halt_rules = [ { signal = "complaints", limit = 0.05 } ]
"""


@pytest.fixture
def ramp(opened: Opened, digest: str, approve: Callable[..., Approval]) -> Release:
    """A release at the first of two stages, with a least time, a least sample, a sign-off and a rule."""
    path = opened.workspace.folder / "markets" / "CN.toml"
    path.write_text(path.read_text().partition("# The steps")[0] + STAGES)
    approve()
    return steps.start(opened, steps.gate_rules(opened, "CN"), digest)


def counted(opened: Opened, release: Release, requests: int, complaints: int = 0) -> None:
    """Count requests and complaints as a replica would."""
    tally = Tally(opened.database)
    for _ in range(requests):
        tally.add(release.id, "ok", 0.2)
    for _ in range(complaints):
        tally.complain(release.id)
    tally.flush(opened.clock())


def missing(opened: Opened) -> str:
    """Return why the release may not advance."""
    with pytest.raises(NotAllowed) as error:
        steps.advance(opened, "CN", FEATURE, LOCALE)
    return error.value.message


def test_advance_says_all_that_is_missing_and_goes_when_nothing_is(
    opened: Opened, ramp: Release, clock: Clock
) -> None:
    """Time, sample, rules and a second person."""
    said = missing(opened)
    for part in ("2.0 of 2 hours", "10 of 10 requests", "undecided", "sign-off by another person"):
        assert part in said
    clock.go_on(hours=2)
    counted(opened, ramp, 9)
    assert "1 of 10 requests" in missing(opened)
    counted(opened, ramp, 300)
    said = missing(opened)
    assert "hours" not in said and "requests at stage" not in said and "undecided" not in said
    with opened.database.begin() as connection:
        add(connection, "ada", ["approver"], clock())
    steps.sign_off(opened, "CN", FEATURE, LOCALE)
    assert "another person than `ada`" in missing(opened)


def test_a_second_person_signs_off_the_stage(opened: Opened, ramp: Release, clock: Clock) -> None:
    """Whoever may approve; an account without that role may not."""
    clock.go_on(hours=2)
    counted(opened, ramp, 300)
    with opened.database.begin() as connection:
        add(connection, "grace", ["approver"], clock())
        add(connection, "eve", ["viewer"], clock())
    opened.who = "eve"
    with pytest.raises(NotAllowed, match="may not sign off"):
        steps.sign_off(opened, "CN", FEATURE, LOCALE)
    opened.who = "grace"
    steps.sign_off(opened, "CN", FEATURE, LOCALE)
    opened.who = "ada"
    assert steps.advance(opened, "CN", FEATURE, LOCALE).stage == 1


def test_a_broken_rule_halts_within_one_evaluation(
    opened: Opened, ramp: Release, clock: Clock
) -> None:
    """With the figures in the ledger, in the name of the rules; resumed, it begins anew."""
    counted(opened, ramp, 100, complaints=2)
    assert [one.failed for one in evaluate(opened, "CN")] == [()]
    counted(opened, ramp, 100, complaints=40)
    (found,) = evaluate(opened, "CN")
    assert found.failed
    with opened.database.connect() as connection:
        halted = current(connection, "CN", FEATURE, LOCALE)
        (entry,) = entries(connection, kind="release.halted")
    assert halted.state == "halted" and "complaints" in halted.reason
    assert entry.who == "halt rules" and "fail" in str(entry.facts()["reason"])
    assert evaluate(opened, "CN") == []
    clock.go_on(hours=1)
    steps.resume(opened, "CN", FEATURE, LOCALE)
    (found,) = evaluate(opened, "CN")
    assert (found.failed, found.counts.requests) == ((), 0)


def test_counts_of_one_stage_are_its_own(opened: Opened, release: Release) -> None:
    """A new stage begins at nothing; replicas add up; unknown releases are not counted."""
    counted(opened, release, 3)
    counted(opened, release, 4, complaints=1)
    with opened.database.connect() as connection:
        assert counts_of(connection, release.id, release.entered).requests == 7
        assert counts_of(connection, release.id, "earlier").requests == 0
        assert counts_of(connection, release.id).complaints == 1


def test_what_cannot_be_stored_is_counted_later(opened: Opened, release: Release) -> None:
    """A store that is down loses no count."""
    tally = Tally(opened.database)
    tally.add(release.id, "refused", 1.0, spend=0.5)
    path = opened.workspace.state / "pratique.db"
    opened.database.close()
    path.rename(path.with_suffix(".away"))
    with pytest.raises(NotFound):
        tally.flush(opened.clock())
    path.with_suffix(".away").rename(path)
    tally.add(release.id, "failed", 2.0)
    tally.flush(opened.clock())
    tally.flush(opened.clock())
    with opened.database.connect() as connection:
        found = counts_of(connection, release.id)
    assert found == Counts(requests=2, refusals=1, errors=1, seconds=3.0, spend=0.5)


def test_a_request_counts_for_no_more_than_its_rule_says(opened: Opened, release: Release) -> None:
    """One that hangs for an hour is one slow request."""
    tally = Tally(opened.database, (HaltRule(signal="latency", limit=2.0, most=30.0),))
    tally.add(release.id, "ok", 3600.0)
    tally.flush(opened.clock())
    with opened.database.connect() as connection:
        assert counts_of(connection, release.id).seconds == 30.0


@given(st.integers(0, 3000), st.integers(0, 3000), st.sampled_from(["refusals", "errors"]))
def test_a_rule_says_pass_fail_or_undecided_by_its_interval(
    requests: int, hits: int, signal: Signal
) -> None:
    """Never two of them, and nothing is established without a request."""
    counts = Counts(requests=requests, refusals=min(hits, requests), errors=min(hits, requests))
    found = judge(HaltRule(signal=signal, limit=0.05), counts, Counts(), 0.01)
    assert found.low <= (found.mean if found.mean is not None else 0.5) <= found.high
    expected = "fail" if found.low > 0.05 else "pass" if found.high <= 0.05 else "undecided"
    assert found.verdict == expected
    assert requests or found.verdict == "undecided"


def test_a_gap_to_the_release_before_is_judged() -> None:
    """Twice as many refusals as before fail; as many pass; without a release before nothing does."""
    rule = HaltRule(signal="refusals", worse_by=0.05)
    before = Counts(requests=5000, refusals=500)
    same, worse = Counts(requests=5000, refusals=505), Counts(requests=5000, refusals=1100)
    assert judge(rule, same, before, 0.01).verdict == "pass"
    assert judge(rule, worse, before, 0.01).verdict == "fail"
    assert judge(rule, worse, Counts(), 0.01).verdict == "undecided"


def test_two_operators_at_once_lose_no_step(opened: Opened, release: Release) -> None:
    """Each order stands under its own name, or is refused; the ledger holds every one of them."""
    scopes = [Scope(feature=FEATURE, app_category=f"c{n}") for n in range(6)] * 2
    refused: list[str] = []

    def act(scope: Scope) -> None:
        own = Opened(opened.workspace, who="bob", clock=opened.clock)
        try:
            steps.order_halt(own, "CN", scope, "drill")
        except PratiqueError as error:
            refused.append(error.message)
        finally:
            own.close()

    threads = [threading.Thread(target=act, args=(scope,)) for scope in scopes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with opened.database.connect() as connection:
        standing = list_halts(connection, "CN")
        recorded = list(entries(connection, kind="halt.ordered"))
    assert len({one.id for one in standing}) == 6 == len(recorded)
    assert len(refused) == 6 and all("halted already" in why for why in refused)
    assert opened.ledger.audit(opened.verifies).faults == ()


def test_two_operators_who_advance_at_once_move_one_stage_each_or_are_told(
    opened: Opened, rules: Rules, digest: str, approve: Callable[..., Approval]
) -> None:
    """As many stages as decisions; nobody's step is lost, none is made twice unseen."""
    approve()
    steps.start(opened, rules, digest)
    told: list[str] = []

    def act() -> None:
        own = Opened(opened.workspace, who="bob", clock=opened.clock)
        try:
            steps.advance(own, "CN", FEATURE, LOCALE)
        except NotAllowed as error:
            told.append(error.message)
        finally:
            own.close()

    threads = [threading.Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with opened.database.connect() as connection:
        found = current(connection, "CN", FEATURE, LOCALE)
        recorded = list(entries(connection, kind="release.advanced"))
    assert found.stage == len(recorded) == 4 - len(told)
    assert all("by somebody else just now" in why for why in told)


def test_resume_lifts_what_was_ordered_and_what_a_rule_halted(
    opened: Opened, release: Release
) -> None:
    """By the same names; of nothing it is refused."""
    scope = Scope(feature=FEATURE, locale=LOCALE)
    steps.halt(opened, "CN", FEATURE, LOCALE, "a rule")
    steps.order_halt(opened, "CN", scope, "an operator")
    resumed, lifted = steps.resume_scope(opened, "CN", scope)
    assert resumed and lifted and resumed.state == "on" and lifted.lifted
    with pytest.raises(NotFound, match="no halt on"):
        steps.resume_scope(opened, "CN", scope)
    with pytest.raises(NotAllowed, match="names what it stops"):
        steps.order_halt(opened, "CN", Scope(), "everything")


@pytest.mark.parametrize(
    "scope", [Scope(feature="sumarize"), Scope(locale="fr"), Scope(partner="embeded")]
)
def test_a_halt_on_what_is_not_there_is_refused(opened: Opened, scope: Scope) -> None:
    """A slip of the pen must not look as if it had stopped something."""
    with pytest.raises(NotFound, match="would stop nothing"):
        steps.order_halt(opened, "CN", scope, "in a hurry")


def test_the_market_file_says_which_rule_is_wrong(opened: Opened) -> None:
    """Both bounds, none, or one that cannot be exceeded."""
    path = opened.workspace.folder / "markets" / "CN.toml"
    text = path.read_text()
    for rule, why in (
        ('{ signal = "errors" }', "needs either"),
        ('{ signal = "errors", limit = 0.1, worse_by = 0.1 }', "needs either"),
        ('{ signal = "errors", limit = 1.5 }', "must be above 0 and below"),
        ('{ signal = "errors", limit = 0.5, most = 2.0 }', "leave `most` out"),
        ('{ signal = "latency", limit = 5.0 }', "must be above 0 and below"),
    ):
        path.write_text(text + f"halt_rules = [ {rule} ]\n")
        with pytest.raises(Malformed, match=why):
            opened.workspace.market("CN")


def test_a_ramp_shares_its_error_among_rules_and_stages(opened: Opened, ramp: Release) -> None:
    """So that all of it together keeps the market's."""
    market = opened.workspace.market("CN")
    two = msgspec.structs.replace(market, halt_rules=(*market.halt_rules, *market.halt_rules))
    assert rule_error(market, ramp) == 0.05 / 2
    assert rule_error(two, ramp) == 0.05 / 4


@pytest.mark.parametrize(
    ("spend", "unpriced", "verdict"),
    [
        (5000 * 0.01, 0, "pass"),
        (5000 * 0.03, 0, "fail"),
        (0.0, 5000, "undecided"),
        (2500 * 0.01, 2500, "undecided"),
        (4000 * 0.05, 1000, "fail"),
    ],
)
def test_what_no_price_is_known_for_is_neither_cheap_nor_dear(
    spend: float, unpriced: int, verdict: str
) -> None:
    """It never lets a rule about spend pass, and halts nothing that is within its limit."""
    rule = HaltRule(signal="spend", limit=0.02, most=0.2)
    counts = Counts(requests=5000, spend=spend, unpriced=unpriced)
    assert judge(rule, counts, Counts(), 0.01).verdict == verdict


def test_a_stage_without_a_least_time_is_left_at_once_whatever_the_clock_says(
    opened: Opened, digest: str, approve: Callable[..., Approval], clock: Clock
) -> None:
    """In a rehearsal each process begins at the same `now`, which may lie before the stage's."""
    approve()
    steps.start(opened, steps.gate_rules(opened, "CN"), digest)
    clock.go_on(seconds=-1)
    assert steps.advance(opened, "CN", FEATURE, LOCALE).stage == 1
