"""Allocating: calls go where a decision is open, and refusing never pays."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from pratique.assessment.assess import assess
from pratique.assessment.candidates import offer
from pratique.assessment.findings import Finding
from pratique.assessment.outlook import samples_to_decide
from pratique.assessment.planning import Plan, plan
from pratique.assessment.spending import outlook
from pratique.errors import Malformed, NotFound
from pratique.evals.budget import Budget
from pratique.workspace.opened import Opened

PARTNER = """
id = "simulated-test{name}"
name = "{name} (simulated)"
simulated = true
key_needed = false

[[models]]
id = "m"
about = "Simulated, for tests."
engine = "simulated"
snapshot = "m-1"
weights = "unmodified_api"
limits = {{ concurrency = 16 }}

[models.simulation]
seed = 7
quality = {quality}
speed = 10000.0
shares = {{ refused = {refused} }}
"""


def market(opened: Opened, **partners: tuple[float, float]) -> Plan:
    """Return a plan for `priority`, `smart_reply` and simulated partners of a quality and a refused share."""
    folder = opened.workspace.folder / "partners"
    folder.mkdir(exist_ok=True)
    for name, (quality, refused) in partners.items():
        text = PARTNER.format(name=name, quality=quality, refused=refused)
        (folder / f"simulated-test{name}.toml").write_text(text)
    path: Path = opened.workspace.folder / "markets" / "CN.toml"
    named = ", ".join(f'"simulated-test{name}/m"' for name in partners)
    text = path.read_text()
    text = text.replace(
        '"embedded/smollm2-135m", "embedded/gemma3-270m", "embedded/rules"', named
    ).replace(
        '["proofread", "summarize", "smart_reply", "priority"]', '["smart_reply", "priority"]'
    )
    path.write_text(text)
    return plan(opened.workspace, offer(opened.workspace, "CN"), seed=1)


def made(opened: Opened, planned: Plan, budget: Budget | None = None) -> tuple[Finding, ...]:
    """Carry out *planned* and return its findings."""
    return asyncio.run(assess(opened, planned, lambda _: None, budget=budget)).findings


def test_refusing_a_fifth_never_outscores_answering_everything(opened: Opened) -> None:
    """Two partners of the same quality: what one refuses stays in its denominator, in each finding."""
    planned = market(opened, answering=(1.0, 0.0), refusing=(1.0, 0.2))
    found = made(opened, planned)
    rates = {
        name: {
            (one.feature, one.locale): one.estimate
            for one in found
            if one.candidate == f"simulated-test{name}/m"
        }
        for name in ("answering", "refusing")
    }
    assert rates["answering"].keys() == rates["refusing"].keys()
    for key, rate in rates["answering"].items():
        assert rates["refusing"][key] < rate
    answered = {
        cell.key.candidate: sum(one.outcome == "refused" for one in cell.results.values())
        for cell in planned.cells
    }
    assert answered["simulated-testrefusing/m"] > 0 == answered["simulated-testanswering/m"]


def test_a_call_budget_holds_over_all_candidates(opened: Opened) -> None:
    """No more calls than that, whoever makes them; what is left open says so."""
    planned = market(opened, one=(0.9, 0.0), two=(0.5, 0.1))
    budget = Budget(calls=40)
    found = made(opened, planned, budget)
    assert sum(one.calls for one in found) == budget.spent.calls <= 40
    assert any(one.finding == "undecided" for one in found)


def test_few_calls_are_wasted_at_sixteen_at_once(opened: Opened) -> None:
    """A cell has no more calls in flight than it is expected to need."""
    planned = market(opened, poor=(0.0, 0.9))
    found = made(opened, planned)
    assert all(one.finding == "falls_short" for one in found)
    wasted = sum(len(cell.results) for cell in planned.cells) - sum(one.samples for one in found)
    assert wasted <= 8 * len(found), wasted


def test_an_outlook_makes_no_call_and_learns_from_what_was_kept(opened: Opened) -> None:
    """Before the first call it knows the bar alone; afterwards nothing more is expected."""
    planned = market(opened, one=(0.9, 0.0))
    before = outlook(opened, planned)
    assert {one.basis for one in before.cells} == {"the bar alone"}
    assert not any(cell.results for cell in planned.cells)
    assert 0 < before.amounts.calls <= planned.full_calls
    assert before.most.calls >= planned.full_calls
    made(opened, planned)
    again = outlook(opened, plan(opened.workspace, offer(opened.workspace, "CN"), seed=1))
    assert again.amounts.calls == 0
    other = outlook(opened, plan(opened.workspace, offer(opened.workspace, "CN"), seed=2))
    assert {one.basis for one in other.cells} == {"an earlier finding"}


def test_money_cannot_be_bounded_without_a_price(opened: Opened) -> None:
    """A candidate on a partner's servers of which no price is known is refused before any call."""
    planned = market(opened, one=(0.9, 0.0))
    (candidate,) = planned.offer.candidates
    remote = msgspec.structs.replace(
        candidate, model=msgspec.structs.replace(candidate.model, engine="remote")
    )
    unpriced = msgspec.structs.replace(
        planned, offer=msgspec.structs.replace(planned.offer, candidates=(remote,))
    )
    with pytest.raises(Malformed, match="none is known"):
        made(opened, unpriced, Budget(money={"CNY": 1.0}))


def test_concurrency_names_a_candidates_partner(opened: Opened) -> None:
    """A bound for nobody is a mistake."""
    planned = market(opened, one=(0.9, 0.0))
    with pytest.raises(NotFound, match="nobody"):
        asyncio.run(assess(opened, planned, lambda _: None, at_once={"nobody": 2}))


@pytest.mark.parametrize(("rate", "samples"), [(0.0, 5), (0.44, 16), (0.56, 27), (0.7, 54)])
def test_expected_samples_are_near_those_of_the_demo(rate: float, samples: int) -> None:
    """Within a quarter of what findings of 24 at a bar of 80 % took."""
    expected = samples_to_decide(rate, 0.8, 0.05 / 24, 66)
    assert abs(expected - samples) <= max(2.0, samples / 4)
