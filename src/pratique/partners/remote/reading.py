"""Reading: one answer taken off the wire, whole or in pieces, into a gathering."""

import asyncio
import time
from types import TracebackType

import msgspec

from pratique.errors import Malformed
from pratique.partners.contract import Delta, Event, Thought
from pratique.partners.dialect import Clocks
from pratique.partners.remote import bodies
from pratique.partners.remote.course import Course
from pratique.partners.remote.events import EventReader
from pratique.partners.remote.gathering import Gathering
from pratique.partners.remote.retries import retry_after_of
from pratique.partners.remote.wire import Answer, Cut, TooLong, Wire
from pratique.partners.watch import Expired, Watch
from pratique.privacy import Sensitive

FAILURES = (Cut, TooLong, TimeoutError, Expired, Malformed, msgspec.DecodeError)
"""What may happen to an answer on its way."""

MOST_TOGETHER = 32
"""Pieces that pass on in one step at most: a slow reader holds no more than that of a fast server."""

_FAREWELL = 0.05
"""Seconds to wait for the end of a stream that has said its last word, to use its connection again."""


def failed(gathering: Gathering, error: Exception) -> None:
    """Take in one of `FAILURES`. What failed after the answer was complete does no harm."""
    if gathering.finish:
        gathering.end()
    elif isinstance(error, (TimeoutError, Expired)):
        gathering.refuse("timeout", "deadline", "no answer in time")
    elif isinstance(error, Cut):
        gathering.refuse("server_error", str(error), "the connection failed")
    elif isinstance(error, (TooLong, Malformed)):
        gathering.refuse("server_error", "too_long", str(error))
    else:
        gathering.refuse("server_error", "unreadable", "the answer is not in the wire's shape")


def headed(gathering: Gathering, head: Answer, id_headers: tuple[str, ...]) -> None:
    """Take in what the head of an answer tells."""
    gathering.http_status = head.status
    for name in id_headers:
        found = head.field(name)
        if found:
            gathering.request_id = found
            break
    if head.status >= 400:
        gathering.retry_after = retry_after_of(
            head.field("retry-after"), head.field("retry-after-ms")
        )


def body_read(gathering: Gathering, data: bytes) -> str:
    """Take in the body of a whole answer, be it an answer or an error; return its text."""
    try:
        body = bodies.decode(data)
        found = bodies.fault(body)
    except msgspec.DecodeError as error:
        if gathering.http_status >= 400:
            gathering.refuse_status(gathering.http_status)
        else:
            failed(gathering, error)
        return ""
    if found is not None:
        gathering.fail(gathering.http_status, found)
        gathering.request_id = body.request_id or gathering.request_id
        return ""
    if gathering.http_status >= 400:
        gathering.refuse_status(gathering.http_status)
        return ""
    return gathering.take(body) + gathering.end()


def parted(events: list[Event]) -> list[list[Event]]:
    """Return *events*, which came at once, in the steps in which they pass on."""
    return [events[at : at + MOST_TOGETHER] for at in range(0, len(events), MOST_TOGETHER)]


class Reading:
    """A stream being read. Leaving it closes the connection, unless the answer was complete."""

    def __init__(
        self,
        wire: Wire,
        path: str,
        headers: dict[str, str],
        body: Sensitive[bytes],
        gathering: Gathering,
        course: Course,
        clocks: Clocks,
        id_headers: tuple[str, ...],
    ) -> None:
        self._wire = wire
        self._asked = (path, headers, body)
        self._gathering = gathering
        self._course = course
        self._clocks = clocks
        self._id_headers = id_headers
        self._events = EventReader()
        self._response: Answer | None = None
        self._whole: bytes | None = None
        self._done = False

    async def __aenter__(self) -> "Reading":
        self._loop = asyncio.get_running_loop()
        left = self._course.left
        self._last = self._loop.time() + left
        self._watch = Watch(min(left, self._clocks.first_token_seconds))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        response = self._response
        if response is not None:
            if error is None and self._done:
                await self._drained(response)
            else:
                response.close()
        self._watch.close()

    async def next(self) -> list[Event] | None:
        """Return the pieces that came next (perhaps none), or None at the end."""
        if self._done:
            return None
        try:
            self._watch.start()
            data = await self._chunk()
            self._watch.stop()
            return self._taken(data)
        except asyncio.CancelledError:
            if not self._watch.expired():
                raise
            failed(self._gathering, Expired())
        except FAILURES as error:
            self._watch.stop()
            failed(self._gathering, error)
        self._done = True
        return None

    async def _drained(self, response: Answer) -> None:
        """Give the connection back; one that goes on sending after its last word is closed."""
        if not response.ended and self._gathering.cause == "ok":
            self._watch.limit = self._loop.time() + _FAREWELL
            try:
                self._watch.start()
                await response.chunk()
            except asyncio.CancelledError:
                if not self._watch.expired():
                    response.close()
                    raise
            except (Cut, Expired):
                self._watch.stop()
        response.release()

    async def _chunk(self) -> bytes:
        if self._response is None:
            return await self._opened()
        return await self._response.chunk()

    async def _opened(self) -> bytes:
        """Open the connection; return the first bytes of a stream, or take in a whole body."""
        head = self._response = await self._wire.opened(*self._asked)
        headed(self._gathering, head, self._id_headers)
        kind = head.field("content-type") or ""
        if head.status < 400 and kind.startswith("text/event-stream"):
            first = await self._response.chunk()
            if not first.lstrip().startswith(b"{"):
                return first
            # A whole body, mostly an error, under the head of a stream.
            self._whole = first + await self._response.rest()
        else:
            self._whole = await self._response.rest()
        return b""

    def _taken(self, data: bytes) -> list[Event]:
        if data:
            return self._pieces(self._events.feed(data))
        self._done = True
        if self._whole is not None:
            text = body_read(self._gathering, self._whole)
            return [Delta(Sensitive(text))] if text and self._gathering.cause == "ok" else []
        pieces = self._pieces(self._events.end())
        held = self._gathering.end()
        return [*pieces, Delta(Sensitive(held))] if held else pieces

    def _pieces(self, events: list[bytes]) -> list[Event]:
        """Take in the data of *events*; return the pieces that they add."""
        gathering = self._gathering
        found: list[Event] = []
        for data in events:
            if data == b"[DONE]":
                self._done = True
                held = gathering.end()
                if held:
                    found.append(Delta(Sensitive(held)))
                break
            thoughts = len(gathering.thoughts)
            try:
                body = bodies.decode(data)
            except msgspec.DecodeError as error:
                failed(gathering, error)
                self._done = True
                break
            text = gathering.take(body)
            if gathering.cause is not None:
                self._done = True
                break
            if len(gathering.thoughts) > thoughts:
                found.append(Thought(Sensitive("".join(gathering.thoughts[thoughts:]))))
            if text:
                found.append(Delta(Sensitive(text)))
        if found:
            self._alive()
        return found

    def _alive(self) -> None:
        """Move the watch on: only what the model wrote is a sign of life."""
        now = self._loop.time()
        self._watch.limit = min(self._last, now + self._clocks.between_tokens_seconds)
        if self._course.first_token is None and self._gathering.pieces:
            self._course.first_token = time.perf_counter() - self._course.started
