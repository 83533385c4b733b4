"""People who sign with keys of their own, for tests of steps that take several."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from pratique.people import accounts
from pratique.settings.workspace import SignOffPolicy
from pratique.workspace import rotation, sign_offs
from pratique.workspace.opened import Opened

PASSPHRASE = "blue tram over seven hills"
PEOPLE = ("ana", "bo")
"""Approvers."""


@contextmanager
def two_people(opened: Opened) -> Iterator[None]:
    """Let steps of *opened* take as many people as a real workspace asks for, with two approvers."""
    before = opened.workspace
    configuration = msgspec.structs.replace(before.configuration, sign_off=SignOffPolicy())
    opened.workspace = msgspec.structs.replace(before, configuration=configuration)
    with opened.database.begin() as connection:
        for name in (opened.who, *PEOPLE):
            accounts.add(connection, name, ["approver"], opened.clock())
    yield
    opened.workspace = before


def sign_all(opened: Opened, *names: str) -> None:
    """Sign everything that waits, in the name of each of *names*."""
    for one in sign_offs.pending(opened):
        for name in names or PEOPLE:
            if name not in {key.account for key in opened.keyring.people.values()}:
                rotation.make_person_key(opened, name, PASSPHRASE)
            sign_offs.sign(opened, one.id, name, rotation.open_person_key(opened, name, PASSPHRASE))
