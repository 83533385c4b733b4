"""What is on stays on over a rotation of the key and in a restored copy, and nothing else comes on."""

from datetime import timedelta
from pathlib import Path

import pytest

from pratique.errors import NotAllowed
from pratique.filing.approvals import keep_approval
from pratique.filing.approving import enter_approval
from pratique.people.keys import SigningKey
from pratique.rollout import gate, steps
from pratique.rollout.gate import Context, Refusal, Rules
from pratique.settings.workspace import open_workspace
from pratique.workspace.backup import backup, restore
from pratique.workspace.opened import Opened, key_path
from pratique.workspace.rotation import rotate
from tests.rollout.conftest import FEATURE, LOCALE


def answer(opened: Opened, device: Context) -> str:
    """Return the digest that is let through, or why nothing is."""
    rules = steps.gate_rules(opened, "CN")
    with opened.database.connect() as connection:
        found = gate.ask(connection, rules, FEATURE, LOCALE, device, opened.clock())
    return found.reason if isinstance(found, Refusal) else found.release.digest


def released(opened: Opened, rules: Rules, digest: str) -> None:
    """Enter an approval as the command does, and release what it covers to everybody."""
    today = opened.clock().date()
    enter_approval(
        opened,
        "CN-1",
        number="REHEARSAL-1",
        issued=today,
        expires=today + timedelta(days=90),
        document_sha256="a" * 64,
    )
    for _ in steps.start(opened, rules, digest).stages[1:]:
        steps.advance(opened, "CN", FEATURE, LOCALE)


def test_an_approval_holds_when_its_key_is_retired(
    opened: Opened, rules: Rules, digest: str, device: Context
) -> None:
    """Its hash is in the ledger since it was entered."""
    released(opened, rules, digest)
    rotate(opened, lost=False)
    assert answer(opened, device) == digest


def test_an_approval_signed_later_by_a_retired_key_lets_nothing_on(
    opened: Opened, rules: Rules, digest: str
) -> None:
    """Somebody writes it into the database, signed by the old key and dated back."""
    stolen = SigningKey.load(key_path(opened.workspace))
    rotate(opened, lost=False)
    today = opened.clock().date()
    approval = enter_approval(
        opened,
        "CN-1",
        number="REHEARSAL-1",
        issued=today,
        expires=today + timedelta(days=90),
        document_sha256="a" * 64,
    )
    with opened.database.begin() as connection:
        connection.exec_driver_sql("DELETE FROM approvals")
        keep_approval(connection, approval, stolen)
    with pytest.raises(NotAllowed, match="signature does not hold"):
        steps.start(opened, rules, digest)


def test_a_restored_copy_lets_the_same_through(
    opened: Opened, rules: Rules, digest: str, device: Context, tmp_path: Path
) -> None:
    """Without any private key."""
    released(opened, rules, digest)
    rotate(opened, lost=False)
    backup(opened, tmp_path / "shop.zip", passphrase=None)
    made = restore(tmp_path / "shop.zip", tmp_path / "again", check=lambda _: ())
    again = Opened(open_workspace(made.folder), who="ada", clock=opened.clock)
    assert answer(again, device) == answer(opened, device) == digest
    assert again.audit() == opened.audit()
    again.close()
