"""A load against a server: every call goes out once, and what it said first is what is seen."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from pratique.evals.load.arrivals import arrivals
from pratique.evals.load.open_loop import OpenLoop, Phase, Question
from pratique.evals.load.purse import Purse
from pratique.partners.catalogue import find_candidate, packaged, read_partners
from pratique.partners.contract import Call, Model, Reply, Turn
from pratique.partners.pool import Pool
from pratique.partners.standins.server import StandIn
from pratique.privacy import Sensitive
from pratique.settings.workspace import Access

PARTNERS = read_partners([packaged()])
CALL = Call(form="chat", turns=(Turn(role="user", content=Sensitive("Hello")),), max_tokens=50)


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for partner in PARTNERS.values():
        if partner.key_variable:
            monkeypatch.setenv(partner.key_variable, "stand-in-key")


async def against(
    dialect: str, prepare: Callable[[StandIn], None], *, requests: int, rate: float
) -> tuple[Phase, StandIn]:
    """Return what a load of a partner's first model comes to, and its stand-in."""
    partner = PARTNERS[dialect]
    async with StandIn(dialect, models=partner.models) as stand_in:
        prepare(stand_in)
        access = {dialect: Access(base_url=stand_in.base_url)}
        market = partner.regions[0].market
        pool = Pool(PARTNERS, market, accesses=access, folder=Path(), retries=False)
        try:
            model = pool.connected(find_candidate(PARTNERS, f"{dialect}/{partner.models[0].id}"))
            phase = await loaded(model, requests, rate)
        finally:
            await pool.close()
        return phase, stand_in


async def loaded(model: Model, requests: int, rate: float) -> Phase:
    """Load *model*."""
    purse = Purse(100, money=None, priced=lambda _: None)
    load = OpenLoop(model, [Question(call=CALL, valid=_any)], purse)
    return await load.run("step", rate, arrivals("even", rate, requests, 1))


def _any(reply: Reply) -> bool:
    return bool(reply.text.reveal())


def test_a_429_is_seen_with_its_wait_and_not_tried_again() -> None:
    """The client's retries would hide it and, by their number, change the load."""
    phase, stand_in = asyncio.run(
        against("alibaba", lambda s: s.play("retry-after", "retry-after-ms"), requests=3, rate=10)
    )
    assert [one.status for one in phase.sent] == ["rate_limited", "rate_limited", "ok"]
    assert [one.retry_after for one in phase.sent] == [7.0, 1.5, None]
    assert len(stand_in.seen) == 3 and all(one.tries == 1 for one in phase.sent)
    last = phase.sent[-1]
    assert last.first_token is not None and last.due < last.first_token <= last.ended


def test_a_partner_who_fails_all_the_time_is_asked_all_the_time() -> None:
    """The breaker, which spares it otherwise, would answer in its place."""

    def failing(stand_in: StandIn) -> None:
        stand_in.overload_above = 0

    phase, stand_in = asyncio.run(against("vllm", failing, requests=20, rate=200))
    assert {one.status for one in phase.sent} == {"overloaded"}
    assert len(stand_in.seen) == 20 and all(one.code != "breaker_open" for one in phase.sent)


def test_requests_overlap_beyond_any_limit_of_ours() -> None:
    """All twelve are on their way before the first has been answered."""
    most = 0

    def slow(stand_in: StandIn) -> None:
        stand_in.delay = 0.3

        def count(_seen: object) -> None:
            nonlocal most
            most = max(most, stand_in.in_flight)

        stand_in.choose = count

    phase, _ = asyncio.run(against("deepseek", slow, requests=12, rate=200))
    assert most == 12 and {one.status for one in phase.sent} == {"ok"}
