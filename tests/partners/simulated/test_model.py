"""A simulated model: the same call comes to the same, in pieces or whole, on the second."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable

import msgspec
import pytest

from pratique.errors import Malformed
from pratique.partners.catalogue import Candidate
from pratique.partners.contract import Call, Delta, Event, Reply
from pratique.partners.rules import answer
from pratique.partners.simulated import SimulatedModel
from pratique.partners.simulation import Capacity, Drift, Latency, Shares, Simulation
from tests.partners.simulated.playing import (
    N,
    call,
    known,
    likely,
    made,
    one_by_one,
    played,
    request,
    right,
)


def test_a_call_comes_to_the_same_in_any_order() -> None:
    """A run can be repeated, resumed and reordered: only the content decides."""
    forth, back = range(200), range(199, -1, -1)
    shares = Shares(refused=0.2, invalid=0.2, retracted=0.2, timeout=0.1)
    candidate = made(quality=0.5, shares=shares, latency=Latency())
    first, again = one_by_one(candidate, forth), one_by_one(candidate, back)[::-1]
    assert [(r.status, r.text.reveal(), r.seconds) for r in first] == [
        (r.status, r.text.reveal(), r.seconds) for r in again
    ]
    other = one_by_one(made(seed=8, quality=0.5, shares=shares, latency=Latency()), forth)
    assert [r.status for r in first] != [r.status for r in other]


def test_ids_of_calls_hold_nothing_of_their_content() -> None:
    """A request id goes into logs, where no user content may go, nor a hash of it."""
    one, other = one_by_one(made(), range(3)), one_by_one(made(), range(3, 6))
    assert [r.request_id for r in one] == [r.request_id for r in other]
    assert len({r.request_id for r in one}) == 3


def test_a_drift_by_the_day_needs_a_clock_alone() -> None:
    """After thirty days without a call it is worse by thirty hundredths."""
    moment = [0.0]

    async def after(days: float) -> int:
        moment[0] = 0.0
        model = SimulatedModel(
            made(drift=Drift(per_day=-0.01)), sleep=no_time, clock=lambda: moment[0]
        )
        moment[0] = days * 86_400
        return sum([right(n, await model.complete(call(request(n)))) for n in range(N)])

    assert asyncio.run(after(0)) == N
    assert likely(asyncio.run(after(30)), N, 0.70)
    assert asyncio.run(after(200)) == 0


async def no_time(_: float) -> None:
    """Sleep for no time at all."""


async def told(
    events: AsyncIterator[Event], clock: Callable[[], float]
) -> list[tuple[float, Event]]:
    """Return every event with its time."""
    return [(clock(), one) async for one in events]


def streamed(candidate: Candidate, one: Call) -> list[tuple[float, Event]]:
    """Return the events of one stream, each with its time."""

    async def scene(clock: Callable[[], float]) -> list[tuple[float, Event]]:
        return await told(SimulatedModel(candidate, clock=clock).stream(one), clock)

    return played(scene)


def text_of(events: list[tuple[float, Event]]) -> str:
    """Return the text that was passed on."""
    return "".join(one.text.reveal() for _, one in events if isinstance(one, Delta))


def test_a_stream_brings_the_same_answer_in_pieces_at_its_pace() -> None:
    """First text after a quarter of the time; `speed` shortens the waiting, not what replies say."""
    candidate = made(speed=10.0, latency=Latency(median=4.0, spread=0.0, first=0.25))
    events = streamed(candidate, call(request(1)))
    end, reply = events[-1]
    assert isinstance(reply, Reply) and len(events) == 9
    assert reply.status == "ok" and reply.begun and not reply.retract
    assert (
        text_of(events)
        == reply.text.reveal()
        == one_by_one(candidate, range(1, 2))[0].text.reveal()
    )
    assert [reply.first_token_seconds, reply.seconds] == pytest.approx([1.0, 4.0])
    assert [events[0][0], end] == pytest.approx([0.1, 0.4])
    assert reply.usage.output_tokens == math.ceil(len(text_of(events)) / 4)


def test_a_retracted_stream_takes_back_what_it_showed() -> None:
    """Text was passed on, then comes `output_blocked`; a plain call never shows any."""
    candidate = made(shares=Shares(retracted=1.0))
    for n in range(20):
        events = streamed(candidate, call(request(n)))
        reply = events[-1][1]
        assert isinstance(reply, Reply) and reply.status == "output_blocked"
        assert reply.retract and reply.begun and not reply.text.reveal()
        assert 0 < len(text_of(events)) < len(answer(request(n).encode()))
    plainly = one_by_one(candidate, range(1))[0]
    assert (plainly.status, plainly.retract, plainly.begun) == ("output_blocked", False, False)


@pytest.mark.parametrize("shares", [Shares(), Shares(timeout=1.0)])
def test_a_deadline_ends_a_call_on_the_second(shares: Shares) -> None:
    """A slow call and one that hangs end alike, the slow one with some of its text."""
    candidate = made(shares=shares, latency=Latency(median=4.0, spread=0.0, first=0.25))
    events = streamed(candidate, call(request(1), deadline=2.0))
    end, reply = events[-1]
    assert isinstance(reply, Reply) and reply.status == "timeout"
    assert [end, reply.seconds] == pytest.approx([2.0, 2.0])
    assert reply.begun is bool(text_of(events)) is (not shares.timeout)


def test_an_ended_call_makes_room_for_others() -> None:
    """Cancelling a call or closing its stream passes through, and it is no longer in flight."""

    async def scene(clock: Callable[[], float]) -> float:
        model = SimulatedModel(made(capacity=Capacity(at_once=1)), clock=clock)
        running = asyncio.ensure_future(model.complete(call(request(1))))
        stream = model.stream(call(request(2)))
        assert isinstance(await anext(stream), Delta)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await stream.aclose()  # type: ignore[attr-defined]
        return (await model.complete(call(request(3)))).seconds

    assert played(scene) == pytest.approx(1.0)


def test_a_request_that_the_rules_cannot_read_is_a_status() -> None:
    """As with the rules themselves; and an answer is cut at the token limit."""

    async def scene(clock: Callable[[], float]) -> list[Reply]:
        model = SimulatedModel(made(), clock=clock)
        calls = (call("hello"), call(request(1).replace('"en"', '"fr"')))
        return [await model.complete(one) for one in (*calls, call(request(1), max_tokens=3))]

    *unread, cut = played(scene)
    assert [one.status for one in unread] == ["bad_request", "bad_request"]
    assert (cut.truncated, cut.finish, len(cut.text.reveal())) == (True, "length", 12)


def test_a_simulated_model_without_data_is_refused() -> None:
    """The error says what is missing."""
    steady = known("simulated-taffrail/lookout")
    model = msgspec.structs.replace(steady.model, simulation=None)
    with pytest.raises(Malformed, match="says not how it behaves") as caught:
        SimulatedModel(Candidate(partner=steady.partner, model=model))
    assert "[models.simulation]" in caught.value.hint


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"seed": 1, "shares": {"refused": 0.7, "invalid": 0.7}}, "add up to 1.4"),
        ({"seed": 1, "quality": 1.2}, "<= 1"),
        ({"seed": 1, "qualty": 1.0}, "unknown field `qualty`"),
        ({"seed": 1, "capacity": {"burst": 0}}, ">= 1"),
        ({}, "missing required field `seed`"),
    ],
)
def test_impossible_data_are_refused(data: dict[str, object], message: str) -> None:
    """No share beyond the whole, no unknown key."""
    with pytest.raises(msgspec.ValidationError, match=message):
        msgspec.convert(data, Simulation)


def test_answers_may_come_from_elsewhere() -> None:
    """A rehearsal that knows the targets hands them in; mistakes are still made by quality."""

    async def scene(clock: Callable[[], float]) -> Reply:
        model = SimulatedModel(made(), clock=clock, source=lambda _: b'{"urgent": false}')
        return await model.complete(call(request(1)))

    assert played(scene).text.reveal() == '{"urgent": false}'
