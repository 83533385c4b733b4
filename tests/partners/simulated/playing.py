"""Playing scenes with simulated models: time that passes without waiting, requests, and bounds of chance."""

import asyncio
import json
import math
import selectors
from collections.abc import Callable, Coroutine
from typing import TypeVar

import msgspec

from pratique.partners.catalogue import Candidate, find_candidate, packaged, read_partners
from pratique.partners.contract import Call, Reply, Turn
from pratique.partners.rules import answer
from pratique.partners.simulated import SimulatedModel
from pratique.partners.simulation import Latency, Simulation
from pratique.privacy import Sensitive

T = TypeVar("T")

PARTNERS = {one.id: one for one in read_partners([packaged()]).values() if one.simulated}
CANDIDATES = [Candidate(partner=p, model=m) for p in PARTNERS.values() for m in p.models]
N = 800


def behaviour(candidate: Candidate) -> Simulation:
    """Return how a model behaves."""
    assert candidate.model.simulation is not None
    return candidate.model.simulation


def known(name: str) -> Candidate:
    """Return a simulated model of the catalogue."""
    return find_candidate(PARTNERS, name)


def made(**fields: object) -> Candidate:
    """Return the steady model with other data: an hour passes as fast as it is played."""
    steady = known("simulated-taffrail/lookout")
    data: dict[str, object] = {"seed": 7, "latency": Latency(median=1.0, spread=0.0)} | fields
    simulation = Simulation(**data)  # type: ignore[arg-type]
    model = msgspec.structs.replace(steady.model, simulation=simulation)
    return Candidate(partner=steady.partner, model=model)


class Skipping(selectors.SelectSelector):
    """Where an event loop would wait for time to pass, the time is simply added up."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "everything waits for something that will not come"
        self.now += max(0.0, timeout)
        return super().select(0)


def played(scene: Callable[[Callable[[], float]], Coroutine[object, object, T]]) -> T:
    """Play *scene*, which is given the clock, in a loop where sleeping takes no time."""
    selector = Skipping()
    loop = asyncio.SelectorEventLoop(selector)
    loop.time = lambda: selector.now  # type: ignore[method-assign]
    try:
        return loop.run_until_complete(scene(loop.time))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def request(n: int) -> str:
    """Return request number *n*, unlike all others; asks for a priority."""
    item = {"app_category": "travel", "title": "Gate change", "ts": "2026-11-02T18:19:00+08:00"}
    given = {"item": {**item, "body": f"Boarding of flight {n} starts at gate B7 in 15 minutes."}}
    given |= {"now": "2026-11-02T18:20:00+08:00"}  # type: ignore[dict-item]
    return json.dumps({"feature": "priority", "locale": "en", "input": given})


def call(text: str, **fields: object) -> Call:
    """Return a chat call with one message."""
    values: dict[str, object] = {"form": "chat", "max_tokens": 4096, "deadline": 60.0}
    turns = (Turn(role="user", content=Sensitive(text)),)
    return Call(turns=turns, **(values | fields))  # type: ignore[arg-type]


def one_by_one(candidate: Candidate, numbers: range = range(N)) -> list[Reply]:
    """Return the replies to that many different requests, asked one after the other."""

    async def scene(clock: Callable[[], float]) -> list[Reply]:
        model = SimulatedModel(candidate, clock=clock)
        return [await model.complete(call(request(n))) for n in numbers]

    return played(scene)


def likely(count: int, n: int, share: float) -> bool:
    """Whether *count* of *n* is no rarer than one in a million, by the binomial law of *share*."""

    def chance(k: int) -> float:
        if share in (0, 1):
            return float(k == n * share)
        logs = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        return math.exp(logs + k * math.log(share) + (n - k) * math.log1p(-share))

    below, above = range(count + 1), range(count, n + 1)
    return min(sum(map(chance, below)), sum(map(chance, above))) > 5e-7


def right(n: int, reply: Reply) -> bool:
    """Whether *reply* is what the rules answer to request *n*."""
    return reply.text.reveal() == answer(request(n).encode()).decode()
