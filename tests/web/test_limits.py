"""Limits: a device, an app and the whole service are held back in time, and told when to come again."""

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import TestClient

from pratique.errors import Malformed
from pratique.settings.workspace import CONFIGURATION, Limits, open_workspace
from pratique.web.app import app_of
from pratique.web.exchange import Reply
from pratique.web.flights import Flights
from pratique.web.limits import MOST_BUCKETS, Buckets, Gatekeeper
from pratique.web.problems import Problem
from pratique.web.service import Service
from pratique.workspace.opened import Opened
from tests.conftest import RoteModel
from tests.rollout.conftest import CANDIDATE, approve, digest, release, rules
from tests.web.test_api import BODY, CONTEXT, PATH, Client, problem

__all__ = ["approve", "digest", "release", "rules"]


class Time:
    """A clock in seconds that only moves when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(
    per_minute=st.floats(1, 600),
    burst=st.integers(1, 50),
    gaps=st.lists(st.floats(0, 30), max_size=200),
)
def test_a_bucket_never_lets_more_through_than_its_rate(
    per_minute: float, burst: int, gaps: list[float]
) -> None:
    """In any span: the burst, and what the rate gives in that time. Who waits as told gets through."""
    time = Time()
    bucket = Buckets(per_minute, burst, time)
    taken = []
    for gap in gaps:
        time.now += gap
        wait = bucket.take("d")
        if not wait:
            taken.append(time.now)
            continue
        time.now += wait + 1e-6
        assert not bucket.take("d")
        taken.append(time.now)
    for first in range(len(taken)):
        for last in range(first, len(taken)):
            span = taken[last] - taken[first]
            assert last - first + 1 <= burst + span * per_minute / 60 + 1e-3


def test_buckets_are_bounded_and_an_empty_one_stays_empty() -> None:
    """A flood of new devices takes no memory without end, and refills nobody's bucket."""
    time = Time()
    bucket = Buckets(60, 5, time)
    while not bucket.take("greedy"):
        pass
    for number in range(2 * MOST_BUCKETS):
        bucket.take(str(number))
    assert bucket.take("greedy") > 0
    assert len(bucket._full_at) <= MOST_BUCKETS


def test_one_request_too_many_is_told_to_come_again() -> None:
    """Before it waits: load is shed while latency still holds."""
    keeper = Gatekeeper(Limits(concurrent_requests=2), Time())
    keeper.enter()
    keeper.enter()
    with pytest.raises(Problem) as caught:
        keeper.enter()
    assert (caught.value.code, caught.value.retry_after) == ("overloaded", 1)
    keeper.leave()
    keeper.enter()


@pytest.fixture
def service(opened: Opened) -> Service:
    """What the application serves."""
    found = Service(opened, "CN")
    found.gatekeeper = Gatekeeper(Limits(device_per_minute=1, device_burst=2), Time())
    return found


@pytest.fixture
def client(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """The application with two requests a device and a clock that stands."""
    model = RoteModel(CANDIDATE, lambda _: '{"summary": "The pool is closed on Friday."}')
    monkeypatch.setattr(service.pool, "model", lambda *_: model)
    with TestClient(app_of(service)) as found:
        yield found


@pytest.mark.usefixtures("release")
def test_a_device_that_asks_too_often_is_held_back_alone(client: Client) -> None:
    """With the time to wait; another device is not touched, nor the question of availability."""
    assert [client.post(PATH, json=BODY).status_code for _ in range(2)] == [200, 200]
    answer = client.post(PATH, json=BODY)
    assert problem(answer) == (429, "rate_limited")
    assert answer.headers["retry-after"] == "60"
    other = BODY | {"context": CONTEXT | {"targeting_key": "d2"}}
    assert client.post(PATH, json=other).status_code == 200
    available = client.get(f"{PATH}/availability", params={"locale": "en", **CONTEXT})
    assert available.json()["available"] is True


@pytest.mark.usefixtures("release")
def test_a_service_that_ends_takes_no_new_request(client: Client, service: Service) -> None:
    """It says so to the balancer, and when to come again; it is still alive."""
    service.gatekeeper.draining = True
    answer = client.post(PATH, json=BODY)
    assert problem(answer) == (503, "shutting_down")
    assert answer.headers["retry-after"] == "1"
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200
    chat = client.post("/v1/chat/completions", json={"messages": []})
    assert chat.json()["error"]["code"] == "shutting_down"


@pytest.mark.parametrize(
    "line", ["device_per_minute = -1", "device_burst = 0", "concurrent_requests = 0"]
)
def test_limits_without_room_are_refused(opened: Opened, line: str) -> None:
    """A slip in a file would lock everybody out, or let everything through."""
    path = opened.workspace.folder / CONFIGURATION
    path.write_text(path.read_text() + f"\n[serve.limits]\n{line}\n")
    with pytest.raises(Malformed, match="limits"):
        open_workspace(opened.workspace.folder)


def test_the_same_request_runs_once_and_is_not_kept() -> None:
    """Two that run at once share an answer; one that comes later is answered anew."""
    made = 0

    async def story() -> tuple[Reply, Reply, Reply]:
        flights, gate = Flights(), asyncio.Event()

        async def make() -> Reply:
            nonlocal made
            made += 1
            await gate.wait()
            return Reply(200, b"%d" % made)

        first = asyncio.ensure_future(flights.share(("k",), b"{}", make))
        second = asyncio.ensure_future(flights.share(("k",), b"{}", make))
        await asyncio.sleep(0)
        for body, key in ((b"[]", ("k",)),):
            with pytest.raises(Problem, match="conflict"):
                await flights.share(key, body, make)
        with pytest.raises(Problem, match="conflict"):
            flights.occupy(("k",), b"{}")
        gate.set()
        one, two = await first, await second
        assert not flights._running
        return one, two, await flights.share(("k",), b"{}", make)

    one, two, three = asyncio.run(story())
    assert (one.body, two.body, three.body, made) == (b"1", b"1", b"2", 2)


def test_work_goes_on_while_anybody_waits_for_it_and_ends_with_the_last() -> None:
    """The first caller may leave; when the second leaves too, the model is told to stop."""
    ended = False

    async def story() -> None:
        nonlocal ended
        flights = Flights()

        async def make() -> Reply:
            nonlocal ended
            try:
                await asyncio.Event().wait()
            finally:
                ended = True
            return Reply(200, b"")

        waiting = [asyncio.ensure_future(flights.share(("k",), b"", make)) for _ in range(2)]
        for task in waiting:
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert not ended
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await asyncio.sleep(0)
        assert ended and not flights._running

    asyncio.run(story())
