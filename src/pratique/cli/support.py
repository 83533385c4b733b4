"""`pratique support`: whether a partner can carry us, measured, told by tickets, and attested."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, emit, for_market, in_workspace, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from pratique.assessment.support.capacity import Capacity
    from pratique.assessment.support.objectives import Step, Support
    from pratique.assessment.support.probes import Probe
    from pratique.assessment.support.probing import Cap
    from pratique.evals.load.open_loop import Phase
    from pratique.workspace.opened import Opened


@click.group()
def support() -> None:
    """Find out whether a partner can carry us: load, incidents, people, notice."""


@support.command("probe")
@click.argument("model", metavar="PARTNER/MODEL")
@for_market
@click.option(
    "--steps", default="", help="Requests a second of each step, as 1,2,5; else the standard's."
)
@click.option(
    "--budget-calls",
    type=click.IntRange(min=1),
    default=2000,
    show_default=True,
    help="Most calls; never more.",
)
@click.option(
    "--budget-cost",
    type=click.FloatRange(min=0, min_open=True),
    default=None,
    help="Most money, in the currency of the model's price; never more.",
)
@in_workspace
@as_json
def support_probe(
    model: str,
    market: str,
    steps: str,
    budget_calls: int,
    budget_cost: float | None,
    workspace: Path | None,
    json_: bool,
) -> None:
    """Send a model requests at rising rates, whatever comes back, and say what it carries.

    The requests are those of the standard's feature. A step that clearly fails ends after some
    tens of them. Then come a burst, and the waits that the partner asks for.
    """
    from pratique.assessment.support.capacity import support_of
    from pratique.assessment.support.entering import enter_probe
    from pratique.assessment.support.probes import load_figures
    from pratique.assessment.support.probing import Cap

    with opened_workspace(workspace) as opened:
        held = support_of(opened.workspace)
        cap = Cap(calls=budget_calls, money=budget_cost)
        probe = _probed(opened, held, model, market, _steps(steps, held), cap)
        found = enter_probe(opened, probe)
        figures = load_figures(probe, held)
    spent = f"{probe.currency} {probe.cost:.4f}" if probe.cost is not None else "cost unknown"
    lines = [f"{probe.calls} calls, {spent}", *_lines(found)]
    document = {
        "capacity": found,
        "figures": figures,
        "calls": probe.calls,
        "cost": probe.cost,
        "currency": probe.currency,
        "simulated": probe.simulated,
    }
    emit(json_, document, lines)


def _steps(text: str, held: "Support") -> "tuple[Step, ...]":
    """Return the steps that were asked for, each with as many requests as the standard's longest."""
    from pratique.assessment.support.objectives import Step

    if not text:
        return held.load.steps
    try:
        rates = [float(one) for one in text.split(",")]
    except ValueError:
        raise click.UsageError(f"--steps {text}: name rates as 1,2,5") from None
    if rates != sorted(set(rates)) or not 0 < rates[0] <= rates[-1] < 10_000:
        raise click.UsageError(f"--steps {text}: rates must rise, above 0")
    most = max(step.requests for step in held.load.steps)
    return tuple(Step(rate=rate, requests=most) for rate in rates)


def _probed(
    opened: "Opened",
    held: "Support",
    model: str,
    market: str,
    steps: "tuple[Step, ...]",
    cap: "Cap",
) -> "Probe":
    """Return what came of the probe; an invented model is probed in virtual time."""
    from pratique.assessment.support.capacity import partners_of
    from pratique.assessment.support.probing import Prober, questions, require_reached, subject_of
    from pratique.evals.load.virtual_time import played
    from pratique.partners.catalogue import find_candidate
    from pratique.partners.pool import Pool
    from pratique.partners.simulated import SimulatedModel

    partners = partners_of(opened.workspace)
    candidate = find_candidate(partners, model)
    subject = subject_of(opened.workspace, candidate, market, held)
    asked = asyncio.run(questions(subject, held))

    wanted = held.probing
    say(f"asking `{wanted.feature}` in `{wanted.locale}`: at most {cap.calls} calls")

    def begins(words: str) -> None:
        say(f"  {words} …")

    def progress(words: str, phase: "Phase") -> None:
        say(f"  {words}: {len(phase.sent)} of {phase.planned} requests")

    async def virtual(clock: "Callable[[], float]") -> "Probe":
        prober = Prober(subject, held, cap, asked, steps=steps, progress=progress, clock=clock)
        return await prober.probe(SimulatedModel(candidate, clock=clock))

    async def real() -> "Probe":
        pool = Pool(
            partners,
            market,
            accesses=opened.workspace.configuration.partners,
            folder=opened.workspace.folder,
            retries=False,
        )
        try:
            pool.require_key(candidate)
            prober = Prober(
                subject, held, cap, asked, steps=steps, begins=begins, progress=progress
            )
            return await prober.probe(pool.connected(candidate))
        finally:
            await pool.close()

    if candidate.model.simulation:
        return played(virtual)
    probe = asyncio.run(real())
    require_reached(probe)
    return probe


@support.command("tickets")
@click.argument("partner")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@in_workspace
@as_json
def support_tickets(partner: str, file: Path, workspace: Path | None, json_: bool) -> None:
    """Take in a partner's tickets, as CSV or JSON, in place of those before.

    Columns: id, opened, acknowledged, resolved, severity, fixer, about; moments with their zone.
    """
    from pratique.assessment.support.entering import enter_tickets

    with opened_workspace(workspace) as opened:
        found = enter_tickets(opened, partner, file)
    emit(json_, found, _lines(found))


@support.command("attest")
@click.argument("partner")
@click.option("--item", required=True, help="What is attested, as the standard names it.")
@click.option("--by", required=True, help="Who looked at the document.")
@click.option(
    "--document",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The document; its SHA-256 is kept, the file is not.",
)
@click.option("--says", default="", help="What it declares, in a line.")
@in_workspace
@as_json
def support_attest(
    partner: str,
    item: str,
    by: str,
    document: Path,
    says: str,
    workspace: Path | None,
    json_: bool,
) -> None:
    """Enter that somebody of us looked at a document of the partner; the ledger keeps it."""
    from pratique.assessment.support.entering import enter_attested

    with opened_workspace(workspace) as opened:
        attested, found = enter_attested(opened, partner, item, by, document, says)
    line = f"`{item}` attested by {attested.by}: `{attested.document}`, SHA-256 {attested.sha256}"
    emit(json_, {"attested": attested, "capacity": found}, [line, f"{found.verdict}"])


@support.command("show")
@click.argument("partner", metavar="PARTNER[/MODEL]")
@click.option(
    "--page",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Also write the section of a report there: `.md` or `.html`.",
)
@in_workspace
@as_json
def support_show(partner: str, page: Path | None, workspace: Path | None, json_: bool) -> None:
    """Show what is known of a partner's support, and what is not; exit 1 unless it is sufficient."""
    from pratique.assessment.support.capacity import verdict_of

    with opened_workspace(workspace) as opened:
        found = verdict_of(opened, partner)
        if page is not None:
            _write(opened, found, page)
            say(f"written to `{page}`")
    emit(json_, found, _lines(found))
    if found.verdict != "SUFFICIENT":
        sys.exit(1)


def _write(opened: "Opened", found: "Capacity", page: Path) -> None:
    from pratique.assessment.support import support_page
    from pratique.assessment.support.capacity import (
        evidence_of,
        named_partner,
        partners_of,
        support_of,
    )
    from pratique.errors import Unavailable

    text = support_page.markdown(found)
    if page.suffix.lower() == ".html":
        held = support_of(opened.workspace)
        partner = named_partner(partners_of(opened.workspace), found.subject)
        with opened.database.connect() as connection:
            evidence = evidence_of(connection, partner)
        text = support_page.html(found, support_page.pictures(evidence, held, found.subject))
    try:
        page.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Unavailable(
            f"cannot write `{page}`: {error.strerror}", hint="name another file with `--page`"
        ) from None


def _lines(found: "Capacity") -> list[str]:
    from pratique.assessment.support.support_page import WORDS

    marked = " (simulated)" if found.simulated else ""
    lines = [f"{found.subject}{marked}: {found.verdict}", ""]
    for one in found.items:
        model = f", {one.model}" if one.model else ""
        when = f" ({one.when[:10]})" if one.when else ""
        lines.append(f"{WORDS[one.state]:<10} {one.about}{model}{when}")
        for word, said in (("measured", one.measured), ("declared", one.declared)):
            if said:
                lines.append(f"           {word}: {said}")
    return [*lines, *_next(found)]


def _next(found: "Capacity") -> list[str]:
    """Return how what nobody has looked at comes to be known, once for each kind of it."""
    partner = found.subject.partition("/")[0]
    ways = {}
    for one in found.items:
        if one.when or one.measured or one.state != "unknown" or one.id == "notice":
            continue
        kind, _, item = one.id.partition(":")
        if one.model or one.id in ("sustained_rate", "recovery", "waits", "valid", "same_verdict"):
            ways["load"] = f"probe {one.model or f'{partner}/MODEL'}"
        elif kind == "attested":
            ways["people"] = f"attest {partner} --item {item} --by NAME --document FILE"
        else:
            ways["incidents"] = f"tickets {partner} FILE"
    return ["", *(f"next: `pratique support {way}`" for way in ways.values())] if ways else []
