"""Packs in force: signed or off, one person adds, two take away, and back at once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from pratique.errors import Malformed, NotAllowed, Tampered
from pratique.ledger.chain import entries
from pratique.people.keys import SigningKey
from pratique.rollout.gate import Refusal
from pratique.rollout.pack_steps import activate, begin, rollback, sign_off
from pratique.rollout.packs import active_pack, duties, faults, last_act
from pratique.screening.entries import Entry
from pratique.screening.pack import pack_of
from pratique.screening.screen import Screen
from pratique.screening.signed import signed
from pratique.settings.workspace import Market
from pratique.workspace.opened import Opened
from tests.conftest import Clock
from tests.signing import sign_all, two_people

FIRST = Entry(id="one", phrase="明林计划书", risk="A.1a")
SECOND = Entry(id="two", phrase="青石渡口暗号", risk="A.1a")


@pytest.fixture
def market(opened: Opened) -> Market:
    """The market's settings."""
    return opened.workspace.market("CN")


@pytest.fixture
def people(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A removal takes two people."""
    monkeypatch.setattr("pratique.store.sealed.stretched", lambda _, salt: salt * 2)
    with two_people(opened):
        yield


def _signed(opened: Opened, *items: Entry, version: str = "1", expires: str = "") -> bytes:
    made = opened.clock().date().isoformat()
    return signed(
        pack_of(items, id="list", version=version, made=made, expires=expires), opened.key
    )


def _active(opened: Opened, market: Market) -> Screen | Refusal:
    with opened.database.connect() as connection:
        return active_pack(connection, market, opened.verifies, opened.clock())


def _version(opened: Opened, market: Market) -> str:
    found = _active(opened, market)
    assert isinstance(found, Screen)
    return found.pack.version


def _why(opened: Opened, market: Market) -> str:
    found = _active(opened, market)
    assert isinstance(found, Refusal)
    assert found.reason == "feature_halted"
    assert found.hint
    return found.detail


def _duties(opened: Opened, market: Market) -> str:
    with opened.database.connect() as connection:
        return "\n".join(duties(connection, market, opened.verifies, opened.clock()))


def test_without_a_pack_a_market_is_off(opened: Opened, market: Market) -> None:
    """Never unfiltered: nothing in force is a refusal with what to do."""
    assert "no screening pack" in _why(opened, market)
    assert "screening is off" in _duties(opened, market)


def test_a_new_workspace_begins_with_the_starter_pack(opened: Opened, market: Market) -> None:
    """It works at once, and says that its words are not the operator's."""
    begin(opened)
    found = _active(opened, market)
    assert isinstance(found, Screen)
    assert (found.pack.id, found.pack.version) == ("starter", "1")
    assert "starter pack" in _duties(opened, market)


def test_additions_go_live_by_one_person_and_are_in_the_ledger(
    opened: Opened, market: Market
) -> None:
    """What is stricter needs no second person; the ledger counts and names no words."""
    activate(opened, market, _signed(opened, FIRST))
    found = activate(opened, market, _signed(opened, FIRST, SECOND, version="2"))
    assert found.comparison.added == ("two",)
    assert _version(opened, market) == "2"
    with opened.database.connect() as connection:
        kept = list(entries(connection, kind="screening.activated"))
    assert [one.facts()["added"] for one in kept] == [1, 1]
    assert "明林" not in "".join(one.body for one in kept)


@pytest.mark.parametrize(
    "new",
    [
        (SECOND,),
        (FIRST, Entry(id="road", phrase="明林计划书店", action="allow")),
        (Entry(id="one", phrase="明林计划书", risk="A.1a", action="flag"),),
    ],
    ids=["removed", "allowed", "weakened"],
)
def test_what_loosens_takes_two_people(
    opened: Opened, market: Market, people: None, new: tuple[Entry, ...]
) -> None:
    """A removal, an allow phrase and a weaker action alike; each person signs these very bytes."""
    activate(opened, market, _signed(opened, FIRST))
    data = _signed(opened, *new, version="2")
    with pytest.raises(NotAllowed, match="takes 2 people"):
        activate(opened, market, data)
    sign_all(opened, "bo")
    with pytest.raises(NotAllowed, match="takes 2 people"):
        activate(opened, market, data)
    assert _version(opened, market) == "1"
    sign_all(opened, "ana")
    assert activate(opened, market, data).act.signed_off == "ana, bo"
    assert _version(opened, market) == "2"


def test_a_signature_for_one_pack_opens_no_other(
    opened: Opened, market: Market, people: None
) -> None:
    """What was signed is this version's bytes."""
    activate(opened, market, _signed(opened, FIRST))
    with pytest.raises(NotAllowed, match="takes 2 people"):
        activate(opened, market, _signed(opened, SECOND, version="2"))
    sign_all(opened)
    with pytest.raises(NotAllowed, match="takes 2 people"):
        activate(opened, market, _signed(opened, SECOND, version="3"))


def test_a_pack_that_refuses_ordinary_text_stays_out(opened: Opened, market: Market) -> None:
    """The entry that does is named."""
    common = Entry(id="common", phrase="一个", risk="A.1a")
    with pytest.raises(NotAllowed, match="`common`"):
        activate(opened, market, _signed(opened, FIRST, common))
    assert "no screening pack" in _why(opened, market)


def test_another_signature_or_another_word_is_refused(
    opened: Opened, market: Market, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A stranger's key, a changed entry, a changed date and a plain table."""
    stranger = SigningKey.create(tmp_path_factory.mktemp("other") / "key.pem")
    made = opened.clock().date().isoformat()
    pack = pack_of([FIRST], id="list", version="1", made=made)
    with pytest.raises(Tampered, match="signature"):
        activate(opened, market, signed(pack, stranger))
    good = signed(pack, opened.key)
    with pytest.raises(Tampered, match="entries"):
        activate(opened, market, good.replace("书".encode(), "画".encode()))
    with pytest.raises(Tampered, match="signature"):
        activate(opened, market, good.replace(made.encode(), b"2026-11-01"))
    with pytest.raises(Malformed, match="no signed pack"):
        activate(opened, market, b"id\tphrase\n")


def test_a_version_names_one_pack(opened: Opened, market: Market) -> None:
    """The same bytes twice, or other bytes under one version, are refused."""
    activate(opened, market, _signed(opened, FIRST))
    with pytest.raises(NotAllowed, match="in force already"):
        activate(opened, market, _signed(opened, FIRST))
    with pytest.raises(NotAllowed, match="another pack"):
        activate(opened, market, _signed(opened, FIRST, SECOND))


def test_overdue_is_a_duty_and_expired_is_off(opened: Opened, market: Market, clock: Clock) -> None:
    """A week, by the regime; thirty days, by the policy: its last day still counts."""
    activate(opened, market, _signed(opened, FIRST))
    clock.go_on(days=7)
    assert "renewed" not in _duties(opened, market)
    clock.go_on(days=1)
    assert "was to be renewed by 2026-11-09" in _duties(opened, market)
    clock.go_on(days=22)
    assert _version(opened, market) == "1"
    clock.go_on(days=1)
    assert "was good until 2026-12-02" in _why(opened, market)


def test_a_pack_may_end_sooner_than_the_policy(
    opened: Opened, market: Market, clock: Clock
) -> None:
    """Its own last day holds, and afterwards it cannot come into force any more."""
    data = _signed(opened, FIRST, expires="2026-11-03")
    activate(opened, market, data)
    clock.go_on(days=2)
    assert "was good until 2026-11-03" in _why(opened, market)
    with pytest.raises(NotAllowed, match="was good until"):
        activate(opened, market, data)


def test_a_tampered_version_is_off_and_verification_names_it(
    opened: Opened, market: Market
) -> None:
    """A byte changed in the store counts from the next look on."""
    act = activate(opened, market, _signed(opened, FIRST)).act
    with opened.database.begin() as connection:
        change = text("UPDATE snapshots SET data = :data WHERE digest = :digest")
        connection.execute(change, {"data": b"{}", "digest": act.digest})
    assert "cannot be verified" in _why(opened, market)
    with opened.database.connect() as connection:
        assert len(faults(connection, opened.verifies)) == 1


def test_a_rollback_is_at_once_and_signed_off_after(
    opened: Opened, market: Market, people: None
) -> None:
    """The earlier version screens from then on; the sign-off is a duty until it is there."""
    activate(opened, market, _signed(opened, FIRST))
    activate(opened, market, _signed(opened, FIRST, SECOND, version="2"))
    with pytest.raises(NotAllowed, match="reason"):
        rollback(opened, market, " ")
    assert rollback(opened, market, "too many hits").owed
    assert _version(opened, market) == "1"
    assert "waits for its sign-off" in _duties(opened, market)
    with pytest.raises(NotAllowed, match="takes 2 people"):
        sign_off(opened, market)
    sign_all(opened)
    assert sign_off(opened, market).signed_off == "ana, bo"
    assert "waits" not in _duties(opened, market)
    with pytest.raises(NotAllowed, match="nothing waits"):
        sign_off(opened, market)
    with pytest.raises(NotAllowed, match="before"):
        rollback(opened, market, "once more")


def test_a_version_that_was_rolled_back_is_not_rolled_back_to(
    opened: Opened, market: Market
) -> None:
    """From a third version the way back leads to the first, not to the bad second one."""
    activate(opened, market, _signed(opened, FIRST))
    activate(opened, market, _signed(opened, FIRST, SECOND, version="2"))
    rollback(opened, market, "bad")
    third = Entry(id="three", phrase="北岸灯塔名单", risk="A.1a")
    activate(opened, market, _signed(opened, FIRST, third, version="3"))
    rollback(opened, market, "bad too")
    assert _version(opened, market) == "1"


def test_no_rollback_to_a_version_that_has_expired(
    opened: Opened, market: Market, clock: Clock
) -> None:
    """It would turn the market off; what is in force stays."""
    activate(opened, market, _signed(opened, FIRST))
    clock.go_on(days=31)
    activate(opened, market, _signed(opened, FIRST, SECOND, version="2"))
    with pytest.raises(NotAllowed, match="was good until"):
        rollback(opened, market, "too many hits")
    assert _version(opened, market) == "2"


def test_a_pack_of_tomorrow_is_refused(opened: Opened, market: Market, clock: Clock) -> None:
    """A date to come would put off its expiry."""
    clock.time += timedelta(days=3)
    data = _signed(opened, FIRST)
    clock.time -= timedelta(days=3)
    with pytest.raises(NotAllowed, match="to come"):
        activate(opened, market, data)
    with opened.database.connect() as connection:
        assert last_act(connection, market.id) is None
