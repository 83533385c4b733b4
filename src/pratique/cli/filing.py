"""`pratique file`, `approve` and `diff`."""

from datetime import date, datetime
from pathlib import Path

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, emit, for_market, in_workspace


@click.command()
@in_workspace
@for_market
@click.option("--draft", is_flag=True, help="Build the pack with its gaps marked.")
@as_json
def file(workspace: Path | None, market: str, draft: bool, json_: bool) -> None:
    """Freeze the selected variants and build the evidence pack of a filing."""
    from pratique.filing.file import file_selection

    with opened_workspace(workspace) as opened:
        filing = file_selection(opened, market, draft=draft)
        pack = opened.workspace.folder / filing.pack
    state = f"{filing.state}, simulated" if filing.simulated else filing.state
    emit(
        json_,
        {"filing": filing, "pack": str(pack)},
        [
            f"filing `{filing.id}`, {state}: {len(filing.variants)} variants frozen",
            f"pack: {pack}",
            f"manifest: sha256 {filing.manifest_sha256}",
        ],
    )


@click.command()
@click.argument("filing")
@click.option("--number", required=True, help="Number that the regulator gave.")
@click.option(
    "--issued",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="First day on which it holds.",
)
@click.option(
    "--expires",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="Last day on which it holds.",
)
@click.option(
    "--document",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help="The document that carries the answer; its hash is kept.",
)
@in_workspace
@as_json
def approve(
    filing: str,
    number: str,
    issued: datetime,
    expires: datetime,
    document: Path,
    workspace: Path | None,
    json_: bool,
) -> None:
    """Enter the regulator's answer to FILING."""
    import hashlib

    from pratique.filing.file import enter_approval

    with opened_workspace(workspace) as opened:
        approval = enter_approval(
            opened,
            filing,
            number=number,
            issued=_day(issued),
            expires=_day(expires),
            document_sha256=hashlib.sha256(document.read_bytes()).hexdigest(),
        )
    mark = " (simulated: for practice in this workspace only)" if approval.simulated else ""
    emit(
        json_,
        approval,
        [
            f"approval `{approval.number}` of `{approval.filing}`, {approval.issued} to {approval.expires}{mark}"
        ],
    )


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
