"""One connection of a stand-in: reads requests, writes answers, and notices at once who hangs up."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import TypeAlias, cast

from pratique.partners.standins.wire import (
    MAX_BODY,
    MAX_HEAD,
    RequestReader,
    Seen,
    Unreadable,
    head,
)

Serve: TypeAlias = Callable[["Connection", Seen], Awaitable[bool]]
"""Answers a request on its connection; returns whether the connection may be used again."""

_AT_ONCE = struct.pack("ii", 1, 0)
"""Value of SO_LINGER that makes closing a reset."""


class Connection(asyncio.Protocol):
    """One socket. An end of file from the client counts as hanging up, a half-closed one too."""

    def __init__(self, serve: Serve, opened: set["Connection"]) -> None:
        self._serve = serve
        self._opened = opened
        self._reader = RequestReader()
        self._transport: asyncio.Transport
        self._task: asyncio.Task[None] | None = None
        self._seen: Seen | None = None
        self._room: asyncio.Future[None] | None = None
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when the socket is closed."""

    # -- what the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast(asyncio.Transport, transport)
        # No room is left in the buffer, so that draining means: all of it is on its way.
        self._transport.set_write_buffer_limits(high=0)
        self._opened.add(self)

    def data_received(self, data: bytes) -> None:
        """Take what came, and answer the request that it completes."""
        self._reader.feed(data)
        if self._seen is None:
            self._go_on()
        elif self._reader.held > MAX_HEAD + MAX_BODY:
            self._transport.abort()

    def eof_received(self) -> None:
        """The client has hung up; the transport closes itself."""
        self._hang_up()

    def connection_lost(self, _exc: Exception | None) -> None:
        """The socket is closed."""
        self._hang_up()
        self.resume_writing()
        self._opened.discard(self)
        self.lost.set_result(None)

    def pause_writing(self) -> None:
        """The socket takes no more for now."""
        self._room = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """The socket took everything."""
        if self._room is not None and not self._room.done():
            self._room.set_result(None)
        self._room = None

    # -- what an answer calls

    def write(self, data: bytes) -> None:
        """Send *data*."""
        self._transport.write(data)

    async def drain(self) -> None:
        """Wait until everything is handed to the socket."""
        if self._room is not None:
            await self._room

    async def silence(self) -> None:
        """Send nothing more until the client hangs up or the server stops."""
        await asyncio.shield(self.lost)

    def reset(self) -> None:
        """Close the socket by a reset."""
        end: socket.socket = self._transport.get_extra_info("socket")
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self._transport.abort()

    async def stop(self) -> None:
        """Close the socket and end the answer, whatever it was about."""
        self._seen = None
        task = self._task
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._transport.abort()
        await self.lost

    # -- within

    def _go_on(self) -> None:
        if self._transport.is_closing():
            return
        try:
            seen = self._reader.next()
        except Unreadable as error:
            self.write(head(error.status, {"content-length": "0", "connection": "close"}))
            self._transport.close()
            return
        if seen is not None:
            self._seen = seen
            self._task = asyncio.get_running_loop().create_task(self._answer(seen))
            self._task.add_done_callback(self._answered)
        elif self._reader.asks_to_go_on():
            self.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    async def _answer(self, seen: Seen) -> None:
        again = await self._serve(self, seen)
        self._seen = None
        if not again or seen.last:
            self._transport.close()

    def _answered(self, task: asyncio.Task[None]) -> None:
        if self._task is task:
            self._task = None
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            self._go_on()
            return
        asyncio.get_running_loop().call_exception_handler(
            {"message": "a stand-in failed to answer", "exception": error, "task": task}
        )
        self._transport.abort()

    def _hang_up(self) -> None:
        if self._seen is not None:
            self._seen.hung_up.set()
            self._seen = None
        if self._task is not None:
            self._task.cancel()
