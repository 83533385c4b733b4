"""Waits: whether the wait that a partner asks for with a 429 is one that helps."""

import asyncio
from collections.abc import Iterable, Sequence

import msgspec

from pratique.evals.load.open_loop import Flight, OpenLoop, Phase
from pratique.evals.load.sent import Sent


class Wait(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One request that was turned away, and the one that came after the wait."""

    named: float | None
    """Seconds that the partner asked to wait; None where it named none."""
    helped: bool | None
    """Whether the request after the wait was taken; None where none could be sent."""
    status: str = ""
    """What that request came to."""


class Waits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was tried, with the requests that it took."""

    tried: tuple[Wait, ...]
    """Each try."""
    phases: tuple[Phase, ...]
    """The requests."""


async def try_waits(
    load: OpenLoop, tries: int, rate: float, offsets: tuple[float, ...], longest: float
) -> Waits:
    """Send requests at *offsets* until one is turned away, wait as it asks, send one more; *tries* times.

    Nothing else is sent meanwhile, so that a wait that does not help is the partner's own mistake.
    A wait of more than *longest* seconds is not waited. Where nothing is turned away nothing is
    tried.
    """
    tried, phases = list[Wait](), list[Phase]()
    for number in range(1, tries + 1):
        wait, made = await _try(load, number, rate, offsets, longest)
        phases += made
        if wait is None:
            break
        tried.append(wait)
    return Waits(tried=tuple(tried), phases=tuple(phases))


async def _try(
    load: OpenLoop, number: int, rate: float, offsets: tuple[float, ...], longest: float
) -> tuple[Wait | None, list[Phase]]:
    limited, known = list[Sent](), asyncio.Event()

    def enough(flights: Sequence[Flight], _now: float) -> bool:
        limited[:] = _limited(one.sent for one in flights if one.sent)
        if limited:
            known.set()
        return bool(limited)

    async with asyncio.TaskGroup() as group:
        # Those in flight are not waited for first: that would lengthen the wait by their time.
        pressing = group.create_task(load.run(f"wait {number}", rate, offsets, enough))
        pressing.add_done_callback(lambda _: known.set())
        await known.wait()
        found = limited or _limited(pressing.result().sent)
        if not found:
            return None, [pressing.result()]
        last = max(found, key=lambda one: one.ended)
        again = await _after(load, number, rate, last, longest)
    phases = [pressing.result(), *([again] if again else [])]
    if again is None:
        return Wait(named=last.retry_after, helped=None), phases
    if not again.sent:
        return None, phases
    one = again.sent[0]
    return Wait(named=last.retry_after, helped=not one.limited, status=one.status), phases


async def _after(
    load: OpenLoop, number: int, rate: float, last: Sent, longest: float
) -> Phase | None:
    """Wait as *last* was told to, and send one; None where it was told nothing, or too long a wait."""
    if last.retry_after is None or last.retry_after > longest:
        return None
    await load.rest(last.ended + last.retry_after)
    return await load.run(f"after wait {number}", rate, (0.0,))


def _limited(sent: Iterable[Sent]) -> list[Sent]:
    return [one for one in sent if one.limited]
