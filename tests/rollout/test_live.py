"""The screens of a running service: swapped under load, off when nobody can say."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select, text

from pratique.rollout.gate import Refusal
from pratique.rollout.live import LEASE, Live
from pratique.rollout.pack_steps import activate, rollback
from pratique.screening.entries import Entry
from pratique.screening.pack import pack_of
from pratique.screening.screen import Screen
from pratique.screening.signed import signed
from pratique.screening.stream import Stream
from pratique.screening.suspensions import screening_offences
from pratique.settings.workspace import Market
from pratique.workspace.opened import Opened
from tests.conftest import Clock

OLD = Entry(id="old", phrase="明林计划书", risk="A.1a")
NEW = Entry(id="new", phrase="青石渡口暗号", risk="A.1a")
STREAMS = 200


class Ticks:
    """Seconds that go on only when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def market(opened: Opened) -> Market:
    """The market, with one version in force."""
    found = opened.workspace.market("CN")
    activate(opened, found, _signed(opened, "1", OLD))
    return found


@pytest.fixture
def ticks() -> Ticks:
    """The holder's seconds."""
    return Ticks()


@pytest.fixture
def live(opened: Opened, market: Market, ticks: Ticks) -> Live:
    """A holder that has looked once and does not follow."""
    found = Live(opened.database, [market], opened.verifies, opened.clock, monotonic=ticks)
    found.refresh()
    return found


def _signed(opened: Opened, version: str, *items: Entry) -> bytes:
    made = opened.clock().date().isoformat()
    return signed(pack_of(items, id="list", version=version, made=made), opened.key)


def _screen(live: Live) -> Screen:
    found = live.screen("CN")
    assert isinstance(found, Screen)
    return found


def _why(live: Live, market: str = "CN") -> str:
    found = live.screen(market)
    assert isinstance(found, Refusal)
    return found.detail


def test_a_version_is_compiled_once(live: Live) -> None:
    """Looking again gives the same object while nothing changed."""
    before = _screen(live)
    live.refresh()
    assert _screen(live) is before


def test_open_streams_end_on_the_version_they_began_with(
    opened: Opened, market: Market, live: Live
) -> None:
    """Two hundred answers run while the version is swapped: none is lost or screened by two."""
    words = [f"第{n}段：青石渡口暗号，明林计划书。" for n in range(STREAMS)]
    swapped, began = threading.Event(), threading.Barrier(5)
    ended: list[tuple[str, str, tuple[str, ...]]] = []

    def answer(part: int) -> None:
        streams = [(Stream(_screen(live)), whole) for whole in words[part::4]]
        shown = [stream.feed(whole[:7]) for stream, whole in streams]
        began.wait(timeout=30)
        swapped.wait(timeout=30)
        for (stream, whole), before in zip(streams, shown, strict=True):
            rest = "".join(stream.feed(one) for one in whole[7:]) + stream.finish()
            ended.append((whole, before + rest, tuple(hit.rule for hit in stream.hits)))

    threads = [threading.Thread(target=answer, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    began.wait(timeout=30)
    activate(opened, market, _signed(opened, "2", OLD, NEW))
    live.refresh()
    swapped.set()
    for thread in threads:
        thread.join(timeout=30)
    assert len(ended) == STREAMS
    assert all(rules == ("old",) for _, _, rules in ended)
    assert all(shown == whole[: whole.index("明林")] for whole, shown, _ in ended)
    stream = Stream(_screen(live))
    stream.feed(words[0])
    stream.finish()
    assert [hit.rule for hit in stream.hits] == ["new"]


def test_the_background_follows_activation_and_rollback(opened: Opened, market: Market) -> None:
    """Within two seconds, without anybody asking."""
    with Live(opened.database, [market], opened.verifies, opened.clock) as live:
        activate(opened, market, _signed(opened, "2", OLD, NEW))
        assert _until(live, "2")
        rollback(opened, market, "too many hits")
        assert _until(live, "1")


def _until(live: Live, version: str) -> bool:
    waiting = threading.Event()
    for _ in range(200):
        if _screen(live).pack.version == version:
            return True
        waiting.wait(0.05)
    return False


def test_a_version_expires_between_two_looks(live: Live, clock: Clock) -> None:
    """Each request asks for the day."""
    clock.go_on(days=31)
    assert "was good until" in _why(live)


def test_a_store_that_cannot_be_read_turns_screening_off_after_the_lease(
    opened: Opened, live: Live, ticks: Ticks
) -> None:
    """Until then the last version holds; back again, it serves again."""
    path = opened.workspace.state / "pratique.db"
    opened.close()
    path.rename(path.with_suffix(".away"))
    live.refresh()
    assert _screen(live).pack.version == "1"
    ticks.now += LEASE + 1
    live.refresh()
    assert "there is no database" in _why(live)
    path.with_suffix(".away").rename(path)
    live.refresh()
    assert _screen(live).pack.version == "1"


def test_a_tampered_version_is_off_at_the_next_look(opened: Opened, live: Live) -> None:
    """Though it was compiled before."""
    with opened.database.begin() as connection:
        connection.execute(
            text("UPDATE snapshots SET data = x'7b7d' WHERE kind = 'screening_pack'")
        )
    live.refresh()
    assert "cannot be verified" in _why(live)


def test_an_entry_ends_on_its_day(opened: Opened, market: Market, live: Live, clock: Clock) -> None:
    """The same version is compiled anew when one of its entries has had its last day."""
    last = Entry(id="last", phrase="北岸灯塔名单", risk="A.1a", not_after="2026-11-02")
    activate(opened, market, _signed(opened, "2", OLD, last))
    live.refresh()
    assert _screen(live).check("北岸灯塔名单").hits
    clock.go_on(days=1)
    live.refresh()
    assert not _screen(live).check("北岸灯塔名单").hits


def test_another_market_is_off(live: Live) -> None:
    """A market that the holder was not made for has no screen."""
    assert "not served here" in _why(live, "XX")


def test_suspensions_are_forgotten_by_the_running_service(opened: Opened, market: Market) -> None:
    """What has expired is deleted without a command."""
    row = {
        "pseudonym": "p",
        "in_a_row": 1,
        "day": "2026-11-01",
        "of_day": 1,
        "suspended_until": None,
        "expires": "2026-11-02T00:00:00.000000Z",
    }
    with opened.database.begin() as connection:
        connection.execute(insert(screening_offences).values(row))
    waiting = threading.Event()
    with Live(opened.database, [market], opened.verifies, lambda: datetime.now(UTC)):
        for _ in range(200):
            with opened.database.connect() as connection:
                left = connection.execute(select(screening_offences)).all()
            if not left:
                break
            waiting.wait(0.05)
    assert not left
