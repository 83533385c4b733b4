"""A screening pack: entries with a version, a date and a digest."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

import msgspec

from pratique.errors import Malformed, NotFound, Tampered, Unavailable
from pratique.screening.entries import Entry
from pratique.screening.homophones import LEAST
from pratique.screening.refusing import categories
from pratique.store.canonical import canonical, digest

COLUMNS = (
    "id",
    "phrase",
    "risk",
    "action",
    "tier",
    "views",
    "scope",
    "lang",
    "not_after",
    "note",
    "allow",
    "all_of",
    "within",
    "pattern",
    "category",
)
"""Columns of a table; all but `id`, `phrase`, `risk` and `action` may be missing."""

LONGEST = 128
"""Characters of a phrase, at most."""

_REPEATED = re.compile(r"(.)\1{64}", re.DOTALL)
_NEEDED = ("id", "phrase", "risk", "action")
_LISTS = ("views", "scope", "lang")
_PHRASES = ("allow", "all_of")


class Pack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list of entries as it is signed, dated and put into force."""

    id: str
    """Name of the list, the same in all its versions."""
    version: str
    """Version, such as `2026-11-23.1`."""
    made: str
    """Day it was made, `2026-11-23`; empty for a plain table that does not say."""
    expires: str
    """Last day it may be used; empty where the policy's own limit holds."""
    entries: tuple[Entry, ...]
    """Entries, in the file's order."""
    digest: str
    """Digest of the entries."""


def pack_of(
    entries: Iterable[Entry], *, id: str, version: str = "", made: str = "", expires: str = ""
) -> Pack:
    """Return a pack of *entries*, with its digest.

    Raises:
        Malformed: Two entries have one id, or an entry contradicts itself.
    """
    kept = tuple(entries)
    seen: set[str] = set()
    for entry in kept:
        if entry.id in seen:
            raise Malformed(
                f"two entries have the id `{entry.id}`", hint="ids name rules: part them"
            )
        seen.add(entry.id)
        fault = _fault(entry)
        if fault:
            raise Malformed(f"entry `{entry.id}` {fault[0]}", hint=fault[1])
    return Pack(
        id=id,
        version=version,
        made=made,
        expires=expires,
        entries=kept,
        digest=digest(canonical(kept)),
    )


def require_sound(pack: Pack) -> None:
    """Refuse a pack whose entries contradict themselves, or are not those of its digest.

    Raises:
        Malformed, Tampered: as said.
    """
    again = pack_of(pack.entries, id=pack.id)
    if again.digest != pack.digest:
        raise Tampered(
            f"the entries of pack `{pack.id}` {pack.version} are not those of {pack.digest}",
            hint="build it anew",
        )
    for name, day in (("made", pack.made), ("expires", pack.expires)):
        if day and not _is_day(day):
            raise Malformed(
                f"pack `{pack.id}`: `{name}` is `{day}`, which is no day", hint="write `2027-03-31`"
            )


def _is_han(text: str) -> bool:
    return all("\u4e00" <= character <= "\u9fff" for character in text)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _fault(entry: Entry) -> tuple[str, str] | None:
    """Return what is wrong with *entry* and what to do, or None."""
    if not entry.id:
        return "has no id", "give it a short and stable one"
    if bool(entry.phrase) == bool(entry.pattern):
        return "needs either a phrase or a pattern", "fill one of the two columns"
    for text in (entry.phrase, *entry.all_of, *entry.allow):
        if len(text) > LONGEST or _REPEATED.search(text):
            return (
                f"is longer than {LONGEST} characters, or repeats one more than 64 times",
                "cut it",
            )
    if entry.all_of and entry.action == "mask":
        return "masks an `all_of`, of which a stream has already shown a part", "stop or flag"
    if entry.all_of and (entry.action == "allow" or entry.within < 1):
        return "has an `all_of` that cannot be met", "`within` counts characters, from 1"
    if "homophone" in entry.views and not (_is_han(entry.phrase) and len(entry.phrase) >= LEAST):
        return (
            f"names the view `homophone` for what is not {LEAST} ideographs or more",
            "shorter sounds stand in ordinary text: take the view out",
        )
    if "split" in entry.views and len(entry.phrase) < 2:
        return "names the view `split` for one character", "its parts are words of their own"
    if entry.category and entry.category not in categories():
        return f"is about `{entry.category}`", f"categories are {', '.join(categories())}"
    if entry.not_after and not _is_day(entry.not_after):
        return f"ends on `{entry.not_after}`, which is no day", "write `2027-03-31`"
    return None


def read_pack(path: Path) -> Pack:
    """Return the pack in the table *path*: TSV, JSONL or XLSX, not signed.

    Raises:
        NotFound: There is no such file.
        Malformed: The file is none of these, or a row is wrong; row and column are named.
    """
    if not path.is_file():
        raise NotFound(f"there is no pack at {path}", hint="give a TSV, JSONL, XLSX or JSON file")
    readers = {".tsv": _tsv, ".jsonl": _jsonl, ".xlsx": _xlsx}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise Malformed(
            f"`{path.suffix}` is no form of a pack",
            path=path,
            hint="use .tsv, .jsonl or .xlsx, or .json for a signed pack",
        )
    entries: list[Entry] = []
    for line, row in reader(path):
        entries.append(_entry(row, path, line))
    try:
        return pack_of(entries, id=path.stem, version="unsigned")
    except Malformed as error:
        raise Malformed(error.message, path=path, hint=error.hint) from error


def _tsv(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    text = _decoded(path)
    rows = csv.reader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
    return _table(((row.line, row.cells) for row in _numbered(rows)), path)


class _Row(msgspec.Struct, frozen=True):
    """A row with its line."""

    line: int
    """Line in the file, from 1."""
    cells: list[str]
    """Its cells."""


def _numbered(rows: Iterable[list[str]]) -> Iterator[_Row]:
    for line, cells in enumerate(rows, 1):
        if any(cell.strip() for cell in cells) and not cells[0].startswith("#"):
            yield _Row(line, cells)


def _table(
    rows: Iterator[tuple[int, list[str]]], path: Path
) -> Iterator[tuple[int, Mapping[str, object]]]:
    line, names = next(rows, (1, []))
    names = [name.strip().lower() for name in names]
    unknown = [name for name in names if name not in COLUMNS]
    missing = [name for name in _NEEDED if name not in names]
    if unknown or missing:
        raise Malformed(
            f"the first row names no column `{missing[0]}`"
            if missing
            else f"there is no column `{unknown[0]}`",
            path=path,
            line=line,
            hint=f"columns are {', '.join(COLUMNS)}; the first four are needed",
        )
    for line, cells in rows:
        if len(cells) > len(names):
            raise Malformed(
                f"{len(cells)} cells under {len(names)} columns",
                path=path,
                line=line,
                hint="count the tabs",
            )
        values = dict(zip(names, (cell.strip() for cell in cells), strict=False))
        needed = ("id", "action") if values.get("action") == "allow" else ("id", "risk", "action")
        empty = [name for name in needed if not values.get(name)]
        if empty:
            raise Malformed(
                f"the row has no `{empty[0]}`",
                path=path,
                line=line,
                hint="each row names its id, risk and action; only `allow` goes without a risk",
            )
        yield line, {name: _cell(name, value) for name, value in values.items() if value}


def _cell(name: str, value: str) -> object:
    if name in _LISTS:
        return [one for one in value.replace(",", " ").replace("|", " ").split() if one]
    if name in _PHRASES:
        return [one.strip() for one in value.split("|") if one.strip()]
    if name == "within":
        return int(value) if value.isdecimal() else value
    return value


def _jsonl(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    for line, text in enumerate(_decoded(path).split("\n"), 1):
        if text.strip():
            try:
                yield line, msgspec.json.decode(text, type=dict[str, object])
            except msgspec.DecodeError as error:
                raise Malformed(
                    str(error), path=path, line=line, hint="one object a line"
                ) from error


def _xlsx(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise Unavailable(
            "reading XLSX needs the package `openpyxl`", hint="install it, or save the table as TSV"
        ) from error
    sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
    cells = (["" if cell is None else str(cell) for cell in row] for row in sheet.values)
    return _table(((row.line, row.cells) for row in _numbered(cells)), path)


def _decoded(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Malformed(
            f"byte {error.start} is no UTF-8", path=path, hint="save the table as UTF-8"
        ) from error


def _entry(row: Mapping[str, object], path: Path, line: int) -> Entry:
    try:
        return msgspec.convert(row, Entry)
    except msgspec.ValidationError as error:
        raise Malformed(str(error), path=path, line=line, hint="see docs/screening.md") from error
