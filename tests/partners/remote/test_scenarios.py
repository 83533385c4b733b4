"""Every row of every partner's outcome tables: what it comes to, whether it is tried again, and
what must be taken back."""

import asyncio
from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import pytest

from pratique.partners.contract import Reply
from pratique.partners.standins.scenarios import Scenario, read_scenarios

from .stage import DIALECTS, PARTNERS, SHORT, Stage, call, on_stage, text_of

TRIES = {"never": 1, "once": 2, "backoff": 4}
ROWS = [
    (dialect, scenario, mode)
    for dialect in DIALECTS
    for scenario in read_scenarios(dialect).values()
    for mode in ("plain", "stream")
    if scenario.mode in (mode, "both")
]


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """One loop for all rows."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def keys() -> Iterator[None]:
    """The key that every stand-in takes, for as long as the rows are played."""
    with pytest.MonkeyPatch.context() as patch:
        for partner in PARTNERS.values():
            if partner.key_variable:
                patch.setenv(partner.key_variable, "stand-in-key")
        yield


@pytest.fixture(scope="module")
def stages(runner: asyncio.Runner, keys: None) -> Iterator[dict[str, Stage]]:
    """For each dialect a stand-in for all rows that end."""
    managers = {dialect: on_stage(dialect) for dialect in DIALECTS}
    yield {key: runner.run(one.__aenter__()) for key, one in managers.items()}
    for one in managers.values():
        runner.run(one.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def silences(runner: asyncio.Runner, keys: None) -> dict[tuple[str, str, str], "Played"]:
    """The rows that fall silent, played beside each other: each is all waiting, on its own stage."""
    free = asyncio.Semaphore(12)

    async def play(dialect: str, scenario: Scenario, mode: str) -> Played:
        async with free, on_stage(dialect, clocks=SHORT) as stage:
            return await _played(stage, scenario, mode)

    async def play_all() -> list[Played]:
        return await asyncio.gather(*(play(*row) for row in silent))

    silent = [row for row in ROWS if row[1].end == "silent"]
    names = [(dialect, scenario.id, mode) for dialect, scenario, mode in silent]
    return dict(zip(names, runner.run(play_all()), strict=True))


@pytest.mark.parametrize(
    ("dialect", "scenario", "mode"),
    ROWS,
    ids=[f"{dialect}-{scenario.id}-{mode}" for dialect, scenario, mode in ROWS],
)
def test_a_row_of_the_outcome_tables_comes_to_what_it_says(
    request: pytest.FixtureRequest,
    runner: asyncio.Runner,
    stages: dict[str, Stage],
    dialect: str,
    scenario: Scenario,
    mode: str,
) -> None:
    """Status, code, delay, retraction and number of tries are those of the row."""
    expect = scenario.expect
    reply, shown, tries, waits = (
        request.getfixturevalue("silences")[dialect, scenario.id, mode]
        if scenario.end == "silent"
        else runner.run(_played(stages[dialect], scenario, mode))
    )
    assert reply.status == expect.status
    # Silence takes all of a plain call's time, so that none is left to try again in.
    whole = mode == "plain" and scenario.end == "silent"
    assert reply.attempts == (1 if whole else TRIES[expect.retry]) == tries
    assert reply.retract == expect.retract
    assert reply.truncated == expect.truncated
    if expect.text is not None and expect.status == "ok":
        assert reply.text.reveal() == expect.text
        assert mode == "plain" or shown == expect.text
    if expect.code is not None:
        assert reply.code == expect.code
    assert reply.retry_after == expect.retry_after
    if expect.retry_after is not None:
        assert all(expect.retry_after <= wait <= expect.retry_after * 1.1 for wait in waits)
    used = _used(scenario) if mode == "stream" or not scenario.events else None
    if used is not None and reply.status == "ok":
        assert (reply.usage.input_tokens, reply.usage.output_tokens) == used
    if reply.status != "ok":
        assert reply.text.reveal() == "" and reply.code


def _used(scenario: Scenario) -> tuple[int, int] | None:
    """Return the tokens that the scenario told last, which is what running totals come to."""
    bodies = scenario.events or ((scenario.body,) if bytes(scenario.body) else ())
    told = None
    for raw in bodies:
        body = msgspec.json.decode(raw)
        used = body.get("usage") if isinstance(body, dict) else None
        if used:
            told = (used["prompt_tokens"], used["completion_tokens"])
    return told


class Played(NamedTuple):
    """What a row came to."""

    reply: Reply
    """The reply."""
    shown: str
    """What a stream showed."""
    tries: int
    """Requests that the stand-in saw."""
    waits: list[float]
    """Seconds that were waited between them."""


async def _played(stage: Stage, scenario: Scenario, mode: str) -> Played:
    stage.fresh()
    stage.stand_in.choose = lambda _: scenario
    shown = ""
    if mode == "plain":
        deadline = 0.3 if scenario.end == "silent" else 20.0
        reply = await stage.model.complete(call(deadline=deadline))
    else:
        pieces, reply = await stage.streamed(call())
        shown = text_of(pieces)
    return Played(reply, shown, len(stage.stand_in.seen), list(stage.waits))
