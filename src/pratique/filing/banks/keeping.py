"""Keeping: banks as files of the workspace, `banks/MARKET/BANK.jsonl` with a head beside each.

The operator keeps them in git. The head holds the hash of the entries, so that an edit by hand is
seen and goes through an import, where it is checked and recorded.
"""

import re
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import msgspec

from pratique.errors import Malformed, NotFound, Tampered
from pratique.filing.banks.entries import Entry, Head, KeptBank
from pratique.settings.workspace import Workspace
from pratique.store.canonical import digest

STARTER = Path(str(files("pratique") / "content" / "banks"))
"""Folder of the modest set that comes with the product."""

_NAME = re.compile(r"[\w-]{1,64}")
_LINES = msgspec.json.Decoder(Entry)


def folder_of(workspace: Workspace, market: str) -> Path:
    """Return the folder of the banks of *market*."""
    return workspace.folder / "banks" / market


def read_bank(workspace: Workspace, market: str, bank: str) -> KeptBank:
    """Return a bank of the workspace.

    Raises:
        NotFound: none was imported.
        Malformed: a line is no entry, or the head is none.
        Tampered: the entries are not those that were imported.
    """
    path = _entries_path(workspace, market, bank)
    head_path = path.with_suffix(".json")
    if not path.is_file() or not head_path.is_file():
        raise NotFound(
            f"bank `{bank}` of `{market}` is not here", hint=f"`pratique bank import {bank} FILE`"
        )
    try:
        head = msgspec.json.decode(head_path.read_bytes(), type=Head)
    except msgspec.DecodeError as error:
        raise Malformed(f"not the head of a bank: {error}", path=head_path) from None
    data = path.read_bytes()
    if digest(data) != head.digest:
        raise Tampered(
            f"`{path}` is not what was imported",
            hint=f"after an edit by hand, `pratique bank import {bank} {path.name}` takes it in",
        )
    return KeptBank(head=head, entries=_entries(data, path))


def bank_or_starter(workspace: Workspace, market: str, regime: str, bank: str) -> KeptBank | None:
    """Return the bank of the workspace, else the starter set; None where there is neither."""
    if _entries_path(workspace, market, bank).is_file():
        return read_bank(workspace, market, bank)
    return starter(market, regime, bank)


def starter(market: str, regime: str, bank: str) -> KeptBank | None:
    """Return the starter set of *bank*; None where the product has none."""
    path = STARTER / regime / f"{bank}.jsonl"
    if not path.is_file():
        return None
    data = path.read_bytes()
    entries = _entries(data, path)
    head = Head(
        market=market,
        bank=bank,
        entries=len(entries),
        digest=digest(data),
        changed="",
        source=path.name,
        source_digest=digest(data),
        starter=True,
    )
    return KeptBank(head=head, entries=entries)


def write_bank(workspace: Workspace, head: Head, data: bytes) -> Path:
    """Write the entries in *data* with their *head*, whole or not at all, and return the path."""
    path = _entries_path(workspace, head.market, head.bank)
    path.parent.mkdir(parents=True, exist_ok=True)
    for target, content in (
        (path, data),
        (path.with_suffix(".json"), msgspec.json.format(msgspec.json.encode(head)) + b"\n"),
    ):
        draft = target.with_name(f".{target.name}.new")
        draft.write_bytes(content)
        draft.replace(target)
    return path


def as_lines(entries: Iterable[Entry]) -> bytes:
    """Return *entries* as they are kept, one a line."""
    return b"".join(msgspec.json.encode(one) + b"\n" for one in entries)


def _entries_path(workspace: Workspace, market: str, bank: str) -> Path:
    for name in (market, bank):
        if not _NAME.fullmatch(name):
            raise Malformed(f"`{name[:60]}` names no market or bank")
    return folder_of(workspace, market) / f"{bank}.jsonl"


def _entries(data: bytes, path: Path) -> tuple[Entry, ...]:
    found = []
    for number, line in enumerate(data.splitlines(), 1):
        try:
            found.append(_LINES.decode(line))
        except msgspec.DecodeError as error:
            raise Malformed(f"not an entry: {error}", path=path, line=number) from None
    return tuple(found)
