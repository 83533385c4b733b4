"""Importing a bank: a table read whole, or not at all, kept in the workspace and recorded."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec

from pratique.errors import Malformed
from pratique.filing.banks.columns import ACCEPTED, MODALITIES, NOT_ACCEPTED, Places, locale_named
from pratique.filing.banks.entries import (
    LONGEST_KEYWORD,
    LONGEST_QUESTION,
    Entry,
    Head,
    derived_id,
    guessed_locale,
)
from pratique.filing.banks.keeping import as_lines, bank_or_starter, write_bank
from pratique.filing.banks.tables import rows_of
from pratique.regimes.banks import Bank
from pratique.regimes.regime import Regime, load_regime
from pratique.screening.fold import key_of
from pratique.store.canonical import digest
from pratique.workspace.opened import Opened


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an import."""

    market: str
    """Market."""
    bank: str
    """Bank."""
    path: str
    """File of the entries in the workspace."""
    digest: str
    """Hash of that file."""
    entries: int
    """Entries that the bank has now."""
    added: int
    """Of these, entries that were not there before."""
    removed: int
    """Entries that were there before and are not any more."""
    repeated: int
    """Rows that said the very same as an earlier one: the text, its language and its place."""
    held: int
    """Questions of a model that nobody accepted: they were not taken in."""


def import_bank(
    opened: Opened, market: str, bank_id: str, path: Path, *, add: bool = False
) -> Imported:
    """Take in the table at *path* as bank *bank_id* of *market*; with *add*, to what is there.

    Raises:
        NotFound: there is no such market, bank or file.
        Malformed: a row is broken; row and column are named, and nothing is taken in.
        Tampered: with *add*, the bank that is there is not what was imported.
    """
    regime = load_regime(opened.workspace.market(market).regime)
    bank = regime.bank(bank_id)
    today = opened.clock().date()
    fresh, repeated, held = read_entries(path, bank, regime, today)
    kept = bank_or_starter(opened.workspace, market, regime.id, bank_id)
    before = {one.id: one for one in kept.entries} if kept and not kept.head.starter else {}
    entries = _merged(before, fresh, add=add)
    data = as_lines(entries)
    now = {one.id for one in entries}
    head = Head(
        market=market,
        bank=bank_id,
        entries=len(entries),
        digest=digest(data),
        changed=today.isoformat(),
        source=path.name,
        source_digest=digest(path.read_bytes()),
    )
    if before and kept is not None and kept.head.digest == head.digest:
        # The very same entries again are no renewal.
        head = msgspec.structs.replace(head, changed=kept.head.changed)
    facts: Mapping[str, object] = {
        "digest": head.digest,
        "entries": head.entries,
        "added": len(now - before.keys()),
        "removed": len(before.keys() - now),
        "source_digest": head.source_digest,
    }
    with opened.ledger.decision(
        who=opened.who, kind="bank.imported", subject=f"{market}/{bank_id}", body=facts
    ):
        written = write_bank(opened.workspace, head, data)
    return Imported(
        market=market,
        bank=bank_id,
        path=str(written),
        digest=head.digest,
        entries=head.entries,
        added=len(now - before.keys()),
        removed=len(before.keys() - now),
        repeated=repeated,
        held=held,
    )


def read_entries(
    path: Path, bank: Bank, regime: Regime, today: date
) -> tuple[tuple[Entry, ...], int, int]:
    """Return the entries of the table at *path*, how many rows repeat another, and how many are held.

    Raises: as `import_bank`.
    """
    reader = _Reader(path, bank, regime, today)
    found: dict[str, Entry] = {}
    said: dict[tuple[str, str, str], str] = {}
    repeated = held = 0
    for number, row in rows_of(path):
        if not reader.accepted(number, row):
            held += 1
            continue
        entry = reader.entry(number, row)
        meaning = (entry.text, entry.locale, entry.place)
        if meaning in said:
            repeated += 1
            continue
        if entry.id in found:
            raise reader.fault(number, "id", f"`{entry.id}` names two entries")
        said[meaning] = entry.id
        found[entry.id] = entry
    if not found:
        what = "nobody accepted any of its questions" if held else "the table has no rows"
        raise Malformed(what, hint="write `yes` under `accept`" if held else "", path=path)
    return tuple(found.values()), repeated, held


def _merged(before: Mapping[str, Entry], fresh: Sequence[Entry], *, add: bool) -> list[Entry]:
    """Return the bank as it is then; an entry that was there keeps the day on which it came in."""
    came_in = [
        msgspec.structs.replace(one, added=before[one.id].added) if one.id in before else one
        for one in fresh
    ]
    if not add:
        return came_in
    new = {one.id for one in came_in}
    return [one for one in before.values() if one.id not in new] + came_in


class _Reader:
    """Turns rows into entries of one bank."""

    def __init__(self, path: Path, bank: Bank, regime: Regime, today: date) -> None:
        self._path = path
        self._bank = bank
        self._today = today
        self._places = Places(regime.risks)
        self._aspects = any(part.over == "aspects" for part in bank.coverage)
        self._words = bank.entry_characters is not None
        self._longest = LONGEST_KEYWORD if self._words else LONGEST_QUESTION

    def entry(self, number: int, row: Mapping[str, str]) -> Entry:
        """Return the entry of one row."""
        text = row.get("text", "")
        if not text:
            raise self.fault(number, "text", "empty")
        if len(text) > self._longest:
            raise self.fault(number, "text", f"{len(text)} characters, more than {self._longest}")
        if self._words and not key_of(text):
            raise self.fault(number, "text", "nothing but marks: it would be found everywhere")
        risk, aspect = self._place(number, row)
        locale = locale_named(row["locale"]) if "locale" in row else guessed_locale(text)
        modality = MODALITIES.get(row.get("modality", "text").lower(), "")
        if not modality:
            raise self.fault(number, "modality", f"`{row['modality'][:20]}` is not known")
        return Entry(
            id=self._id(number, row.get("id", "") or derived_id(self._bank.id, locale, text)),
            text=text,
            risk=risk,
            aspect=aspect,
            locale=locale,
            modality=modality,
            added=self._day(number, row.get("added", "")),
            parent=row.get("parent", ""),
            note=row.get("note", ""),
        )

    def accepted(self, number: int, row: Mapping[str, str]) -> bool:
        """Say whether the row counts: what a model made does only where a person accepted it."""
        word = row.get("accept", "").lower()
        if word not in (*ACCEPTED, *NOT_ACCEPTED):
            raise self.fault(number, "accept", f"`{word[:20]}` is neither `yes` nor `no`")
        return word in ACCEPTED if "parent" in row else word not in NOT_ACCEPTED[1:]

    def fault(self, row: int, column: str, what: str) -> Malformed:
        """Return the error that names a cell."""
        return Malformed(
            f"row {row}, column `{column}`: {what}",
            hint="nothing of the file was taken in; mend the row and import it again",
            path=self._path,
        )

    def _place(self, number: int, row: Mapping[str, str]) -> tuple[str, str]:
        named, aspect = row.get("risk", ""), row.get("aspect", "")
        if self._aspects:
            found = self._places.aspect(aspect or named)
            if not found:
                raise self.fault(number, "aspect", f"`{(aspect or named)[:40]}` is no aspect")
            return "", found
        code = self._places.risk(named)
        if not code:
            raise self.fault(number, "risk", f"`{named[:40]}` is no risk of the market's list")
        return code, ""

    def _id(self, number: int, name: str) -> str:
        if len(name) > 64 or not name.isprintable():
            raise self.fault(number, "id", "longer than 64 characters, or not printable")
        return name

    def _day(self, number: int, text: str) -> str:
        if not text:
            return self._today.isoformat()
        try:
            found = date.fromisoformat(text.replace("/", "-"))
        except ValueError:
            raise self.fault(number, "added", f"`{text[:20]}` is no day") from None
        if found > self._today:
            raise self.fault(number, "added", f"`{text[:20]}` lies ahead")
        return found.isoformat()
