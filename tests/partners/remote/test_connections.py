"""Connections: kept for the next call when an answer came to its end, closed when it did not."""

import asyncio

from pratique.partners.standins.scenarios import read_scenarios

from .stage import call, on_stage


def test_calls_one_after_another_use_one_connection() -> None:
    """A new connection costs a handshake, which a user feels."""

    async def run() -> None:
        async with on_stage("alibaba") as stage:
            for _ in range(3):
                await stage.model.complete(call())
                await stage.streamed(call())
                assert stage.stand_in.connections == 1

    asyncio.run(run())


def test_a_connection_that_failed_is_not_used_again() -> None:
    """What is left of a broken answer must not become the next one's beginning."""

    async def run() -> None:
        cut = next(
            s
            for s in read_scenarios("alibaba").values()
            if s.end == "cut" and s.expect.retry == "never" and s.expect.status != "ok"
        )
        async with on_stage("alibaba") as stage:
            for _ in range(5):
                stage.stand_in.play(cut)
                _, broken = await stage.streamed(call())
                _, reply = await stage.streamed(call("and now?"))
                assert (broken.status, reply.status) == ("unavailable", "ok")
                assert "and now?" in reply.text.reveal()

    asyncio.run(run())
