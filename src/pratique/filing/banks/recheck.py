"""Counting banks again: the entries of each, where they are those that were imported last."""

from sqlalchemy import Connection

from pratique.errors import PratiqueError
from pratique.filing.banks.keeping import read_bank
from pratique.ledger.chain import entries
from pratique.settings.workspace import Workspace
from pratique.store.figures import Remade

IMPORTED = "bank.imported"
"""Kind of the ledger's entry about an import."""


def recount(connection: Connection, workspace: Workspace, remade: Remade) -> None:
    """Count the entries of every bank; one that was edited since its import is a note, no fault."""
    last = {one.subject: one.facts() for one in entries(connection, kind=IMPORTED)}
    for subject, facts in last.items():
        market, _, bank = subject.partition("/")
        try:
            kept = read_bank(workspace, market, bank)
        except PratiqueError as error:
            remade.notes.append(f"bank `{subject}`: {error.message}")
            continue
        if kept.head.digest != facts["digest"]:
            remade.notes.append(f"bank `{subject}` is not the one that the ledger knows")
            continue
        remade.see(f"bank {subject}", bank, "entries", kept.head.entries, len(kept.entries))
