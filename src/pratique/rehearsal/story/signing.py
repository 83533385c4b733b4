"""Signing: the ledger's decisions as they are listed, and two rehearsed people who sign steps."""

import re
from collections.abc import Mapping

import msgspec

from pratique.rehearsal.story.desk import Desk

PEOPLE = ("ana", "bo")
"""Two rehearsed people who may sign."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A decision, as `ledger` printed it."""

    seq: int
    """Its place."""
    at: str
    """When it was recorded."""
    who: str
    """Who decided."""
    kind: str
    """What was decided."""
    subject: str
    """What about."""
    facts: Mapping[str, object]
    """Its facts."""


def decisions(desk: Desk, kind: str) -> tuple[Entry, ...]:
    """Return the decisions of *kind* so far."""
    found = desk.must("ledger", "--kind", kind)
    return msgspec.convert(found["entries"], tuple[Entry, ...])


def make_people(desk: Desk) -> None:
    """Give two rehearsed people accounts and keys of their own, and let steps take both."""
    for name in PEOPLE:
        desk.must("people", "add", name, "--role", "approver", "--role", "operator")
        key = str(desk.folder / f"state/{name}.key")
        words = ["people", "keys", "make", "--account", name, "--out", key, "--stdin"]
        desk.must(*words, stdin=_passphrase(name))
    text = desk.read("pratique.toml")
    for kind in ("approval", "carry_over"):
        text = re.sub(rf"^{kind} = 0$", f"{kind} = 2", text, count=1, flags=re.MULTILINE)
    desk.write("pratique.toml", text)


def _passphrase(name: str) -> str:
    return f"a rehearsed passphrase of {name}\n"


class _SignOff(msgspec.Struct, frozen=True, kw_only=True):
    id: str


class _Pending(msgspec.Struct, frozen=True, kw_only=True):
    sign_off: _SignOff


def signed_by_two(desk: Desk, *words: str) -> tuple[int, int, Mapping[str, object]]:
    """Take a step that needs two signatures: refused, signed by both, taken.

    Returns:
        How the first try exited, how many people signed, and what the step printed.
    """
    first = desk.run(*words)
    pending = msgspec.convert(desk.must("people", "pending")["pending"], tuple[_Pending, ...])
    signed = 0
    for name in PEOPLE:
        key = str(desk.folder / f"state/{name}.key")
        told = ["people", "sign", pending[-1].sign_off.id, "--account", name, "--key", key]
        desk.must(*told, "--stdin", stdin=_passphrase(name))
        signed += 1
    return first.code, signed, desk.must(*words)
