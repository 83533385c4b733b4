"""A model on a partner's servers, behind the contract: tried again where that is safe, and always
with exactly one reply inside the deadline."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, nullcontext

import msgspec

from pratique.partners.catalogue import Candidate
from pratique.partners.contract import Call, Event, Reply
from pratique.partners.remote import requests
from pratique.partners.remote.course import Course
from pratique.partners.remote.gathering import Gathering
from pratique.partners.remote.place import Place
from pratique.partners.remote.reading import FAILURES, Reading, body_read, failed, headed, parted
from pratique.partners.remote.schemas import fits
from pratique.partners.spend import Spend
from pratique.privacy import Masked, Sensitive

_USUAL_CONCURRENCY = 8
"""Calls at once where the catalogue names no limit."""
_FREE = nullcontext(True)


class RemoteModel:
    """One model at one place."""

    keeps_deadline = True
    """Each wait ends with the deadline, and a reply is given (see `keeps_deadline`)."""

    def __init__(
        self,
        candidate: Candidate,
        place: Place,
        spend: Spend,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.name = candidate.name
        self._sleep = sleep
        self._entry = candidate.model
        self._dialect = candidate.partner.dialect
        self._place = place
        self._spend = spend
        limit = candidate.model.limits.concurrency
        self.concurrency = limit or _USUAL_CONCURRENCY
        # Only where a limit is known does a call queue here: servers of one's own shed no load.
        self._slots = asyncio.Semaphore(limit) if limit else None

    async def complete(self, call: Call) -> Reply:
        """Make *call* and return what came back; never raises for what the partner does."""
        if call.thinking:  # several models think only in a stream
            return await self._drained(call)
        course = Course(call, self._place)
        body = Sensitive(requests.body(call, self._entry, self._dialect, stream=False))
        while True:
            gathering = Gathering(self._place.causes, streamed=False)
            may, key = course.key(gathering)
            if may and self._slots is None:
                await self._whole(course, gathering, key, body)
            elif may:
                async with self._slot(course, gathering) as free:
                    if free:
                        await self._whole(course, gathering, key, body)
            wait = course.wait(gathering)
            if wait is None:
                return self._ended(course, gathering)
            await self._sleep(wait)

    async def stream(self, call: Call) -> AsyncIterator[Event]:
        """Make *call* and yield its pieces, then one `Reply`; closing the iterator ends the call."""
        async with aclosing(self.batches(call)) as batches:
            async for events in batches:
                for event in events:
                    yield event

    async def batches(self, call: Call) -> AsyncGenerator[Sequence[Event], None]:
        """Make *call* and yield what `stream` does, together what one read of the network brought."""
        course = Course(call, self._place)
        body = Sensitive(requests.body(call, self._entry, self._dialect, stream=True))
        while True:
            gathering = Gathering(self._place.causes, streamed=True)
            may, key = course.key(gathering)
            if may:
                async with self._slot(course, gathering) as free:
                    if free:
                        async with self._reading(course, gathering, key, body) as reading:
                            while (events := await reading.next()) is not None:
                                for batch in parted(events):
                                    yield batch
            wait = course.wait(gathering)
            if wait is None:
                yield (self._ended(course, gathering),)
                return
            await self._sleep(wait)

    async def _drained(self, call: Call) -> Reply:
        async with aclosing(self.batches(call)) as batches:
            async for events in batches:
                if isinstance(events[-1], Reply):
                    return events[-1]
        raise AssertionError("a stream ends with its reply")

    async def _whole(
        self, course: Course, gathering: Gathering, key: Masked | None, body: Sensitive[bytes]
    ) -> None:
        path, headers = _path(course.call), self._place.headers(key)
        try:
            response = await self._place.wire.opened(path, headers, body, course.left)
            try:
                headed(gathering, response, self._dialect.request_id_headers)
                data = await response.rest()
            finally:
                response.release()
        except FAILURES as error:
            failed(gathering, error)
        else:
            body_read(gathering, data)

    def _reading(
        self, course: Course, gathering: Gathering, key: Masked | None, body: Sensitive[bytes]
    ) -> Reading:
        return Reading(
            self._place.wire,
            _path(course.call),
            self._place.headers(key),
            body,
            gathering,
            course,
            self._entry.clocks,
            self._dialect.request_id_headers,
        )

    def _slot(self, course: Course, gathering: Gathering) -> AbstractAsyncContextManager[bool]:
        """Wait for one of the places of a server that sheds no load; elsewhere all are free."""
        return _FREE if self._slots is None else _queued(self._slots, course, gathering)

    def _ended(self, course: Course, gathering: Gathering) -> Reply:
        reply = course.reply(gathering)
        schema = course.call.schema
        if schema is not None and reply.status == "ok" and not reply.tool_calls:
            reply = msgspec.structs.replace(reply, fits=fits(schema, reply.text.reveal()))
        self._spend.note(self.name, course.call.feature, self._entry, reply)
        return reply


def _path(call: Call) -> str:
    return "/chat/completions" if call.form == "chat" else "/completions"


@asynccontextmanager
async def _queued(
    slots: asyncio.Semaphore, course: Course, gathering: Gathering
) -> AsyncIterator[bool]:
    try:
        async with asyncio.timeout(max(course.left, 0)):
            await slots.acquire()
    except TimeoutError:
        gathering.refuse("rate_limited", "queue_full", "no place became free in time")
        yield False
        return
    try:
        yield True
    finally:
        slots.release()
