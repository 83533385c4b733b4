"""Checks of an answer in pieces."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import cast

from pratique.partners.conformance.checks import (
    Failed,
    Unsupported,
    answered,
    checks,
    require,
    undocumented,
)
from pratique.partners.conformance.subject import Made, Subject
from pratique.partners.contract import Delta, Event

_LONG = "Count from 1 to 60 in digits, with a comma after each number, and nothing else."
_PACE, _DELAY, _PATIENCE = 0.02, 5.0, 10.0
"""Seconds between a stand-in's events, before its first byte, and until it must have noticed."""


async def _streamed(subject: Subject) -> Made:
    """Return the stream that most checks here look at."""
    if subject.can.stream is False:
        undocumented("streams")
    made = await subject.streamed()
    answered(made.reply)
    return made


async def stream_answer(subject: Subject) -> None:
    """A streamed call comes to an answer with text."""
    made = await _streamed(subject)
    require(bool(made.reply.text.reveal().strip()), "the answer has no text")


async def stream_joins(subject: Subject) -> None:
    """The pieces make up the text of the reply, which comes last."""
    made = await _streamed(subject)
    require(made.text == made.reply.text.reveal(), "the pieces are not the answer")


async def stream_pieces(subject: Subject) -> None:
    """The answer comes in more than one piece, none of them empty."""
    pieces = [one for one in (await _streamed(subject)).events if isinstance(one, Delta)]
    subject.establish("stream", len(pieces) > 1)
    require(len(pieces) > 1, f"the answer came in {len(pieces)} piece(s)")
    require(all(one.text.reveal() for one in pieces), "a piece is empty")


async def stream_first_piece(subject: Subject) -> None:
    """The first piece comes before the answer has ended."""
    reply = (await _streamed(subject)).reply
    first = reply.first_token_seconds
    require(first is not None and first <= reply.seconds, "no first piece was seen in time")
    require(reply.begun, "the reply does not know that text was passed on")


async def stream_finish(subject: Subject) -> None:
    """The stream says why it ended."""
    require(bool((await _streamed(subject)).reply.finish), "it does not say why it ended")


async def stream_usage(subject: Subject) -> None:
    """The stream counts the tokens read and written."""
    usage = (await _streamed(subject)).reply.usage
    counted = not usage.estimated and usage.input_tokens > 0 and usage.output_tokens > 0
    subject.establish("usage_in_stream", counted)
    require(counted, "the stream does not count its tokens")


async def stream_reads_the_same(subject: Subject) -> None:
    """A stream reads as many tokens as the same call in one piece."""
    one, other = answered(await subject.plain()).usage, (await _streamed(subject)).reply.usage
    if one.estimated or other.estimated:
        raise Unsupported("the partner does not count tokens")
    counts = f"{other.input_tokens} tokens, {one.input_tokens} in one piece"
    require(one.input_tokens == other.input_tokens, f"the stream read {counts}")


async def stream_model(subject: Subject) -> None:
    """The stream names the same model as an answer in one piece."""
    named, plain = (await _streamed(subject)).reply.model, answered(await subject.plain()).model
    if not named and not plain:
        raise Unsupported("no answer names a model")
    require(named == plain, "another model is named than in one piece")


async def stream_request_id(subject: Subject) -> None:
    """The stream has a name that the partner's support can look up, another than the last call's."""
    named = (await _streamed(subject)).reply.request_id
    subject.establish("request_id", bool(named))
    require(bool(named), "the stream has no request id")
    require(named != answered(await subject.plain()).request_id, "two calls have one request id")


async def stream_and_on(subject: Subject) -> None:
    """A call right after a stream is answered at its first try."""
    answered((await subject.stream(subject.call())).reply)
    reply = answered(await subject.ask(subject.call()))
    if reply.attempts > 1 and subject.stand_in is None:
        raise Unsupported("it was answered at a later try: the server closes a stream's connection")
    require(reply.attempts == 1, f"it took {reply.attempts} tries")


async def stream_cancel(subject: Subject) -> None:
    """A stream may be left in the middle, and the next call works."""
    stand_in = subject.stand_in
    if stand_in is not None:
        stand_in.pace = _PACE
    try:
        await _left(subject.begin(subject.call(_LONG, max_tokens=subject.room() + 64)))
        if stand_in is not None:
            async with asyncio.timeout(_PATIENCE):
                await stand_in.seen[-1].hung_up.wait()
    except TimeoutError:
        raise Failed("the server was not told that nobody listens") from None
    finally:
        if stand_in is not None:
            stand_in.pace = 0.0
    answered(await subject.ask(subject.call()))


async def stream_abandoned(subject: Subject) -> None:
    """A stream may be left before its first piece: the server sees it, and the next call works."""
    stand_in = subject.standing_in
    before, stand_in.delay = len(stand_in.seen), _DELAY
    task = asyncio.ensure_future(_left(subject.begin(subject.call())))
    try:
        async with asyncio.timeout(_PATIENCE):
            while len(stand_in.seen) == before and not task.done():
                await asyncio.sleep(0.001)
            require(len(stand_in.seen) > before, "no call was made")
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await stand_in.seen[-1].hung_up.wait()
    except TimeoutError:
        raise Failed("the server was not told that nobody waits") from None
    finally:
        stand_in.delay = 0.0
    answered(await subject.ask(subject.call()))


CHECKS = checks(
    stream_answer,
    stream_joins,
    stream_pieces,
    stream_first_piece,
    stream_finish,
    stream_usage,
    stream_reads_the_same,
    stream_model,
    stream_request_id,
    stream_and_on,
    stream_cancel,
) + checks(stream_abandoned, stand_in_only=True)


async def _left(events: AsyncIterator[Event]) -> None:
    """Read *events* up to the first piece of text, and leave."""
    async with aclosing(cast("AsyncGenerator[Event, None]", events)) as left:
        async for event in left:
            if isinstance(event, Delta):
                return
    raise Failed("the stream ended without a piece of text")
