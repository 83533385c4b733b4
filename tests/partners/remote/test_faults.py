"""Under faults: every request ends in exactly one reply inside its deadline, none lost, none doubled."""

import asyncio
import os
import random
import time
from collections import Counter

from pratique.partners.contract import Reply
from pratique.partners.standins.scenarios import Scenario, read_scenarios
from pratique.partners.standins.server import Seen

from .stage import Stage, call, on_stage

REQUESTS = int(os.environ.get("PRATIQUE_FAULT_REQUESTS", "1000"))
"""How many are made; `make check-all` makes 10,000."""
DEADLINE = 3.0
SHARES = (("cut", 0.05), ("rate-limited", 0.05), ("server-error", 0.05), ("silent", 0.02))


def faults(scenarios: dict[str, Scenario]) -> dict[str, Scenario]:
    """Return one scenario of each kind of fault."""
    return {
        "cut": next(s for s in scenarios.values() if s.end == "cut" and s.mode == "stream"),
        "rate-limited": next(
            s for s in scenarios.values() if s.http == 429 and s.expect.cause == "rate_limited"
        ),
        "server-error": next(s for s in scenarios.values() if s.http == 500),
        "silent": next(
            s for s in scenarios.values() if s.end == "silent" and s.expect.cause == "timeout"
        ),
    }


def drawn(chance: random.Random, kinds: dict[str, Scenario]) -> Scenario | None:
    """Return a fault by its share, or None for a good answer."""
    draw = chance.random()
    for kind, share in SHARES:
        if draw < share:
            return kinds[kind]
        draw -= share
    return None


def test_every_request_ends_in_one_reply_inside_its_deadline() -> None:
    """5 % cut, 5 % told to wait, 5 % failed and 2 % silent: replies add up, and so do requests."""

    async def run() -> None:
        async with on_stage("deepseek") as stage:
            stage.place.breaker.wait = lambda: 0.0  # type: ignore[method-assign]  # faults are the point
            kinds, chance = faults(read_scenarios("deepseek")), random.Random(7)
            stage.stand_in.choose = lambda _: drawn(chance, kinds)
            replies = await _asked(stage, REQUESTS)
            _require_one_each(stage, replies)

    asyncio.run(run())


async def _asked(stage: Stage, count: int) -> list[tuple[Reply, float]]:
    """Make *count* calls, 64 at once, half of them streamed; a second reply would raise."""
    free = asyncio.Semaphore(64)

    async def one(number: int) -> tuple[Reply, float]:
        asked = call(f"number {number}", deadline=DEADLINE)
        async with free:
            started = time.monotonic()
            if number % 2:
                reply = await stage.model.complete(asked)
            else:
                _, reply = await stage.streamed(asked)
            return reply, time.monotonic() - started

    return await asyncio.gather(*(one(number) for number in range(count)))


def _require_one_each(stage: Stage, replies: list[tuple[Reply, float]]) -> None:
    counts = Counter(reply.status for reply, _ in replies)
    assert sum(counts.values()) == REQUESTS
    assert set(counts) <= {"ok", "unavailable", "rate_limited", "timeout"}
    assert counts["ok"] > REQUESTS * 0.85
    # Half a second for a busy machine; a call that forgets its deadline would hang for ever.
    assert max(seconds for _, seconds in replies) < DEADLINE + 0.5
    # Each try was seen by the server once, and each seen request belongs to one reply's tries.
    assert sum(reply.attempts for reply, _ in replies) == len(stage.stand_in.seen)
    asked = Counter(_number(seen) for seen in stage.stand_in.seen)
    assert asked == {f"number {n}": reply.attempts for n, (reply, _) in enumerate(replies)}
    assert stage.spend.by_feature()[stage.model.name, ""].calls == REQUESTS


def _number(seen: Seen) -> str:
    assert isinstance(seen.body, dict)
    text = seen.body["messages"][-1]["content"]
    assert isinstance(text, str)
    return text
