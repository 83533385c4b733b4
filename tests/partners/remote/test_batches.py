"""Batches: what one read of the network brought passes on together, piece by piece the same."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.partners.contract import Delta, Event, Reply
from pratique.partners.remote.reading import MOST_TOGETHER, parted
from pratique.privacy import Sensitive

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


@given(st.integers(0, 300))
def test_no_step_is_larger_than_the_bound(count: int) -> None:
    """Whatever one read brought: all of it passes on, in order, a bounded part at a time."""
    events: list[Event] = [Delta(Sensitive(str(n))) for n in range(count)]
    parts = parted(events)
    assert [one for part in parts for one in part] == events
    assert all(0 < len(part) <= MOST_TOGETHER for part in parts)
