"""A look of the watch: what it sees, what it does, and that it does it once."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import update

from pratique.errors import NotAllowed
from pratique.evals.budget import Budget
from pratique.evals.outcomes import outcomes
from pratique.ledger.chain import entries
from pratique.partners.catalogue import ModelEntry, packaged, read_partners
from pratique.partners.standins.server import StandIn
from pratique.rollout import steps
from pratique.rollout.watch.acts import WATCH, freeze
from pratique.rollout.watch.look import look
from pratique.rollout.watch.report import Report
from pratique.settings.workspace import Workspace, open_workspace
from pratique.workspace.opened import Opened
from tests.conftest import Clock
from tests.rollout.watch.conftest import Starter, state_of

MEETS = ("smart_reply", "en", "embedded/rules")
FALLS_SHORT = ("summarize", "en", "embedded/rules")


def looked(opened: Opened) -> Report:
    """Look once."""
    return asyncio.run(look(opened, "CN"))


def acted(report: Report) -> list[str]:
    """Return the kinds of what was done."""
    return [one.kind for one in report.acts]


def altered(opened: Opened, **values: object) -> None:
    """Change every kept answer, as if another model had given them."""
    with opened.database.begin() as connection:
        connection.execute(update(outcomes).values(**values))


def test_where_nothing_changed_a_look_does_nothing(
    opened: Opened, clock: Clock, start: Starter
) -> None:
    """Day after day, and twice a day; canaries are asked once a day."""
    start(*MEETS)
    for _ in range(3):
        first, second = looked(opened), looked(opened)
        assert (first.acts, second.acts) == ((), ())
        assert first.canaries == second.canaries
        assert (first.canaries[0].asked, first.canaries[0].changed) == (20, 0)
        clock.go_on(days=1)
    assert first.canaries[0].days == 3


def test_drift_freezes_the_ramp_and_a_run_that_meets_the_bars_lets_it_go_on(
    opened: Opened, clock: Clock, start: Starter
) -> None:
    """Changed answers are a statistic: alone they turn nothing off."""
    release = start(*MEETS)
    looked(opened)
    altered(opened, draft="Something else was said.")
    clock.go_on(days=1)
    report = looked(opened)
    assert acted(report) == ["watch.drift", "watch.confirmed"]
    assert (state_of(opened, release), report.frozen, report.turned_off) == ("on", (), ())
    assert looked(opened).acts == ()
    clock.go_on(days=1)
    assert looked(opened).acts == (), "the answers of the confirming day are the new beginning"


def test_a_look_keeps_its_budget_and_the_next_one_goes_on_from_there(
    opened: Opened, start: Starter
) -> None:
    """What waits is named; what was answered is not asked again."""
    start(*MEETS)
    first = asyncio.run(look(opened, "CN", Budget(calls=5)))
    assert first.calls == first.canaries[0].asked == 5
    assert first.canaries[0].waiting == 15 and "15 canaries wait" in first.unwatched[0]
    second = asyncio.run(look(opened, "CN", Budget(calls=40)))
    assert second.calls <= 15
    assert (second.canaries[0].asked, second.canaries[0].waiting, second.unwatched) == (20, 0, ())


def test_a_confirming_run_that_the_budget_cuts_short_lets_nothing_go_on(
    opened: Opened, clock: Clock, start: Starter
) -> None:
    """The ramp stays frozen until a look with more room has decided."""
    release = start(*MEETS)
    looked(opened)
    altered(opened, draft="Something else was said.")
    clock.go_on(days=1)
    cut = asyncio.run(look(opened, "CN", Budget(calls=22)))
    assert (acted(cut), cut.frozen, cut.calls) == (["watch.drift"], (release.id,), 22)
    assert "used up before the confirming run" in cut.unwatched[0]
    assert acted(looked(opened)) == ["watch.confirmed"]


def test_only_a_run_that_falls_short_turns_off_what_has_drifted(
    opened: Opened, clock: Clock, start: Starter
) -> None:
    """The reason is in the ledger, with its figures, in the name of the watch."""
    release = start(*FALLS_SHORT)
    looked(opened)
    altered(opened, draft="Something else was said.")
    clock.go_on(days=1)
    report = looked(opened)
    assert acted(report) == ["watch.drift", "watch.fell_short"] and report.alarming
    assert state_of(opened, release) == "halted"
    with opened.database.connect() as connection:
        (entry,) = entries(connection, kind="watch.fell_short", subject=release.id)
    assert entry.who == WATCH and "falls short" in str(entry.facts()["says"])
    assert looked(opened).acts == ()


def test_a_frozen_ramp_does_not_advance(opened: Opened, start: Starter) -> None:
    """Whoever asks is told why."""
    release = start(*MEETS)
    freeze(opened, release, "test", "answers changed")
    with pytest.raises(NotAllowed, match="answers changed"):
        steps.advance(opened, "CN", release.feature, release.locale)


def test_a_reply_that_names_another_model_turns_off_once(
    opened: Opened, clock: Clock, start: Starter
) -> None:
    """Evidence of identity, by one reply; who resumes it has seen it."""
    release = start(*MEETS)
    looked(opened)
    altered(opened, model="first-name")
    clock.go_on(days=1)
    looked(opened)
    with opened.database.begin() as connection:
        last = outcomes.c.at > "2026-11-03"
        connection.execute(update(outcomes).where(last).values(model="second-name"))
    report = looked(opened)
    assert acted(report) == ["watch.identity"] and "second-name" in report.acts[0].says
    assert state_of(opened, release) == "halted"
    steps.resume(opened, "CN", release.feature, release.locale)
    assert looked(opened).acts == () and state_of(opened, release) == "on"


def test_a_model_that_its_partner_no_longer_lists_is_off(
    opened: Opened, clock: Clock, start: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its own list, which a stand-in serves over HTTP; what it never listed says nothing."""

    async def run() -> tuple[Report, Report, Report]:
        full, less = StandIn("deepseek"), StandIn("deepseek", key="k", models=_without_flash())
        async with full, less:
            monkeypatch.setenv("DEEPSEEK_API_KEY", full.key)
            opened.workspace = _with_deepseek(opened, full.base_url)
            start("summarize", "en", FLASH)
            first = await look(opened, "CN")
            clock.go_on(hours=1)
            monkeypatch.setenv("DEEPSEEK_API_KEY", less.key)
            opened.workspace = _with_deepseek(opened, less.base_url)
            return first, await look(opened, "CN"), await look(opened, "CN")

    first, second, third = asyncio.run(run())
    assert acted(first) == ["watch.inventory"] and first.inventories[0].listed
    assert acted(second)[:2] == ["watch.identity", "watch.inventory"]
    assert second.inventories[0].gone and second.turned_off
    assert second.retiring[0].exposed[0].candidate == FLASH
    assert third.acts == ()


FLASH = "deepseek/deepseek-flash"


def _without_flash() -> list[ModelEntry]:
    return [one for one in read_partners([packaged()])["deepseek"].models if one.id not in FLASH]


def _with_deepseek(opened: Opened, base_url: str) -> Workspace:
    """Return the workspace with a partner at *base_url*."""
    folder = opened.workspace.folder
    market, settings = folder / "markets" / "CN.toml", folder / "pratique.toml"
    if FLASH not in market.read_text():
        listed = f'candidates = ["{FLASH}", '
        market.write_text(market.read_text().replace("candidates = [", listed))
    own = settings.read_text().partition("[partners.deepseek]")[0]
    settings.write_text(f'{own}[partners.deepseek]\nbase_url = "{base_url}"\n')
    return open_workspace(folder)


def noticed(opened: Opened, ends: str) -> None:
    """Write down that the model of the rules ends."""
    folder = opened.workspace.folder / "notices"
    folder.mkdir(exist_ok=True)
    (folder / "rules.toml").write_text(
        f'partner = "embedded"\nmodels = ["rules"]\nannounced = 2026-11-01\nends = {ends}\n'
    )


def test_a_notice_becomes_a_plan_with_dates_and_exposure(opened: Opened, start: Starter) -> None:
    """Who else could take over, what that asks of whom, and the last day, by what it took others."""
    release = start(*MEETS)
    noticed(opened, "2027-11-30")
    report = looked(opened)
    (plan,) = report.retiring
    (exposed,) = plan.exposed
    assert (exposed.release, exposed.user_fraction) == (release.id, 0.01)
    assert plan.days_left == (date(2027, 11, 30) - date(2026, 11, 2)).days
    assert exposed.fallbacks == () and not exposed.late and not report.alarming
    best = exposed.alternatives[0]
    assert best.candidate != "embedded/rules" and best.asks == "file_again"
    assert best.months is not None and best.file_by is not None
    assert 0 < (date(2027, 11, 30) - best.file_by).days <= 31 * best.months[1]
    assert acted(report) == ["watch.retirement"] and looked(opened).acts == ()


def test_a_notice_too_short_to_file_anew_is_late(opened: Opened, start: Starter) -> None:
    """Thirty days, where a filing takes months: a person has to act now."""
    start(*MEETS)
    noticed(opened, "2026-12-01")
    report = looked(opened)
    assert report.retiring[0].late and report.alarming
    assert any("LATE" in line for line in report.sentences)
