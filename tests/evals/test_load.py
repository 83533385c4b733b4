"""The open loop: the schedule stands whatever comes back, and the caps are never passed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import Malformed, NotAllowed
from pratique.evals.load.after_burst import recovery_seconds
from pratique.evals.load.arrivals import Law, arrivals
from pratique.evals.load.open_loop import OpenLoop, Phase, Question
from pratique.evals.load.purse import Purse
from pratique.evals.load.repeats import repeats
from pratique.evals.load.sent import Sent
from pratique.evals.load.virtual_time import played
from pratique.evals.load.waits import Waits, try_waits
from pratique.partners.contract import Call, Delta, Event, Reply, Status, Turn, Usage
from pratique.privacy import Sensitive

CALL = Call(form="chat", turns=(Turn(role="user", content=Sensitive("Hello")),), max_tokens=10)
QUESTION = Question(call=CALL, valid=lambda reply: reply.text.reveal() == "ab")


class Slow:
    """A model that answers one request after the other, each in *seconds*."""

    name, concurrency = "slow/one", 1

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._turn = asyncio.Lock()

    async def complete(self, call: Call) -> Reply:
        raise AssertionError(f"a load streams: {call.form}")

    async def stream(self, call: Call) -> AsyncIterator[Event]:
        async with self._turn:
            await asyncio.sleep(self._seconds)
            assert call is CALL
            yield Delta(Sensitive("a"))
            await asyncio.sleep(0.1)
            yield Delta(Sensitive("b"))
        yield Reply(status="ok", text=Sensitive("ab"), usage=Usage(output_tokens=3))


class Limited:
    """A model that takes one request in *every* seconds, and asks to wait *part* of what is left."""

    name, concurrency = "limited/one", 1

    def __init__(self, clock: Callable[[], float], every: float, part: float | None) -> None:
        self._clock, self._every, self._part = clock, every, part
        self._free = 0.0

    async def complete(self, call: Call) -> Reply:
        raise AssertionError(f"a load streams: {call.form}")

    async def stream(self, call: Call) -> AsyncIterator[Event]:
        left = self._free - self._clock()
        assert call is CALL
        if left > 1e-9:
            named = None if self._part is None else left * self._part
            yield Reply(status="rate_limited", http_status=429, retry_after=named)
            return
        self._free = self._clock() + self._every
        yield Delta(Sensitive("ab"))
        yield Reply(status="ok", text=Sensitive("ab"), usage=Usage(output_tokens=1))


def purse(calls: int = 1000, money: float | None = None, price: float | None = None) -> Purse:
    """Return a purse; *price* is that of a token written."""
    return Purse(
        calls, money=money, priced=lambda u: None if price is None else u.output_tokens * price
    )


def loaded(
    scene: Callable[[Callable[[], float]], Coroutine[object, object, Phase]],
) -> Phase:
    """Play *scene* in virtual time."""
    return played(scene)


def test_requests_go_out_on_time_however_slow_the_answers_are() -> None:
    """Ten a second to a model that manages one a second: the tenth waits behind nine."""

    async def scene(clock: Callable[[], float]) -> Phase:
        load = OpenLoop(Slow(0.9), [QUESTION], purse(), clock=clock)
        return await load.run("step", 10, arrivals("even", 10, 10, 1))

    sent = loaded(scene).sent
    assert [one.sent for one in sent] == pytest.approx([n / 10 for n in range(10)])
    waited = [one.first_token_seconds for one in sent]
    assert waited == pytest.approx([0.9 + 0.9 * n for n in range(10)])
    assert [one.token_seconds for one in sent] == pytest.approx([0.05] * 10)
    assert all(one.valid for one in sent)


def test_latency_counts_from_when_a_request_was_due() -> None:
    """What we send too late is not forgiven: there is no coordinated omission."""

    async def scene(clock: Callable[[], float]) -> Phase:
        load = OpenLoop(Slow(0.1), [QUESTION], purse(), clock=clock)
        phase = asyncio.create_task(load.run("step", 10, (0.0, 0.1, 5.0)))
        await load.rest(3.0)
        return await phase

    async def late(clock: Callable[[], float]) -> Phase:
        async def oversleeping(seconds: float) -> None:
            await asyncio.sleep(seconds + 2.0)

        load = OpenLoop(Slow(0.1), [QUESTION], purse(), clock=clock, sleep=oversleeping)
        return await load.run("step", 10, (0.0, 1.0))

    assert all(one.late == pytest.approx(0) for one in loaded(scene).sent)
    second = loaded(late).sent[1]
    assert second.late == pytest.approx(2.0)
    assert second.first_token_seconds == pytest.approx(2.1)


def test_enough_ends_the_sending_and_what_is_in_flight_is_kept() -> None:
    """It was paid, and it is evidence."""

    async def scene(clock: Callable[[], float]) -> Phase:
        load = OpenLoop(Slow(1.0), [QUESTION], purse(), clock=clock)
        return await load.run(
            "step", 10, arrivals("even", 10, 50, 1), lambda flights, _: len(flights) == 7
        )

    phase = loaded(scene)
    assert phase.ended == "stopped" and len(phase.sent) == 7 and phase.planned == 50


def test_the_caps_of_calls_and_of_money_are_never_passed() -> None:
    """Money in flight counts with the most that a call may cost: ten tokens at 1, of which 3 are used."""

    async def scene(clock: Callable[[], float], kept: Purse) -> Phase:
        load = OpenLoop(Slow(0.01), [QUESTION], kept, clock=clock)
        return await load.run("step", 1, arrivals("even", 1, 50, 1))

    calls, money = purse(5), purse(1000, 29.0, 1.0)
    by_calls = loaded(lambda clock: scene(clock, calls))
    by_money = loaded(lambda clock: scene(clock, money))
    assert (by_calls.ended, len(by_calls.sent)) == ("budget", 5)
    assert by_money.ended == "budget" and "money" in money.empty
    assert money.spent == sum(one.cost or 0 for one in by_money.sent) == 21.0 <= 29.0
    with pytest.raises(NotAllowed, match="money cap"):
        purse(5, 1.0, None)


@pytest.mark.parametrize(
    ("part", "helped"), [(1.0, [True, True, True]), (0.1, [False, False, False])]
)
def test_a_wait_is_honest_if_a_request_after_it_is_taken(part: float, helped: list[bool]) -> None:
    """Nothing else is sent meanwhile."""

    async def scene(clock: Callable[[], float]) -> Waits:
        load = OpenLoop(Limited(clock, 5.0, part), [QUESTION], purse(), clock=clock)
        return await try_waits(load, 3, 10, arrivals("even", 10, 20, 1), 60)

    found = played(scene)
    assert [one.helped for one in found.tried] == helped
    assert all(one.named is not None for one in found.tried)


def test_a_wait_that_is_not_named_or_too_long_is_not_tried() -> None:
    """It is neither honest nor dishonest."""

    async def scene(clock: Callable[[], float], part: float | None, longest: float) -> Waits:
        load = OpenLoop(Limited(clock, 5.0, part), [QUESTION], purse(), clock=clock)
        return await try_waits(load, 2, 10, arrivals("even", 10, 20, 1), longest)

    unnamed = played(lambda clock: scene(clock, None, 60))
    long = played(lambda clock: scene(clock, 1.0, 1.0))
    assert [one.helped for one in unnamed.tried] == [one.helped for one in long.tried] == [None] * 2
    assert unnamed.tried[0].named is None and long.tried[0].named is not None


@settings(max_examples=50, deadline=None)
@given(st.floats(0.1, 100), st.integers(1, 200), st.integers(0, 10))
def test_arrivals_are_a_schedule_that_the_seed_repeats(rate: float, count: int, seed: int) -> None:
    """In order, from zero, and the same each time."""
    laws: tuple[Law, ...] = ("even", "poisson")
    for law in laws:
        due = arrivals(law, rate, count, seed)
        assert due == arrivals(law, rate, count, seed)
        assert due[0] == 0.0 and list(due) == sorted(due) and len(due) == count


def test_poisson_arrivals_keep_their_rate_and_are_no_grid() -> None:
    """Over two thousand of them, within six standard errors."""
    due = arrivals("poisson", 10, 2001, 3)
    assert due[-1] == pytest.approx(200, abs=6 * 200 / 2000**0.5)
    gaps = [b - a for a, b in pairwise(due)]
    assert sum(gap > 0.1 for gap in gaps) == pytest.approx(2000 * 0.368, rel=0.12)


@pytest.mark.parametrize(("rate", "count"), [(0, 5), (-1.0, 5), (1.0, 0)])
def test_a_load_of_nothing_is_refused(rate: float, count: int) -> None:
    """It would say nothing."""
    with pytest.raises(Malformed, match="no load"):
        arrivals("even", rate, count, 1)


def sent(due: float, status: Status = "ok", number: int = 0) -> Sent:
    """Return one request."""
    return Sent(phase="p", input=number, due=due, sent=due, ended=due + 0.1, status=status)


def test_recovery_is_the_first_of_a_steady_row() -> None:
    """One good answer between bad ones is no recovery."""
    burst = [sent(n / 10, "rate_limited") for n in range(10)]
    words: list[Status] = ["timeout", "ok", "overloaded", "ok", "ok", "ok"]
    after = [sent(2.0 + n, word) for n, word in enumerate(words)]

    def met(one: Sent) -> bool:
        return one.status == "ok"

    assert recovery_seconds([*burst, *after], 10, met, 3) == pytest.approx(5.0 - 0.9)
    assert recovery_seconds([*burst, *after], 10, met, 4) is None
    assert recovery_seconds(burst, 10, met, 1) is None


def test_the_same_input_is_compared_with_the_time_before() -> None:
    """Failures are no verdict; a filter on the answer is the same as one on the input."""
    words: list[Status] = ["ok", "rate_limited", "ok", "refused", "input_blocked", "output_blocked"]
    assert repeats([sent(float(n), word) for n, word in enumerate(words)]) == (
        True,
        False,
        False,
        True,
    )
    assert repeats([sent(0.0, number=1), sent(1.0, "refused", number=2)]) == ()
