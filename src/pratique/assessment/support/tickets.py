"""Tickets: incidents, their mending and who mended them, from a file that a ticket system exports."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from pratique.errors import Malformed, NotFound

COLUMNS = ("id", "opened", "acknowledged", "resolved", "severity", "fixer", "about")
"""Columns of a ticket file, each of them needed; `acknowledged`, `resolved` and `fixer` may be empty."""

MAX_BYTES = 20_000_000
"""A larger file is refused before it is read."""


class Ticket(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One incident."""

    id: str
    """Its name, unique in the file."""
    opened: datetime
    """When it was opened; with its time zone."""
    acknowledged: datetime | None
    """When somebody took it up; None while nobody did."""
    resolved: datetime | None
    """When it was mended; None while it is not."""
    severity: str
    """How bad it is, in a word of the standard."""
    fixer: str
    """Who mended it, by a name or a pseudonym; empty where nobody says."""
    about: str
    """What it is about, in a line."""


def read_tickets(path: Path, severities: Sequence[str], now: datetime) -> tuple[Ticket, ...]:
    """Return the tickets of the file at *path*, `.csv` or `.json` (a list of objects).

    Raises:
        NotFound: there is no such file.
        Malformed: a row is not what it should be; the error names line and column. None is skipped.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Malformed(f"larger than {MAX_BYTES} bytes", path=path)
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotFound(f"no file `{path}`", hint="export the tickets as CSV or JSON") from None
    except UnicodeDecodeError:
        raise Malformed("not UTF-8 text", path=path, hint="save the file as UTF-8") from None
    rows = _json_rows(text, path) if path.suffix.lower() == ".json" else _csv_rows(text, path)
    found: dict[str, Ticket] = {}
    for line, row in rows:
        ticket = _ticket(row, _Place(path, line), severities, now)
        if ticket.id in found:
            raise _Place(path, line).fault("id", f"`{ticket.id}` stands twice")
        found[ticket.id] = ticket
    if not found:
        raise Malformed("holds no ticket", path=path, hint=f"columns: {', '.join(COLUMNS)}")
    return tuple(found.values())


class _Place:
    """Where a row stands, for its errors."""

    def __init__(self, path: Path, line: int) -> None:
        self._path, self._line = path, line

    def fault(self, column: str, what: str, hint: str = "") -> Malformed:
        return Malformed(f"column `{column}`: {what}", hint=hint, path=self._path, line=self._line)


def _csv_rows(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begun = 1
    try:
        header = next(reader, [])
        _require_columns(header, path, 1)
        begun = reader.line_num + 1
        for cells in reader:
            if not cells:
                begun = reader.line_num + 1
                continue
            if len(cells) != len(header):
                raise Malformed(
                    f"{len(cells)} cells, the header has {len(header)}",
                    hint="put a cell with a comma between quotation marks",
                    path=path,
                    line=begun,
                )
            yield begun, dict(zip(header, cells, strict=True))
            begun = reader.line_num + 1
    except csv.Error as error:
        raise Malformed(f"not CSV: {error}", path=path, line=begun) from None


def _json_rows(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the objects of a JSON list; their numbers, from 1, stand for lines."""
    try:
        rows = msgspec.json.decode(text, type=list[dict[str, str | int | None]])
    except msgspec.DecodeError as error:
        raise Malformed(
            f"no list of tickets: {error}", path=path, hint="a list of objects with text values"
        ) from None
    for number, row in enumerate(rows, 1):
        _require_columns(list(row), path, number)
        yield number, {name: "" if value is None else str(value) for name, value in row.items()}


def _require_columns(header: Sequence[str], path: Path, line: int) -> None:
    lacking = [name for name in COLUMNS if name not in header]
    strange = [name for name in header if name not in COLUMNS]
    twice = [name for name in header if header.count(name) > 1]
    for names, what in ((lacking, "is missing"), (strange, "is unknown"), (twice, "stands twice")):
        if names:
            raise Malformed(
                f"column `{names[0]}` {what}",
                hint=f"columns: {', '.join(COLUMNS)}",
                path=path,
                line=line,
            )


def _ticket(
    row: Mapping[str, str], place: _Place, severities: Sequence[str], now: datetime
) -> Ticket:
    cells = {name: value.strip() for name, value in row.items()}
    if not cells["id"]:
        raise place.fault("id", "is empty")
    if cells["severity"] not in severities:
        raise place.fault(
            "severity",
            f"`{cells['severity']}` is not in the standard",
            hint=f"known: {', '.join(severities)}",
        )
    opened = _moment(cells, "opened", place, now)
    if opened is None:
        raise place.fault("opened", "is empty")
    acknowledged = _moment(cells, "acknowledged", place, now)
    resolved = _moment(cells, "resolved", place, now)
    for column, moment in (("acknowledged", acknowledged), ("resolved", resolved)):
        if moment is not None and moment < opened:
            raise place.fault(column, "is before the ticket was opened")
    if acknowledged and resolved and resolved < acknowledged:
        raise place.fault("resolved", "is before the ticket was acknowledged")
    return Ticket(
        id=cells["id"],
        opened=opened,
        acknowledged=acknowledged,
        resolved=resolved,
        severity=cells["severity"],
        fixer=cells["fixer"],
        about=cells["about"],
    )


def _moment(cells: Mapping[str, str], column: str, place: _Place, now: datetime) -> datetime | None:
    text = cells[column]
    if not text:
        return None
    hint = "write it with its zone, as `2026-11-02T10:05:00+08:00`"
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise place.fault(column, f"`{text}` is no moment", hint=hint) from None
    if found.tzinfo is None:
        raise place.fault(column, f"`{text}` names no time zone", hint=hint)
    if found > now:
        raise place.fault(column, f"`{text}` has not come yet")
    return found
