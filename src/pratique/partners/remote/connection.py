"""One connection to a partner's server: HTTP/1.1, one request after another, read by httptools.

A client library costs half of what a whole call may cost here (`docs/performance.md`), so the few
lines that we need of HTTP are ours; its grammar is llhttp's (https://llhttp.org), bound by httptools.
An answer ends as RFC 9112, section 6.3, says.
"""

import asyncio
import math
from typing import cast

import httptools

MAX_HEAD = 64 * 1024
"""Most bytes of an answer's head."""

_WAITING = 64 * 1024
"""Bytes of an answer that may wait for their reader before the server is held back."""

_LATE = "late"


class Cut(Exception):
    """The network failed before the answer was complete; the text names the kind of failure."""


class Connection(asyncio.Protocol):
    """A connection, and the answer that it brings."""

    __slots__ = (
        "_ended",
        "_failure",
        "_framed",
        "_head_bytes",
        "_informs",
        "_keeps",
        "_loop",
        "_parser",
        "_parts",
        "_paused",
        "_size",
        "_waiter",
        "begun",
        "fields",
        "idle_since",
        "status",
        "transport",
        "until",
    )

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._parser = httptools.HttpResponseParser(self)
        self._waiter: asyncio.Future[None] | None = None
        self._failure = ""
        self._paused = False
        self.transport: asyncio.Transport | None = None
        self.idle_since = 0.0
        """When it came to rest, by the loop's clock."""
        self.until = math.inf
        """When its answer must have come, by the same clock."""
        self._reset()

    def _reset(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0
        self._head_bytes = 0
        self._ended = False
        self._framed = False
        self._informs = False
        self._keeps = False
        self.begun = False
        """Whether the head of the answer has come."""
        self.status = 0
        """HTTP status of the answer."""
        self.fields: dict[str, str] = {}
        """Its header fields, by names in small letters; of a name that stands twice the first."""

    @property
    def alive(self) -> bool:
        """Whether another request may be sent: nothing is open, nothing failed."""
        transport = self.transport
        return transport is not None and not self._failure and not transport.is_closing()

    @property
    def ended(self) -> bool:
        """Whether all of the answer has come, be it read or not."""
        return self._ended

    @property
    def kept(self) -> bool:
        """Whether the answer came whole and the server keeps the connection."""
        return self._ended and self._keeps and self.alive

    def send(self, request: bytes) -> None:
        """Send one whole request."""
        self.begin()
        self.write(request)

    def begin(self) -> None:
        """Forget what came of the answer before."""
        self._reset()
        if self.transport is not None:
            self._resume(self.transport)

    def write(self, request: bytes) -> None:
        """Write one whole request, unless it was given up meanwhile."""
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(request)

    async def head(self) -> None:
        """Wait until the head of the answer has come.

        Raises:
            Cut: the network failed.
            TimeoutError: it did not come in time.
        """
        while not self.begun:
            await self._more()

    async def chunk(self) -> bytes:
        """Return all that has come of the body, as soon as anything has; nothing at its end.

        Raises:
            Cut: the network failed.
            TimeoutError: it did not come in time.
        """
        while not self._parts:
            if self._ended:
                return b""
            await self._more()
        parts, self._parts, self._size = self._parts, [], 0
        if self.transport is not None:
            self._resume(self.transport)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def late(self) -> None:
        """End the wait for an answer that has not come in time."""
        self._fail(_LATE)

    def close(self) -> None:
        """Close the connection at once; nothing more is read of it."""
        self._failure = self._failure or "closed"
        if self.transport is not None:
            self.transport.abort()

    def _resume(self, transport: asyncio.Transport) -> None:
        if self._paused:
            self._paused = False
            transport.resume_reading()

    async def _more(self) -> None:
        if self._failure == _LATE:
            raise TimeoutError("no answer in time")
        if self._failure:
            raise Cut(self._failure)
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        waiter = self._waiter
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    def _fail(self, why: str) -> None:
        self._failure = self._failure or why
        if self.transport is not None:
            self.transport.abort()
        self._wake()

    # What the network tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        # uvloop's transports are no subclass of asyncio's, but have its methods.
        self.transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """End; an answer whose length nothing tells is whole then, if the server ended it in order."""
        if self.begun and not self._framed and exc is None and not self._failure:
            self._ended = True
        self._failure = self._failure or ("broken" if self.begun else "disconnected")
        self._wake()

    def data_received(self, data: bytes) -> None:
        """Take in what has come."""
        if self._failure:
            return
        if not self.begun:
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade, UnicodeDecodeError):
            self._fail("no_http")
            return
        if self.begun:
            self._wake()
        elif self._head_bytes > MAX_HEAD:
            self._fail("head_too_long")
        if self._size > _WAITING and not self._paused and self.transport is not None:
            self._paused = True
            self.transport.pause_reading()

    # What the parser tells.

    def on_message_begin(self) -> None:
        """Take in the first byte of an answer; a second answer was not asked for."""
        if self._ended:
            self._fail("unasked")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take in a header field."""
        self.fields.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))

    def on_headers_complete(self) -> None:
        """Take in a head; one that only informs (1xx) is followed by the real one."""
        status = self._parser.get_status_code()
        self._informs = 100 <= status < 200
        if self._informs:
            self.fields = {}
            return
        if self.fields.get("content-encoding", "identity").lower() != "identity":
            # We ask for none: what is packed cannot be bounded before it is unpacked.
            self._fail("encoded")
            return
        self.status = status
        self._framed = "content-length" in self.fields or "transfer-encoding" in self.fields
        self._keeps = self._parser.should_keep_alive()
        self.begun = True

    def on_body(self, body: bytes) -> None:
        """Take in a part of the body."""
        self._parts.append(body)
        self._size += len(body)

    def on_message_complete(self) -> None:
        """Take in that the answer is whole."""
        if not self._informs:
            self._ended = True
