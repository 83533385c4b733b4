"""One try: a remote model whose every call goes out once and at once, for measuring its servers."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence

from pratique.partners.catalogue import Candidate
from pratique.partners.contract import Call, Event, Reply
from pratique.partners.remote import requests
from pratique.partners.remote.breaker import Breaker
from pratique.partners.remote.course import Course
from pratique.partners.remote.gathering import Gathering
from pratique.partners.remote.model import RemoteModel
from pratique.partners.remote.place import Place
from pratique.partners.spend import Spend
from pratique.privacy import Sensitive


class SingleTry(RemoteModel):
    """A model that is never tried again, never spared and never queued for.

    A retry would hide what a partner said first, the breaker would answer in its place, and a
    queue of ours would slow the load down to what it carries. Only a kept connection that the
    server had closed meanwhile is opened anew: nothing of the call had arrived.
    """

    def __init__(
        self,
        candidate: Candidate,
        place: Place,
        spend: Spend,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        super().__init__(candidate, place, spend, sleep=sleep)
        place.breaker = Breaker(failures=sys.maxsize)

    async def complete(self, call: Call) -> Reply:
        """Make *call* once and return what came back."""
        return await self._drained(call)

    async def batches(self, call: Call) -> AsyncGenerator[Sequence[Event], None]:
        """Make *call* once and yield its pieces, then one `Reply`."""
        course = Course(call, self._place)
        body = Sensitive(requests.body(call, self._entry, self._dialect, stream=True))
        while True:
            gathering = Gathering(self._place.causes, streamed=True)
            may, key = course.key(gathering)
            if may:
                async with self._reading(course, gathering, key, body) as reading:
                    while (events := await reading.next()) is not None:
                        if events:
                            yield events
            if gathering.code != "disconnected" or course.attempts > 1:
                yield (self._ended(course, gathering),)
                return
