"""The open loop: each request is sent when it is due, whatever came back from those before.

A loop that waits for answers sends fewer requests to a partner who slows down, and so never sees
how slow it has become (coordinated omission: Tene 2013). Here the schedule stands, and latency
counts from it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from pratique.evals.load.purse import Purse
from pratique.evals.load.sent import Sent
from pratique.partners.contract import Call, Delta, Model, Reply

Ended = Literal["complete", "stopped", "budget"]
"""How a phase ended: all were sent, enough was known, or the purse was empty."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask."""

    call: Call
    """The call."""
    valid: Callable[[Reply], bool]
    """Whether an `ok` reply has the form that is needed."""


@dataclass(slots=True)
class Flight:
    """A request on its way."""

    due: float
    """When it had to be sent, in seconds from the start of the load."""
    first_token: float | None = None
    """When its first text came."""
    last_token: float | None = None
    """When its latest text came."""
    sent: Sent | None = None
    """What came of it, once it has ended."""


Enough = Callable[[Sequence[Flight], float], bool]
"""Says of the flights so far, in the order in which they were due, and the time: no more is needed."""


def never(_flights: Sequence[Flight], _now: float) -> bool:
    """Go on to the end."""
    return False


class Phase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a load."""

    name: str
    """Its name."""
    rate: float
    """Requests a second that were due."""
    planned: int
    """Requests that were planned."""
    ended: Ended
    """How it ended."""
    sent: tuple[Sent, ...]
    """What came of each request, in the order in which they were due."""


class OpenLoop:
    """Sends requests to one model, phase after phase, on one clock."""

    def __init__(
        self,
        model: Model,
        questions: Sequence[Question],
        purse: Purse,
        *,
        clock: Callable[[], float] = time.perf_counter,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Load *model* with *questions*, round and round. *clock* and *sleep* count in seconds."""
        self._model, self._questions, self._purse = model, questions, purse
        self._clock, self._sleep = clock, sleep
        self._start = clock()
        self._next = 0

    @property
    def now(self) -> float:
        """Seconds from the start of the load."""
        return self._clock() - self._start

    async def rest(self, until: float) -> None:
        """Send nothing until that second of the load."""
        if until > self.now:
            await self._sleep(until - self.now)

    async def run(
        self, name: str, rate: float, offsets: Sequence[float], enough: Enough = never
    ) -> Phase:
        """Send one request at each of *offsets*, in seconds from now, until *enough* or the end.

        Those in flight are waited for: they were paid, and they are evidence.
        """
        begun, flights = self.now, list[Flight]()
        ended: Ended = "complete"
        async with asyncio.TaskGroup() as group:
            for offset in offsets:
                await self.rest(begun + offset)
                if enough(flights, self.now):
                    ended = "stopped"
                    break
                question = self._questions[self._next % len(self._questions)]
                paid = self._purse.take(question.call)
                if paid is None:
                    ended = "budget"
                    break
                flight = Flight(due=begun + offset)
                flights.append(flight)
                group.create_task(self._fly(name, flight, question, self._next, paid))
                self._next += 1
        return Phase(
            name=name,
            rate=rate,
            planned=len(offsets),
            ended=ended,
            sent=tuple(one.sent for one in flights if one.sent is not None),
        )

    async def _fly(
        self, phase: str, flight: Flight, question: Question, number: int, paid: float
    ) -> None:
        sent = self.now
        reply = await self._replied(flight, question.call)
        flight.sent = Sent(
            phase=phase,
            input=number % len(self._questions),
            due=flight.due,
            sent=sent,
            first_token=flight.first_token,
            last_token=flight.last_token,
            ended=self.now,
            status=reply.status,
            code=reply.code,
            http_status=reply.http_status,
            input_tokens=reply.usage.input_tokens,
            output_tokens=reply.usage.output_tokens,
            retry_after=reply.retry_after,
            valid=question.valid(reply) if reply.status == "ok" else None,
            tries=reply.attempts,
            cost=self._purse.settle(paid, reply.usage),
        )

    async def _replied(self, flight: Flight, call: Call) -> Reply:
        reply: Reply | None = None
        async for event in self._model.stream(call):
            if isinstance(event, Reply):
                reply = event
            elif isinstance(event, Delta):
                flight.last_token = self.now
                if flight.first_token is None:
                    flight.first_token = flight.last_token
        assert reply is not None, "a stream ends with its reply"  # noqa: S101
        return reply
