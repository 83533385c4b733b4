"""Every row of every partner's outcome tables: what it comes to, whether it is tried again, and
what must be taken back."""

import asyncio
from collections.abc import Iterator

import msgspec
import pytest

from pratique.partners.catalogue import packaged, read_partners
from pratique.partners.contract import Reply
from pratique.partners.standins.scenarios import Scenario, read_scenarios

from .stage import DIALECTS, PATIENT, SHORT, Stage, call, on_stage, text_of

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
def stages(runner: asyncio.Runner) -> Iterator[dict[tuple[str, bool], Stage]]:
    """For each dialect a stand-in for the rows that fall silent, and one for all others."""
    with pytest.MonkeyPatch.context() as patch:
        for partner in read_partners([packaged()]).values():
            if partner.key_variable:
                patch.setenv(partner.key_variable, "stand-in-key")
        managers = {
            (dialect, silent): on_stage(dialect, clocks=SHORT if silent else PATIENT)
            for dialect in DIALECTS
            for silent in (True, False)
        }
        yield {key: runner.run(one.__aenter__()) for key, one in managers.items()}
        for one in managers.values():
            runner.run(one.__aexit__(None, None, None))


@pytest.mark.parametrize(
    ("dialect", "scenario", "mode"),
    ROWS,
    ids=[f"{dialect}-{scenario.id}-{mode}" for dialect, scenario, mode in ROWS],
)
def test_a_row_of_the_outcome_tables_comes_to_what_it_says(
    runner: asyncio.Runner,
    stages: dict[tuple[str, bool], Stage],
    dialect: str,
    scenario: Scenario,
    mode: str,
) -> None:
    """Status, code, delay, retraction and number of tries are those of the row."""
    stage, expect = stages[dialect, scenario.end == "silent"], scenario.expect
    reply, shown = runner.run(_played(stage, scenario, mode))
    assert reply.status == expect.status
    # Silence takes all of a plain call's time, so that none is left to try again in.
    whole = mode == "plain" and scenario.end == "silent"
    assert reply.attempts == (1 if whole else TRIES[expect.retry]) == len(stage.stand_in.seen)
    assert reply.retract == expect.retract
    assert reply.truncated == expect.truncated
    if expect.text is not None and expect.status == "ok":
        assert reply.text.reveal() == expect.text
        assert mode == "plain" or shown == expect.text
    if expect.code is not None:
        assert reply.code == expect.code
    assert reply.retry_after == expect.retry_after
    if expect.retry_after is not None and len(stage.waits):
        assert all(expect.retry_after <= wait <= expect.retry_after * 1.1 for wait in stage.waits)
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


async def _played(stage: Stage, scenario: Scenario, mode: str) -> tuple[Reply, str]:
    stage.fresh()
    stage.stand_in.choose = lambda _: scenario
    if mode == "plain":
        deadline = 0.3 if scenario.end == "silent" else 20.0
        return await stage.model.complete(call(deadline=deadline)), ""
    pieces, reply = await stage.streamed(call())
    return reply, text_of(pieces)
