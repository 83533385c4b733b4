"""A simulated model: plays what its data say becomes of each call."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec

from pratique.errors import Malformed, NotFound
from pratique.partners.catalogue import Candidate
from pratique.partners.contract import Call, Delta, Event, Reply
from pratique.partners.rules import answer
from pratique.partners.rules.records import Request, read
from pratique.partners.simulated.courses import (
    Course,
    cut,
    retracted,
    silent,
    without_text,
    written,
)
from pratique.partners.simulated.draws import Draws
from pratique.partners.simulated.load import Load
from pratique.partners.simulated.mistakes import wrong
from pratique.partners.simulation import Simulation
from pratique.privacy import Sensitive

_REFUSAL_SECONDS = 0.05
"""Time after which a call is turned away."""

_AT_ONCE = 8
"""Calls at once where the catalogue names no limit."""

_DAY = 86_400


class SimulatedModel:
    """An invented model.

    What becomes of a call depends on the seed, the model's name and the call's content; for drift
    and a swap on how many calls came before, for a drift by the day and for load on the clock.
    All seconds, here and in replies, are simulated ones: `Simulation.speed` of them pass in one
    second of *clock* and *sleep*. *source* gives right answers as the rules do: a JSON request in,
    the feature's output out, `Malformed` or `NotFound` for what it cannot answer.
    """

    def __init__(
        self,
        candidate: Candidate,
        *,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
        source: Callable[[bytes], bytes] = answer,
    ) -> None:
        self.name = candidate.name
        self.concurrency = candidate.model.limits.concurrency or _AT_ONCE
        self._id = candidate.model.id
        self._upstream = candidate.model.upstream or candidate.model.id
        self._simulation = _simulation(candidate)
        self._sleep, self._clock, self._source = sleep, clock, source
        self._started = clock()
        self._load = Load(self._simulation.capacity, self._now)
        self._calls = 0

    async def complete(self, call: Call) -> Reply:
        """Make *call*; what a stream would have to take back is never shown here."""
        number, turned_away = self._arrived()
        if turned_away:
            await self._pass(turned_away.seconds)
            return turned_away
        with self._load.carrying() as slower:
            reply = self._course(call, number, slower).reply
            await self._pass(reply.seconds)
        return msgspec.structs.replace(reply, retract=False, begun=False, first_token_seconds=None)

    async def stream(self, call: Call) -> AsyncIterator[Event]:
        """Make *call* and yield its pieces as they come, then the reply."""
        number, turned_away = self._arrived()
        if turned_away:
            await self._pass(turned_away.seconds)
            yield turned_away
            return
        with self._load.carrying() as slower:
            course, passed = self._course(call, number, slower), 0.0
            for at, piece in course.pieces:
                await self._pass(at - passed)
                passed = at
                yield Delta(Sensitive(piece))
            await self._pass(course.reply.seconds - passed)
        yield course.reply

    def _now(self) -> float:
        return (self._clock() - self._started) * self._simulation.speed

    async def _pass(self, seconds: float) -> None:
        await self._sleep(seconds / self._simulation.speed)

    def _arrived(self) -> tuple[int, Reply | None]:
        """Count a call; give its number, and the reply if there is no room for it."""
        number = self._calls
        self._calls += 1
        wait = self._load.wait()
        if wait is None:
            return number, None
        beyond = self._simulation.capacity.beyond
        return number, Reply(
            status=beyond,
            http_status=429 if beyond == "rate_limited" else 503,
            code=beyond,
            detail="more calls than it carries",
            request_id=self._request_id(number),
            retry_after=self._load.named(wait),
            seconds=_REFUSAL_SECONDS,
        )

    def _request_id(self, number: int) -> str:
        # By the number alone: an id travels into logs, where no hash of content may go.
        return f"simulated-{self._id}-{number + 1:06d}"

    def _course(self, call: Call, number: int, slower: float) -> Course:
        """Return what *call* comes to, the one with this *number*, in a time that load draws out."""
        simulation, swap = self._simulation, self._simulation.swap
        served = swap.model if swap and number >= swap.after else self._upstream
        draws = Draws(simulation.seed, self.name, served, call)
        about = Reply(
            status="ok",
            model=served,
            request_id=self._request_id(number),
            seconds=draws.seconds(simulation.latency) * slower,
        )
        return cut(self._played(call, number, draws, about), call.deadline)

    def _played(self, call: Call, number: int, draws: Draws, about: Reply) -> Course:
        """Return what the model makes of *call*, before its deadline is looked at."""
        fate = self._fate(draws.share("fate"))
        if fate == "timeout":
            return silent(about)
        if fate in ("unavailable", "refused", "blocked"):
            return without_text(fate, call, about)
        try:
            text = self._answer(call, draws, self._quality(number))
        except (Malformed, NotFound):
            return without_text("unreadable", call, about)
        if fate == "invalid":
            text = text[: max(1, len(text) // 2)]
        course = written(text, call, about, about.seconds * self._simulation.latency.first)
        return retracted(course, draws.share("retracted")) if fate == "retracted" else course

    def _fate(self, drawn: float) -> str:
        """Return the name of the share that *drawn* falls into; empty for a sound answer."""
        reached = 0.0
        for name, share in msgspec.structs.asdict(self._simulation.shares).items():
            reached += share
            if drawn < reached:
                return str(name)
        return ""

    def _quality(self, number: int) -> float:
        """Return the share of right answers at the call with this *number*."""
        swap, drift = self._simulation.swap, self._simulation.drift
        if swap and number >= swap.after:
            return swap.quality
        if drift is None:
            return self._simulation.quality
        days = self._now() / _DAY
        changed = self._simulation.quality + number * drift.per_call + days * drift.per_day
        return min(1.0, max(drift.least, changed))

    def _answer(self, call: Call, draws: Draws, quality: float) -> str:
        """Return an answer, made wrong where the call draws no better than *quality*."""
        asked = call.turns[-1].content.reveal().encode()
        right = self._source(asked)
        if draws.share("quality") < quality:
            return right.decode()
        return wrong(read(asked, Request), right, draws.share("mistake")).decode()


def _simulation(candidate: Candidate) -> Simulation:
    simulation = candidate.model.simulation
    if simulation is None:
        raise Malformed(
            f"`{candidate.name}` is simulated but says not how it behaves",
            hint="write a table `[models.simulation]` with a `seed` below the model",
        )
    return simulation
