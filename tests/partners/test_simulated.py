"""Simulated partners: the invented ones of the catalogue behave as their data say."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import pairwise

import msgspec
import pytest

from pratique.partners.catalogue import Candidate, packaged, read_partners
from pratique.partners.contract import Reply
from pratique.partners.simulated import SimulatedModel
from pratique.partners.simulation import Capacity, Simulation
from tests.partners.simulated.playing import (
    CANDIDATES,
    N,
    behaviour,
    call,
    known,
    likely,
    one_by_one,
    played,
    request,
    right,
)

BEHAVIOURS: dict[str, Callable[[Candidate, Simulation], object]] = {
    "good and steady": lambda _, s: s.quality >= 0.99 and plain(s),
    "fast": lambda _, s: s.latency.median <= 0.3,
    "slow": lambda _, s: s.latency.median >= 5,
    "refuses one call in five": lambda _, s: s.shares.refused == 0.2,
    "retracts": lambda _, s: s.shares.retracted >= 0.05,
    "malformed": lambda _, s: s.shares.invalid > 0,
    "fails": lambda _, s: s.shares.timeout > 0 and s.shares.unavailable > 0,
    "drifts by the call": lambda _, s: s.drift and s.drift.per_call < 0,
    "drifts by the day": lambda _, s: s.drift and s.drift.per_day < 0,
    "silently swapped": lambda _, s: s.swap and s.swap.quality < s.quality,
    "retires with notice": lambda c, _: c.model.retires and c.model.retires.announced,
    "overloaded, honest": lambda _, s: turns_away(s) and s.capacity.honest_retry_after,
    "overloaded, dishonest": lambda _, s: turns_away(s) and not s.capacity.honest_retry_after,
    "strong, tiny team": lambda _, s: s.capacity.at_once and s.quality == 1,
    "improves too slowly": lambda c, _: c.model.id.endswith("-3") and steps(c),
}


def plain(simulation: Simulation) -> bool:
    """Whether nothing but its quality and its latency sets a model apart."""
    bare = Simulation(seed=0, quality=simulation.quality, latency=simulation.latency)
    return msgspec.structs.replace(simulation, seed=0, speed=1.0) == bare


def turns_away(simulation: Simulation) -> bool:
    """Whether a model takes only so many calls a second."""
    return simulation.capacity.requests_per_second is not None


def steps(candidate: Candidate) -> bool:
    """Whether each release of a partner is better than the last, by less than 0.05."""
    quality = [
        behaviour(Candidate(partner=candidate.partner, model=m)).quality
        for m in candidate.partner.models
    ]
    return all(0 < b - a < 0.05 for a, b in pairwise(quality))


def fate(reply: Reply) -> str:
    """Return the share that *reply* falls into; empty for a sound answer."""
    names = {"input_blocked": "blocked", "output_blocked": "retracted", "ok": ""}
    if reply.status == "ok" and not sound(reply):
        return "invalid"
    return names.get(reply.status, reply.status)


def sound(reply: Reply) -> bool:
    """Whether the text of *reply* is JSON."""
    try:
        json.loads(reply.text.reveal())
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("candidate", CANDIDATES, ids=lambda one: one.name)
def test_whatever_is_simulated_says_so(candidate: Candidate) -> None:
    """Nobody may take an invented partner for a real one, nor its figures for measured ones."""
    assert "(simulated)" in candidate.partner.name
    assert candidate.model.about.startswith("Simulated: ")
    assert candidate.model.engine == "simulated" and candidate.model.simulation is not None
    assert not candidate.partner.wire and not candidate.partner.regions
    assert not candidate.model.prices, "a price would be a figure about nobody"


def test_no_real_partner_is_simulated() -> None:
    """An invented behaviour under a real name would be a claim about a company."""
    for partner in read_partners([packaged()]).values():
        invented = {m.engine == "simulated" or m.simulation is not None for m in partner.models}
        assert invented == {partner.simulated}


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_every_behaviour_of_the_story_is_there(name: str) -> None:
    """The story cannot be rehearsed with a part missing."""
    assert [one.name for one in CANDIDATES if BEHAVIOURS[name](one, behaviour(one))]


@pytest.mark.parametrize("candidate", CANDIDATES, ids=lambda one: one.name)
def test_shares_come_out_as_the_data_say(candidate: Candidate) -> None:
    """Each share, and the share of right answers, by the binomial law."""
    simulation = behaviour(candidate)
    bare = msgspec.structs.replace(simulation, drift=None, swap=None, capacity=Capacity())
    model = msgspec.structs.replace(candidate.model, simulation=bare)
    replies = one_by_one(Candidate(partner=candidate.partner, model=model))
    found = Counter(map(fate, replies))
    shares: Mapping[str, float] = msgspec.structs.asdict(simulation.shares)
    assert found.keys() <= {"", *shares}
    assert all(likely(found[name], N, share) for name, share in shares.items())
    met = sum(right(n, reply) for n, reply in enumerate(replies))
    assert likely(met, found[""], simulation.quality)
    ended = [one.seconds for one in replies if fate(one) in ("", "refused", "blocked")]
    assert likely(sum(s < simulation.latency.median for s in ended), len(ended), 0.5)


def test_a_drifting_model_gets_worse_with_its_calls() -> None:
    """What it got right at first it gets wrong later, and nothing else tells."""
    replies = one_by_one(known("simulated-garboard/leeway"))
    drift = behaviour(known("simulated-garboard/leeway")).drift
    assert drift is not None
    for start in (0, N // 2):
        middle = 0.98 + (start + (N // 2 - 1) / 2) * drift.per_call
        met = sum(right(n, replies[n]) for n in range(start, start + N // 2))
        assert likely(met, N // 2, middle)
    assert {one.model for one in replies} == {"leeway"}


def test_a_swapped_model_shows_in_the_model_field_and_in_its_quality() -> None:
    """The catalogue goes on naming the old one: the field and the answers are the evidence."""
    candidate, simulation = (
        known("simulated-coaming/hatch"),
        behaviour(known("simulated-coaming/hatch")),
    )
    assert simulation.swap is not None
    replies, after = one_by_one(candidate), simulation.swap.after
    assert [one.model for one in replies] == ["hatch"] * after + ["hatch-small"] * (N - after)
    for numbers, quality in ((range(after), 0.98), (range(after, N), 0.80)):
        assert likely(sum(right(n, replies[n]) for n in numbers), len(numbers), quality)


@pytest.mark.parametrize(
    ("name", "status", "helps"),
    [
        ("simulated-scupper/drain", "overloaded", True),
        ("simulated-scupper/drain-plus", "rate_limited", False),
    ],
)
def test_an_overloaded_model_says_how_long_to_wait(name: str, status: str, helps: bool) -> None:
    """The burst is answered, the rest turned away; the named wait helps if it is an honest one."""

    async def scene(clock: Callable[[], float]) -> tuple[list[Reply], Reply]:
        model = SimulatedModel(known(name), clock=clock)
        calls = [asyncio.ensure_future(model.complete(call(request(n)))) for n in range(30)]
        first = await calls[10]
        assert first.retry_after is not None
        await asyncio.sleep(first.retry_after / behaviour(known(name)).speed)
        later = await model.complete(call(request(99)))
        return await asyncio.gather(*calls), later

    replies, later = played(scene)
    assert [one.status for one in replies] == ["ok"] * 10 + [status] * 20
    assert all(one.retry_after for one in replies[10:]) and not replies[0].retry_after
    assert (later.status == "ok") is helps


def test_throughput_of_a_tiny_team_collapses_under_load() -> None:
    """More calls at once mean fewer answers a minute, not just slower ones."""

    def a_minute(at_once: int) -> float:
        async def scene(clock: Callable[[], float]) -> float:
            model = SimulatedModel(known("simulated-bowsprit/figurehead"), clock=clock)

            async def worker(start: int) -> None:
                for n in range(start, 96, at_once):
                    await model.complete(call(request(n), deadline=600.0))

            await asyncio.gather(*map(worker, range(at_once)))
            return clock() * behaviour(known("simulated-bowsprit/figurehead")).speed

        return 96 * 60 / played(scene)

    alone, full, crowded = a_minute(1), a_minute(4), a_minute(16)
    assert 3 < full / alone < 4.5
    assert crowded < full / 3
