"""`pratique file`, `approve`, `carry-over` and `diff`."""

from datetime import date, datetime
from pathlib import Path
from typing import Literal

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, command, emit, for_market, in_workspace


@click.command()
@in_workspace
@for_market
@click.option("--draft", is_flag=True, help="Build the pack with its gaps marked in red.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Also copy the pack to this folder, new or empty.",
)
@as_json
def file(workspace: Path | None, market: str, draft: bool, out: Path | None, json_: bool) -> None:
    """Freeze the selected variants and build the evidence pack of a filing."""
    from pratique.filing.copies import pack_summary
    from pratique.filing.file import file_selection

    with opened_workspace(workspace) as opened:
        filing = file_selection(opened, market, draft=draft)
        found = pack_summary(opened, filing, out)
    state = f"{filing.state}, simulated" if filing.simulated else filing.state
    counts = ", ".join(
        f"{count} {word.replace('_', ' ')}" for word, count in found.findings.items()
    )
    behind = sum(one.place > 0 for one in filing.variants)
    people = sum(one.who == "people" for one in found.missing)
    variants = "1 variant" if len(filing.variants) == 1 else f"{len(filing.variants)} variants"
    after = (
        f"next: people answer what is open in `answers/{market}.toml`, one table a duty of"
        " `checklist.md`; then file without `--draft`"
        + (f", or practise: `pratique approve {filing.id}`" if filing.simulated else "")
        if filing.state == "draft"
        else f"next: hand it in; `pratique approve {filing.id}` enters the regulator's answer"
    )
    emit(
        json_,
        found,
        [
            f"filing `{filing.id}`, {state}: {variants} frozen"
            + (f", {behind} of them fallbacks" if behind else ""),
            f"pack: {found.pack}, {len(found.files)} files",
            f"report: {counts}",
            f"due and open: {len(found.missing)}, {people} of them only people can do (`checklist.md`)",
            f"manifest: sha256 {filing.manifest_sha256}",
            after,
        ],
    )


@click.command()
@click.argument("name", metavar="FILING")
@click.option("--number", help="Number that the regulator gave.")
@click.option("--issued", type=click.DateTime(["%Y-%m-%d"]), help="First day on which it holds.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="Last day on which it holds.")
@click.option(
    "--document",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The document that carries the answer; its hash is kept.",
)
@click.option(
    "--now",
    type=click.Choice(["extended", "suspended", "resumed", "revoked"]),
    help="What became of the approval since: FILING may be its number or id, too.",
)
@click.option("--reason", default="", help="Why, for the ledger; needed with `--now`.")
@in_workspace
@as_json
def approve(
    name: str,
    number: str | None,
    issued: datetime | None,
    expires: datetime | None,
    document: Path | None,
    now: Literal["extended", "suspended", "resumed", "revoked"] | None,
    reason: str,
    workspace: Path | None,
    json_: bool,
) -> None:
    """Enter the regulator's answer to FILING, or what became of it since."""
    from pratique.filing.approving import amend, enter_approval

    hashed = _sha256(document) if document else ""
    if now:
        with opened_workspace(workspace) as opened:
            amendment = amend(
                opened,
                name,
                now,
                reason,
                expires=_day(expires) if expires else None,
                document_sha256=hashed,
            )
        until = f" until {amendment.expires}" if amendment.expires else ""
        line = f"approval `{amendment.approval}` is {now}{until}: {reason}"
        emit(json_, amendment, [line])
        return
    if not (number and issued and expires and document):
        raise click.UsageError(
            "an answer needs `--number`, `--issued`, `--expires` and `--document`"
        )
    with opened_workspace(workspace) as opened:
        approval = enter_approval(
            opened,
            name,
            number=number,
            issued=_day(issued),
            expires=_day(expires),
            document_sha256=hashed,
        )
    mark = " (simulated: for practice in this workspace only)" if approval.simulated else ""
    emit(
        json_,
        approval,
        [
            f"approval `{approval.number}` of `{approval.filing}`, {approval.issued} to {approval.expires}{mark}",
            f"next: {command('rollout start FEATURE --locale LOCALE', approval.market)}, for "
            + ", ".join(f"{one.feature} {one.locale}" for one in approval.variants),
        ],
    )


@click.command("carry-over")
@click.argument("feature")
@click.option("--locale", required=True, help="Locale of the feature.")
@click.option("--reason", required=True, help="Why, for the ledger.")
@click.option(
    "--notice",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The notice that was sent to the regulator, where a change asks for one.",
)
@in_workspace
@for_market
@as_json
def carry_over(
    feature: str,
    locale: str,
    reason: str,
    notice: Path | None,
    workspace: Path | None,
    market: str,
    json_: bool,
) -> None:
    """Carry the approval of FEATURE over to what the workspace holds of it now."""
    from pratique.filing.carrying import carry_over as carry

    with opened_workspace(workspace) as opened:
        amendment, changes = carry(
            opened,
            market,
            feature,
            locale,
            reason,
            notice_sha256=_sha256(notice) if notice else "",
        )
    lines = [
        *(f"`{one.part}`: {one.kind}: {one.reason}" for one in changes),
    ]
    if amendment.carried:
        new = amendment.carried.variant.digest
        lines += [
            f"approval `{amendment.approval}` now covers {new}",
            f"next: `pratique rollout start {feature} --locale {locale}` begins with it at the first stage;"
            f" `pratique rollout switch {feature} --locale {locale} --digest {new} --reason …` stays at"
            " the stage that is on",
        ]
    emit(json_, {"amendment": amendment, "changes": changes}, lines)


def _sha256(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def _day(moment: datetime) -> date:
    return moment.date()


@click.command()
@click.option("--since", "filing", required=True, help="Filing to compare with.")
@in_workspace
@for_market
@as_json
def diff(filing: str, workspace: Path | None, market: str, json_: bool) -> None:
    """Show what changed in the workspace since a filing, and what each change asks for."""
    from pratique.filing.changes import changes_since

    with opened_workspace(workspace) as opened:
        found = changes_since(opened, market, filing)
    lines = [
        f"{one.feature} {one.locale}: `{one.part}` changed: {one.kind}: {one.reason}"
        for one in found
    ]
    emit(json_, {"since": filing, "changes": found}, lines or [f"nothing changed since `{filing}`"])
