"""`pratique ledger`: what was decided, by whom and when."""

from pathlib import Path

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, emit, in_workspace, table


@click.command()
@click.option("--kind", default=None, help="Only this kind, such as `release.halted`.")
@click.option("--subject", default=None, help="Only what was decided about this id or digest.")
@in_workspace
@as_json
def ledger(kind: str | None, subject: str | None, workspace: Path | None, json_: bool) -> None:
    """List the decisions in the ledger, the oldest first. `verify` proves that none was changed."""
    import msgspec

    from pratique.ledger.chain import entries

    with opened_workspace(workspace) as opened, opened.database.connect() as connection:
        found = list(entries(connection, kind=kind, subject=subject))
    rows = [[str(one.seq), one.at[:19] + "Z", one.who, one.kind, one.subject] for one in found]
    emit(
        json_,
        {
            "entries": [
                {
                    "seq": one.seq,
                    "at": one.at,
                    "who": one.who,
                    "kind": one.kind,
                    "subject": one.subject,
                    "facts": msgspec.json.decode(one.body),
                    "hash": one.hash,
                }
                for one in found
            ]
        },
        table(["place", "at", "who", "decision", "about"], rows) if rows else ["nothing is there"],
    )
