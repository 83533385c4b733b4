"""One exchange: bounded, named, and given up when the client goes away."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from litestar.types import HTTPScope, Message

from pratique.web.exchange import CLIENT, MAX_BODY_BYTES, Client, Exchange, Gone
from pratique.web.problems import Problem


class Wire:
    """A client, as the server shows it."""

    def __init__(self, *messages: dict[str, object]) -> None:
        self.messages = list(messages)
        self.sent: list[Message] = []
        self.client = Client()

    async def receive(self) -> dict[str, object]:
        """Give what came."""
        return self.messages.pop(0)

    async def send(self, message: Message) -> None:
        """Keep what is sent."""
        self.sent.append(message)

    def exchange(self, *headers: tuple[bytes, bytes]) -> Exchange:
        """Return the exchange with this client."""
        scope: HTTPScope = {  # type: ignore[typeddict-item]
            "path": "/v1/x",
            "headers": list(headers),
            "state": {CLIENT: self.client},
        }
        return Exchange(scope, self.receive, self.send, "req-1")  # type: ignore[arg-type]


def part(body: bytes, *, more: bool = False) -> dict[str, object]:
    """Return a part of a body."""
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_client_that_goes_away_ends_the_work() -> None:
    """What asks the partner is cancelled, so that its connection closes."""

    async def story() -> bool:
        wire = Wire()
        ended = False

        async def work() -> None:
            nonlocal ended
            try:
                asyncio.get_running_loop().call_soon(wire.client.leave)
                await asyncio.Event().wait()
            finally:
                ended = True

        with pytest.raises(Gone):
            await wire.exchange().while_there(work())
        return ended

    assert asyncio.run(story())


def test_for_a_client_that_has_gone_nothing_is_begun() -> None:
    """It may go while its request waits for the one before."""
    wire = Wire()
    wire.client.leave()
    begun = False

    async def work() -> None:
        nonlocal begun
        begun = True

    with pytest.raises(Gone):
        asyncio.run(wire.exchange().while_there(work()))
    assert not begun


def test_a_stream_is_closed_when_its_client_goes_away() -> None:
    """In the midst of it, and nothing more is taken from the partner."""

    async def story() -> bool:
        wire = Wire()
        exchange = wire.exchange()
        closed = False

        async def rest() -> AsyncGenerator[bytes, None]:
            nonlocal closed
            try:
                yield b"one"
                wire.client.leave()
                await asyncio.Event().wait()
            finally:
                closed = True

        with pytest.raises(Gone):
            await exchange.while_there(exchange.events(b"head", rest()))
        assert [one.get("body") for one in wire.sent[1:]] == [b"head", b"one"]
        return closed

    assert asyncio.run(story())


def test_a_cancellation_from_elsewhere_is_none_of_the_client() -> None:
    """The server that ends is not a client that went away."""

    async def story() -> None:
        task = asyncio.ensure_future(Wire().exchange().while_there(asyncio.Event().wait()))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(story())


def test_a_body_is_bounded_while_it_comes() -> None:
    """Nothing beyond the bound is kept, and what is cut off is no request."""
    half = bytes(MAX_BODY_BYTES // 2 + 1)
    with pytest.raises(Problem, match="request_too_large"):
        asyncio.run(Wire(part(half, more=True), part(half)).exchange().body())
    with pytest.raises(Gone):
        asyncio.run(Wire(part(b"{", more=True), {"type": "http.disconnect"}).exchange().body())


def test_a_page_in_a_browser_cannot_ask_in_plain_text() -> None:
    """A form on any page may send that to this machine without asking anybody."""
    exchange = Wire(part(b"{}")).exchange((b"content-type", b"text/plain"))
    with pytest.raises(Problem, match="unsupported_media_type"):
        asyncio.run(exchange.body())
