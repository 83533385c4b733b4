"""Budgets: no call goes out whose worst might pass one, and what is given up counts at its worst."""

import asyncio
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.evals.budget import Amounts, Budget, Meter, Tariff, Unaffordable
from pratique.evals.outcomes import results_of
from pratique.evals.runs import Run
from pratique.partners.catalogue import ModelEntry
from pratique.partners.contract import Call, Reply, Turn, Usage
from pratique.partners.dialect import Price
from pratique.privacy import Sensitive
from pratique.workspace.opened import Opened
from tests.conftest import RoteModel
from tests.evals.test_runs import CANDIDATE, Everything, priority_cell

PRICED = ModelEntry(
    id="m",
    about="Priced, for tests.",
    weights="unmodified_api",
    prices=(
        Price(
            currency="CNY", input=2.0, output=8.0, up_to_tokens=100, as_of="2026", source="made up"
        ),
        Price(currency="CNY", input=4.0, output=16.0, as_of="2026", source="made up"),
    ),
)


def call(text: str, max_tokens: int = 50) -> Call:
    """Return a call that says *text*."""
    return Call(
        form="chat", turns=(Turn(role="user", content=Sensitive(text)),), max_tokens=max_tokens
    )


@given(st.lists(st.tuples(st.integers(1, 9), st.floats(0, 1)), max_size=40), st.integers(0, 60))
def test_a_budget_is_never_passed(asked: list[tuple[int, float]], most: int) -> None:
    """Whatever is held and whatever it comes to, up to what was held, the sum stays below."""
    budget = Budget(calls=most, money={"CNY": most / 10})
    held = []
    for number, (worst, share) in enumerate(asked):
        with contextlib.suppress(Unaffordable):
            held.append((budget.hold(Amounts(calls=worst, money={"CNY": worst / 7})), worst, share))
        if number % 3 == 2 and held:
            hold, calls, part = held.pop(0)
            came_to = Amounts(calls=round(calls * part), money={"CNY": calls * part / 7})
            budget.settle(hold, came_to)
    for hold, calls, _ in held:
        budget.settle(hold, Amounts(calls=calls, money={"CNY": calls / 7}))
    assert budget.spent.calls <= most
    assert budget.spent.money.get("CNY", 0.0) <= most / 10 + 1e-9


@given(st.integers(0, 400), st.integers(0, 50), st.integers(1, 4))
def test_the_worst_is_never_below_what_a_call_comes_to(read: int, written: int, tries: int) -> None:
    """At every length, in either price step, with every number of tries."""
    tariff, asked = Tariff(PRICED), call("x" * 400)
    worst = tariff.worst(asked, repaired=False)
    usage = Usage(input_tokens=read, output_tokens=written)
    came_to = tariff.came_to(asked, Reply(status="ok", usage=usage, attempts=tries))
    assert came_to.calls <= worst.calls
    assert came_to.money["CNY"] <= worst.money["CNY"] + 1e-12


def test_a_call_that_is_given_up_counts_at_its_worst() -> None:
    """Nobody tells what a call without an answer cost."""

    class Silent(RoteModel):
        async def complete(self, _: Call) -> Reply:
            await asyncio.Event().wait()
            raise AssertionError

    budget = Budget(money={"CNY": 100.0})

    async def run() -> None:
        meter = Meter(Silent("p/m", lambda _: ""), Tariff(PRICED), budget, repairs=False)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await meter.complete(call("hello"))
        meter.settle()

    asyncio.run(run())
    assert budget.spent == Tariff(PRICED).worst(call("hello"), repaired=False)


@pytest.mark.parametrize("most", [0, 1, 2, 7, 20])
@pytest.mark.parametrize("answer", ["now", "perhaps"])
def test_a_run_stops_before_its_budget_and_goes_on_later(
    opened: Opened, most: int, answer: str
) -> None:
    """Repairs and calls in flight are counted beforehand; a later run takes up what was left."""
    model = RoteModel(CANDIDATE, lambda _: answer, concurrency=8)
    budget = Budget(calls=most)
    cell = priority_cell(opened)
    asyncio.run(run_of(opened, model, budget).finish([cell]))
    assert len(model.calls) == budget.spent.calls <= most
    assert cell.tally.calls == len(model.calls) > most - 2 - bool(cell.variant.prompt.repair)
    with opened.database.connect() as connection:
        assert len(results_of(connection, [cell.key.id])[cell.key.id]) == len(cell.results)
    again = priority_cell(opened)
    asyncio.run(run_of(opened, model, Budget()).finish([again]))
    assert len(again.results) == len(again.order)


def run_of(opened: Opened, model: RoteModel, budget: Budget) -> Run:
    """Return a run that draws everything within *budget*."""
    return Run(
        database=opened.database,
        models={CANDIDATE: model},
        allocator=Everything(),
        clock=opened.clock,
        deadline=5.0,
        progress=lambda _: None,
        budget=budget,
    )
