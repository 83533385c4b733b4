"""The gate: on only with an approval of this very digest, in this market, in force now."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pratique.errors import NotAllowed, NotFound
from pratique.filing.approvals import Approval, read_approvals
from pratique.filing.approving import amend
from pratique.people.keys import SigningKey
from pratique.rollout import steps
from pratique.rollout.gate import Admission, Context, Refusal, Rules, admit, ask, off
from pratique.rollout.halts import Scope
from pratique.rollout.releases import Release
from pratique.rollout.state import read_state
from pratique.store import snapshots
from pratique.workspace.opened import Opened, database_path
from tests.conftest import Clock
from tests.rollout.conftest import FEATURE, LOCALE


def word(
    opened: Opened,
    rules: Rules,
    context: Context,
    feature: str = FEATURE,
    locale: str = LOCALE,
    now: datetime | None = None,
) -> str:
    """Return `yes`, or the reason of the refusal."""
    with opened.database.connect() as connection:
        found = ask(connection, rules, feature, locale, context, now or opened.clock())
    return "yes" if isinstance(found, Admission) else found.reason


def change(opened: Opened, sql: str, *values: object) -> None:
    """Change the database as somebody with the file could."""
    with closing(sqlite3.connect(database_path(opened.workspace), isolation_level=None)) as raw:
        assert raw.execute(sql, values).rowcount == 1


def test_nothing_is_on_in_a_new_workspace(opened: Opened, rules: Rules, device: Context) -> None:
    """The first answer is no."""
    assert word(opened, rules, device) == "not_approved"


def test_a_filing_alone_turns_nothing_on(
    opened: Opened, rules: Rules, device: Context, digest: str
) -> None:
    """Filed is not approved, and the attempt is in the ledger."""
    with pytest.raises(NotAllowed, match="no approval covers"):
        steps.start(opened, rules, digest)
    with opened.database.connect() as connection:
        from pratique.ledger.chain import entries

        refused = list(entries(connection, kind="release.refused"))
    assert [one.subject for one in refused] == [digest]
    assert word(opened, rules, device) == "not_approved"


def test_an_approved_release_is_on(
    opened: Opened, rules: Rules, device: Context, release: Release
) -> None:
    """The one way to yes."""
    with opened.database.connect() as connection:
        found = ask(connection, rules, FEATURE, LOCALE, device, opened.clock())
    assert isinstance(found, Admission)
    assert (found.release.id, found.release.digest) == (release.id, release.digest)
    assert found.approval.covers(release.digest) and found.approval.simulated


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"device_region": "US"}, "region_not_eligible"),
        ({"account_region": "US"}, "region_not_eligible"),
        ({"device_region": "cn"}, "region_not_eligible"),
        ({"device_region": ""}, "region_not_eligible"),
    ],
)
@pytest.mark.usefixtures("release")
def test_the_device_and_the_account_must_both_be_of_the_market(
    opened: Opened, rules: Rules, device: Context, changes: dict[str, str], reason: str
) -> None:
    """Either alone is not enough; unknown is no."""
    assert word(opened, rules, msgspec.structs.replace(device, **changes)) == reason


@pytest.mark.usefixtures("release")
def test_another_feature_or_locale_is_not_covered(
    opened: Opened, rules: Rules, device: Context
) -> None:
    """An approval is about what it names."""
    assert word(opened, rules, device, feature="proofread") == "not_approved"
    assert word(opened, rules, device, locale="zh-Hans") == "not_approved"


def test_an_approval_runs_out_and_does_not_begin_early(
    opened: Opened, rules: Rules, device: Context, release: Release, clock: Clock
) -> None:
    """It holds on its last day and no longer; a clock before the last decision is not believed."""
    start = clock.time
    assert word(opened, rules, device, now=start + timedelta(days=90)) == "yes"
    assert word(opened, rules, device, now=start + timedelta(days=91)) == "not_approved"
    assert word(opened, rules, device, now=start - timedelta(hours=11)) == "yes"


def test_any_byte_of_the_snapshot_changed_turns_it_off(
    opened: Opened, rules: Rules, device: Context, release: Release
) -> None:
    """And putting it back turns it on again."""
    with opened.database.connect() as connection:
        data = snapshots.get(connection, release.digest)
    update = "UPDATE snapshots SET data = ? WHERE digest = ?"
    for place in range(0, len(data), max(1, len(data) // 25)):
        change(
            opened,
            update,
            data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :],
            release.digest,
        )
        assert word(opened, rules, device) == "not_approved"
    change(opened, update, data, release.digest)
    assert word(opened, rules, device) == "yes"


def test_any_byte_of_the_approval_changed_turns_it_off(
    opened: Opened, rules: Rules, device: Context, release: Release
) -> None:
    """The record is signed: a later expiry written into the file does not count."""
    with closing(sqlite3.connect(database_path(opened.workspace))) as raw:
        ((body, signature),) = raw.execute("SELECT body, signature FROM approvals").fetchall()
    change(
        opened,
        "UPDATE approvals SET body = ?",
        body.replace(b'"expires":"2027', b'"expires":"2099'),
    )
    assert word(opened, rules, device) == "not_approved"
    change(opened, "UPDATE approvals SET body = ?", body)
    change(opened, "UPDATE approvals SET signature = ?", signature[:-4] + "AAA=")
    assert word(opened, rules, device) == "not_approved"


def test_a_release_pointed_at_another_digest_is_off(
    opened: Opened, rules: Rules, device: Context, release: Release
) -> None:
    """Writing another digest into the release does not approve it."""
    with opened.database.begin() as connection:
        other = snapshots.put(
            connection, snapshots.get(connection, release.digest) + b" ", "variant"
        )
    change(opened, "UPDATE releases SET digest = ?", other)
    assert word(opened, rules, device) == "not_approved"


def test_an_approval_signed_by_a_stranger_does_not_count(
    opened: Opened,
    rules: Rules,
    device: Context,
    digest: str,
    approve: Callable[..., Approval],
    tmp_path: object,
) -> None:
    """Only keys that the operator keeps beside the settings count, not those in the database."""
    opened.key = SigningKey.create(database_path(opened.workspace).with_name("stranger.pem"))
    approve()
    with pytest.raises(NotAllowed, match="signature does not hold"):
        steps.start(opened, rules, digest)


@pytest.mark.parametrize(
    ("fields", "honoured"),
    [
        ({}, True),
        ({"market": "EU"}, False),
        ({"workspace": "another"}, False),
        ({"digest": "sha256:" + "0" * 64}, False),
    ],
)
def test_an_approval_of_something_else_does_not_count(
    opened: Opened,
    rules: Rules,
    digest: str,
    approve: Callable[..., Approval],
    fields: dict[str, str],
    honoured: bool,
) -> None:
    """Another market, workspace or digest is another approval."""
    approve(**fields)
    if honoured:
        assert steps.start(opened, rules, digest).digest == digest
    else:
        with pytest.raises(NotAllowed):
            steps.start(opened, rules, digest)


@pytest.mark.usefixtures("release")
def test_an_approval_for_practice_counts_in_a_rehearsal_only(
    opened: Opened, rules: Rules, device: Context
) -> None:
    """The same workspace set to real work serves nothing of it."""
    assert word(opened, msgspec.structs.replace(rules, rehearsal=False), device) == "not_approved"


def test_a_halt_stops_and_a_resume_lets_through(
    opened: Opened, rules: Rules, device: Context, release: Release
) -> None:
    """Effective at the next request, with the reason."""
    steps.halt(opened, "CN", FEATURE, LOCALE, "complaints doubled")
    with opened.database.connect() as connection:
        found = ask(connection, rules, FEATURE, LOCALE, device, opened.clock())
    assert isinstance(found, Refusal)
    assert (found.reason, "complaints doubled" in found.detail) == ("feature_halted", True)
    steps.resume(opened, "CN", FEATURE, LOCALE)
    assert word(opened, rules, device) == "yes"


def test_stages_let_in_devices_by_and_by(
    opened: Opened, rules: Rules, digest: str, approve: Callable[..., Approval]
) -> None:
    """Each stage serves those of the one before and more; the last serves all."""
    approve()
    release = steps.start(opened, rules, digest)
    contexts = [
        Context(device_region="CN", account_region="CN", targeting_key=f"d{n}") for n in range(300)
    ]
    before: set[str] = set()
    for stage in release.stages:
        with opened.database.connect() as connection:
            state = read_state(connection, rules, opened.clock())
        admitted = [admit(state, FEATURE, LOCALE, one, opened.clock()) for one in contexts]
        inside = {
            one.targeting_key
            for one, found in zip(contexts, admitted, strict=True)
            if isinstance(found, Admission)
        }
        assert before <= inside
        assert abs(len(inside) / 300 - stage.user_fraction) < 0.12
        before = inside
        if stage != release.stages[-1]:
            steps.advance(opened, "CN", FEATURE, LOCALE)
    assert len(before) == 300
    with pytest.raises(NotAllowed, match="already at its last stage"):
        steps.advance(opened, "CN", FEATURE, LOCALE)


def test_a_new_release_ends_the_one_before(
    opened: Opened, rules: Rules, digest: str, release: Release
) -> None:
    """One release of a feature and locale at a time; what is on falls back to the first stage only
    where that is asked for."""
    with pytest.raises(NotAllowed, match="this very variant, and on at stage"):
        steps.start(opened, rules, digest)
    following = steps.start(opened, rules, digest, again=True)
    assert (following.stage, following.id != release.id) == (0, True)
    with pytest.raises(NotFound):
        steps.halt(opened, "CN", "proofread", LOCALE, "no such release")


@pytest.mark.usefixtures("release")
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    feature=st.sampled_from([FEATURE, "proofread", "", "../x"]),
    locale=st.sampled_from([LOCALE, "zh-Hans", "fr", ""]),
    region=st.sampled_from(["CN", "US", "", "CN "]),
    account=st.sampled_from(["CN", "US", ""]),
    key=st.text(max_size=10),
    days=st.integers(-400, 400),
    rehearsal=st.booleans(),
)
def test_yes_is_said_in_one_case_only(
    opened: Opened,
    rules: Rules,
    feature: str,
    locale: str,
    region: str,
    account: str,
    key: str,
    days: int,
    rehearsal: bool,
) -> None:
    """Whatever the state, on means: approved digest, market, locale, both regions, in force, rehearsal."""
    context = Context(device_region=region, account_region=account, targeting_key=key)
    held = msgspec.structs.replace(rules, rehearsal=rehearsal)
    found = word(opened, held, context, feature, locale, opened.clock() + timedelta(days=days))
    expected = (
        (feature, locale, region, account) == (FEATURE, LOCALE, "CN", "CN")
        and days <= 90
        and rehearsal
    )
    assert (found == "yes") is expected


def test_a_release_is_off_for_everybody_while_its_approval_or_an_order_stops_it(
    opened: Opened, rules: Rules, release: Release
) -> None:
    """What people look at says what the gate says, and what to do; a halt of one category is not all."""

    def why() -> Refusal | None:
        with opened.database.connect() as connection:
            state = read_state(connection, rules, opened.clock())
        return off(state, release.feature, release.locale, opened.clock())

    assert why() is None
    steps.order_halt(opened, "CN", Scope(feature=FEATURE, app_category="mail"), "drill")
    assert why() is None
    steps.order_halt(opened, "CN", Scope(feature=FEATURE), "drill")
    halted = why()
    assert halted is not None and halted.reason == "feature_halted" and "drill" in halted.detail
    steps.lift_halt(opened, "CN", Scope(feature=FEATURE))
    (kept,) = read_kept(opened)
    amend(opened, kept, "suspended", "the office asks")
    suspended = why()
    assert suspended is not None and "the office asks" in suspended.detail
    assert "--now resumed" in suspended.hint
    amend(opened, kept, "revoked", "over")
    revoked = why()
    assert revoked is not None and "was revoked" in revoked.detail and "file again" in revoked.hint


def read_kept(opened: Opened) -> list[str]:
    """Return the ids of the approvals in the store."""
    with opened.database.connect() as connection:
        found = read_approvals(connection, opened.verifies, opened.workspace.configuration.name)
    return [one.id for one in found]
