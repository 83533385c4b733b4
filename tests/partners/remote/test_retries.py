"""Retries: only where it is safe, with the server's delay, and inside one overall deadline."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.partners.causes import meanings
from pratique.partners.dialect import Limits
from pratique.partners.remote.breaker import Breaker
from pratique.partners.remote.retries import retry_after_of, wait_before_next
from pratique.partners.standins.scenarios import Scenario, read_scenarios

from .stage import call, on_stage, text_of

CAUSES = sorted(meanings())


def one_of(dialect: str, **wanted: object) -> Scenario:
    """Return the first scenario that is as *wanted*: `cause`, `http`, `end`, `retry_after`."""
    return next(
        one
        for one in read_scenarios(dialect).values()
        if all(getattr(one, k, getattr(one.expect, k, None)) == v for k, v in wanted.items())
    )


@given(
    st.sampled_from(CAUSES),
    st.integers(min_value=1, max_value=6),
    st.none() | st.floats(min_value=0, max_value=1000),
    st.floats(min_value=-1, max_value=120),
    st.floats(min_value=0, max_value=1, exclude_max=True),
)
def test_a_wait_fits_the_deadline_and_honours_the_server(
    cause: str, attempts: int, retry_after: float | None, left: float, draw: float
) -> None:
    """Whatever the cause: no wait passes the deadline, none is shorter than was asked for."""
    wait = wait_before_next(cause, attempts, retry_after, left, draw=lambda: draw)  # type: ignore[arg-type]
    if wait is None:
        return
    assert meanings()[cause].retry != "never"  # type: ignore[index]
    assert 0 <= wait <= left - 0.5
    assert attempts < 4
    if retry_after is not None:
        assert retry_after <= wait <= retry_after * 1.1


@pytest.mark.parametrize("cause", [c for c in CAUSES if meanings()[c].retry == "never"])
def test_what_will_not_get_better_is_not_tried_again(cause: str) -> None:
    """Above all a refusal: shopping it round is what a regulator asks about."""
    assert wait_before_next(cause, 1, None, 60) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "milliseconds", "delay"),
    [
        ("7", None, 7.0),
        ("0.5", None, 0.5),
        ("7", "250", 0.25),
        (None, None, None),
        ("soon", None, None),
        ("-1", None, None),
        ("nan", None, None),
        ("1e9", None, None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None, None),
    ],
)
def test_the_servers_delay_is_read_or_nothing_is(
    seconds: str | None, milliseconds: str | None, delay: float | None
) -> None:
    """An absurd delay must neither stop the service nor be taken for none."""
    assert retry_after_of(seconds, milliseconds) == delay


def test_a_call_that_was_told_to_wait_too_long_ends_at_once() -> None:
    """The caller learns how long, and does not wait for nothing."""

    async def run() -> None:
        async with on_stage("alibaba") as stage:
            stage.stand_in.play(one_of("alibaba", http=429, retry_after=7.0))
            reply = await stage.model.complete(call(deadline=5.0))
            assert (reply.status, reply.retry_after, reply.attempts) == ("rate_limited", 7.0, 1)
            assert stage.waits == [] and reply.seconds < 5

    asyncio.run(run())


@pytest.mark.parametrize("stream", [False, True])
def test_a_fault_before_the_first_token_is_made_good(stream: bool) -> None:
    """The caller sees one answer and no sign of the fault but the number of tries."""

    async def run() -> None:
        async with on_stage("bytedance") as stage:
            stage.stand_in.play(one_of("bytedance", http=500))
            if stream:
                pieces, reply = await stage.streamed(call())
                assert text_of(pieces) == reply.text.reveal()
            else:
                reply = await stage.model.complete(call())
            assert (reply.status, reply.attempts) == ("ok", 2)
            assert stage.spend.by_feature()[stage.model.name, ""].attempts == 2

    asyncio.run(run())


def test_after_the_first_token_nothing_is_tried_again() -> None:
    """Else a user would read the beginning of one answer and the end of another."""

    async def run() -> None:
        async with on_stage("bytedance") as stage:
            stage.stand_in.play(one_of("bytedance", end="cut", retry="never", status="unavailable"))
            pieces, reply = await stage.streamed(call())
            assert text_of(pieces) != "" and reply.begun
            assert (reply.status, reply.attempts, len(stage.stand_in.seen)) == ("unavailable", 1, 1)

    asyncio.run(run())


def test_a_breaker_stops_calls_and_lets_one_through_to_see() -> None:
    """After a row of failures the partner is left alone; the first success closes it again."""
    now = [0.0]
    breaker = Breaker(failures=3, rest=5.0, clock=lambda: now[0])
    for cause in ("server_error", "overloaded", "rate_limited", "timeout", "server_error"):
        breaker.note(cause)
    assert breaker.wait() == 0, "an answer of any other kind breaks the row"
    breaker.note("timeout")
    assert breaker.wait() == 5.0
    now[0] = 5.0
    assert [breaker.wait(), breaker.wait()] == [0.0, 5.0], "one may see; the next waits"
    breaker.note("ok")
    assert breaker.wait() == 0


def test_an_open_breaker_makes_no_call() -> None:
    """The reply says so at once, and what it would cost is not counted."""

    async def run() -> None:
        async with on_stage("deepseek") as stage:
            failure = one_of("deepseek", http=500)
            stage.stand_in.choose = lambda _: failure
            for _ in range(4):
                await stage.model.complete(call())
            seen = len(stage.stand_in.seen)
            reply = await stage.model.complete(call())
            assert (reply.status, reply.code, reply.attempts) == ("overloaded", "breaker_open", 0)
            assert len(stage.stand_in.seen) == seen
            assert stage.spend.by_feature()[stage.model.name, ""].calls == 4

    asyncio.run(run())


def test_a_server_of_ones_own_never_sees_more_calls_than_it_has_places() -> None:
    """vLLM and its like queue without bound; here callers wait, and are told when it was in vain."""

    async def run() -> None:
        async with on_stage("vllm", limits=Limits(concurrency=2)) as stage:
            stage.stand_in.delay = 0.02
            most = 0

            def watch(_: object) -> None:
                nonlocal most
                most = max(most, stage.stand_in.in_flight)

            stage.stand_in.choose = watch
            replies = await asyncio.gather(*(stage.model.complete(call()) for _ in range(10)))
            assert {one.status for one in replies} == {"ok"} and most <= 2
            stage.stand_in.delay = 5
            held = [asyncio.create_task(stage.model.complete(call())) for _ in range(2)]
            await asyncio.sleep(0.01)
            reply = await stage.model.complete(call(deadline=0.05))
            assert (reply.status, reply.code) == ("rate_limited", "queue_full")
            for one in held:
                one.cancel()
            await asyncio.gather(*held, return_exceptions=True)

    asyncio.run(run())
