"""`pratique bank`: the libraries of keywords and questions that a market asks for, and the tests on them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, emit, for_market, in_workspace, table

if TYPE_CHECKING:
    from pratique.filing.banks.checking import BankCheck
    from pratique.filing.banks.report import BankReport

SHOWN = 12
"""Gaps of one bank that are printed; `--json` has all of them."""


@click.group()
def bank() -> None:
    """Keep the market's keyword library and question banks, and test what is to be served on them."""


@bank.command("import")
@click.argument("bank_id", metavar="BANK")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@in_workspace
@for_market
@click.option("--add", is_flag=True, help="Add to what is there, in place of replacing it.")
@as_json
def import_(
    bank_id: str, file: Path, workspace: Path | None, market: str, add: bool, json_: bool
) -> None:
    """Take in FILE (.xlsx, .csv, .jsonl) as BANK: `keywords`, `content`, `refuse` or `not_refuse`."""
    from pratique.filing.banks.importing import import_bank

    with opened_workspace(workspace) as opened:
        found = import_bank(opened, market, bank_id, file, add=add)
    emit(
        json_,
        found,
        [
            f"bank `{found.bank}` of `{market}`: {found.entries:,} entries,"
            f" {found.added:,} new, {found.removed:,} gone, {found.repeated:,} rows repeated another,"
            f" {found.held:,} held that nobody accepted",
            f"kept in {found.path}",
            f"next: `pratique bank check --market {market}`",
        ],
    )


@bank.command("check")
@in_workspace
@for_market
@as_json
def check(workspace: Path | None, market: str, json_: bool) -> None:
    """Hold every bank against the market's rules; exit with 1 while something is missing."""
    from pratique.filing.banks.report import bank_report

    with opened_workspace(workspace) as opened:
        found = bank_report(opened, market)
    emit(json_, {"complete": found.complete, "report": found}, _checked(found))
    if not found.complete:
        sys.exit(1)


@bank.command("coverage")
@click.argument("bank_id", metavar="BANK")
@in_workspace
@for_market
@as_json
def coverage(bank_id: str, workspace: Path | None, market: str, json_: bool) -> None:
    """Show how each risk or aspect is covered in BANK."""
    from pratique.errors import NotFound
    from pratique.filing.banks.report import bank_report

    with opened_workspace(workspace) as opened:
        found = bank_report(opened, market)
    one = found.check(bank_id)
    if one is None:
        known = ", ".join(each.bank for each in found.banks) or "none"
        raise NotFound(f"`{market}` asks for no bank `{bank_id}`", hint=f"banks: {known}")
    rows = [
        [
            place.code if place.code != place.title.zh else "",
            place.title.zh,
            place.title.en,
            str(place.has),
            str(place.needs or "–"),
            place.state if place.needs else "not counted",
        ]
        for place in one.places
    ]
    emit(
        json_,
        {"bank": bank_id, "places": [(p, p.state) for p in one.places]},
        table(["code", "风险", "risk", "has", "needs", "state"], rows),
    )


@bank.command("variants")
@click.argument("bank_id", metavar="BANK")
@in_workspace
@for_market
@click.option("--model", required=True, help="Who makes them, `partner/model`.")
@click.option(
    "--questions",
    type=click.IntRange(1, 5000),
    default=20,
    show_default=True,
    help="Questions to vary.",
)
@click.option(
    "--each", type=click.IntRange(1, 20), default=3, show_default=True, help="Ways of asking each."
)
@click.option("--seed", default=1, show_default=True, help="Seed of the drawing.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="Table (.csv) for a person to go through.",
)
@as_json
def variants(
    bank_id: str,
    workspace: Path | None,
    market: str,
    model: str,
    questions: int,
    each: int,
    seed: int,
    out: Path,
    json_: bool,
) -> None:
    """Have a model ask the questions of BANK in other ways. None counts before a person accepts it."""
    import asyncio

    from pratique.filing.banks.variants import propose

    with opened_workspace(workspace) as opened:
        found = asyncio.run(
            propose(
                opened, market, bank_id, out, model=model, questions=questions, each=each, seed=seed
            )
        )
    emit(
        json_,
        found,
        [
            f"{found.proposed} variants of {found.asked} questions by `{found.model}`;"
            f" {found.dropped} lines dropped, {found.declined} questions declined",
            f"write `yes` under `accept` in {found.path}, then"
            f" `pratique bank import {bank_id} {found.path} --add`",
        ],
    )


def _checked(found: "BankReport") -> list[str]:
    rows = [_row(one) for one in found.banks]
    columns = [
        "bank",
        "counts",
        "needs",
        "entries",
        "code words",
        "same",
        "near",
        "changed",
        "gaps",
    ]
    lines = table(columns, rows)
    for one in found.banks:
        if one.gaps:
            lines += ["", f"{one.bank} ({one.title.zh}):"]
            lines += [f"  {gap.says.en}" for gap in one.gaps[:SHOWN]]
            if len(one.gaps) > SHOWN:
                lines.append(f"  and {len(one.gaps) - SHOWN} more: `--json` has all of them")
    lines += [
        f"`{refuse}` must be refused and `{answer}` must not be: they are one question"
        for refuse, answer in found.contradictions
    ]
    return lines


def _row(one: "BankCheck") -> list[str]:
    return [
        one.bank + (" (starter)" if one.starter else ""),
        f"{one.counted:,}",
        f"{one.needs:,}",
        f"{one.entries:,}",
        f"{one.held_open:,}",
        f"{one.exact:,}",
        f"{one.near:,}",
        one.changed or "–",
        f"{len(one.gaps)}",
    ]
