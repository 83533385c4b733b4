"""Batches: what one read of the network brought passes on together, piece by piece the same."""

import asyncio

import pytest

from pratique.partners.contract import Reply

from .stage import DIALECTS, call, on_stage, text_of, thought_of


@pytest.mark.parametrize("dialect", DIALECTS)
def test_batches_hold_what_a_stream_yields(dialect: str) -> None:
    """None is empty, and the reply comes alone and last."""

    async def run() -> None:
        async with on_stage(dialect) as stage:
            pieces, reply = await stage.streamed(call())
            *batches, ended = [list(batch) async for batch in stage.model.batches(call())]
            came = [event for batch in batches for event in batch]
            assert all(batches) and len(came) == len(pieces)
            assert (text_of(came), thought_of(came)) == (text_of(pieces), thought_of(pieces))
            assert len(ended) == 1 and isinstance(ended[0], Reply)
            assert (ended[0].status, ended[0].text.reveal()) == (reply.status, reply.text.reveal())

    asyncio.run(run())
