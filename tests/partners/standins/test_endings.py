"""Tests of how an answer ends: in its middle, by a reset, in silence, or because the client hung up."""

import asyncio

import pytest

from pratique.partners.standins.server import StandIn
from tests.partners.standins.asking import (
    HELLO,
    PATIENCE,
    PIECES,
    SENT,
    ask,
    connected,
    fresh,
    scenario,
    until_seen,
)


async def _until_hung_up(one: StandIn) -> None:
    async with asyncio.timeout(PATIENCE):
        await one.seen[0].hung_up.wait()
        while one.connections or one.in_flight:
            await asyncio.sleep(0)


def test_a_cut_answer_ends_in_its_middle() -> None:
    async def check() -> None:
        async with fresh() as one:
            one.play(scenario(body={"a": "0123456789"}, end="cut"), scenario(end="cut"))
            one.play(scenario(events=PIECES, end="cut"))
            async with connected(one) as client:
                client.post(one, HELLO)
                _, headers = await client.head()
                assert (headers["content-length"], await client.rest()) == ("18", b'{"a":"012')
            async with connected(one) as client:
                client.post(one, HELLO)
                assert await client.rest() == b""
            heard = await ask(one, {**HELLO, "stream": True})
            assert (heard.body.decode(), heard.whole) == ("".join(SENT), False)

    asyncio.run(check())


def test_a_reset_is_a_reset_after_what_was_sent() -> None:
    async def check() -> None:
        async with fresh() as one:
            one.play(scenario(end="reset"), scenario(events=PIECES, end="reset"))
            async with connected(one) as client:
                client.post(one, HELLO)
                with pytest.raises(ConnectionResetError):
                    await client.rest()
            async with connected(one) as client:
                client.post(one, {**HELLO, "stream": True})
                assert (await client.head())[0] == 200
                assert [(await client.chunk()).decode() for _ in SENT] == SENT
                with pytest.raises(ConnectionResetError):
                    await client.rest()
            assert not any(seen.hung_up.is_set() for seen in one.seen)

    asyncio.run(check())


def test_a_client_that_hangs_up_on_silence_is_noticed() -> None:
    """Cancelling a call must close its socket: this is where a test sees it."""

    async def check() -> None:
        async with fresh() as one, connected(one) as client:
            one.play(scenario(events=PIECES, end="silent"))
            client.post(one, {**HELLO, "stream": True})
            await client.head()
            assert [(await client.chunk()).decode() for _ in SENT] == SENT
            assert not one.seen[0].hung_up.is_set()
            client.hang_up()
            await _until_hung_up(one)

    asyncio.run(check())


def test_a_client_that_hangs_up_before_the_first_byte_is_noticed() -> None:
    async def check() -> None:
        async with fresh() as one, connected(one) as client:
            one.delay = 3600
            client.post(one, HELLO)
            await until_seen(one)
            assert (one.in_flight, one.connections) == (1, 1)
            client.hang_up()
            await _until_hung_up(one)

    asyncio.run(check())


def test_a_client_that_hangs_up_between_events_is_noticed() -> None:
    async def check() -> None:
        async with fresh() as one, connected(one) as client:
            one.pace = 3600
            client.post(one, {**HELLO, "stream": True})
            await client.head()
            assert (await client.chunk()).startswith(b"data: ")
            client.hang_up()
            await _until_hung_up(one)

    asyncio.run(check())
