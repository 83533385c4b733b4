"""Tables of a bank as files: `.xlsx`, `.csv` and `.jsonl`, bounded, each fault with row and column."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from xml.etree.ElementTree import ParseError

import msgspec

from pratique.errors import Malformed, NotFound
from pratique.evals.ratings.guarding import require_sound
from pratique.filing.banks.columns import NAMES, fields_of

MOST_BYTES = 50_000_000
"""Largest file of text; a workbook has the bounds of `ratings.guarding`."""

MOST_ROWS = 200_000
"""Most rows of a table."""

MOST_COLUMNS = 32
"""Most columns of a table."""

_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
"""Characters that no entry holds: controls, and marks that turn the direction of what one reads."""

_FAULTS = (ParseError, SyntaxError, KeyError, ValueError, TypeError, IndexError, OSError)
"""What openpyxl raises for a broken workbook."""

Row = tuple[int, Mapping[str, str]]
"""Number of the row in the file, and its cells by field; an empty cell is left out."""


def rows_of(path: Path) -> Iterator[Row]:
    """Yield the rows of the table at *path*.

    Raises:
        NotFound: there is no such file.
        Malformed: it is none of the three forms, too large, broken, or holds a formula or a
            character that has no place in a text; row and column are named.
    """
    if not path.is_file():
        raise NotFound(f"no file `{path}`", hint="name a table as .xlsx, .csv or .jsonl")
    readers = {".xlsx": _workbook, ".csv": _csv, ".jsonl": _jsonl}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise Malformed(
            f"`{path.suffix}` is no form of a bank", hint="use .xlsx, .csv or .jsonl", path=path
        )
    return reader(path)


def _workbook(path: Path) -> Iterator[Row]:
    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter

    require_sound(path)
    table: list[tuple[int, list[str]]] = []
    try:
        with closing(load_workbook(path, read_only=True, keep_links=False)) as book:
            if len(book.sheetnames) != 1:
                raise Malformed(
                    f"{len(book.sheetnames)} tabs, not 1", hint="one bank a file", path=path
                )
            page = book.worksheets[0]
            # What the file says of its own size may be wrong; it is found out by reading.
            page.reset_dimensions()
            for number, cells in enumerate(page.iter_rows(max_col=MOST_COLUMNS), 1):
                _require_few(number, path)
                for column, cell in enumerate(cells, 1):
                    if cell.data_type in ("f", "e"):
                        what = "a formula" if cell.data_type == "f" else "an error"
                        raise _fault(path, number, get_column_letter(column), what)
                table.append((number, [_text(cell.value) for cell in cells]))
    except _FAULTS as error:
        what = type(error).__name__
        raise Malformed(
            f"not a workbook ({what})", hint="save it as .xlsx anew", path=path
        ) from None
    return _table(iter(table), path)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    # A day comes as a moment at midnight.
    return str(value).removesuffix(" 00:00:00").strip()


def _csv(path: Path) -> Iterator[Row]:
    rows = csv.reader(io.StringIO(_decoded(path), newline=""), strict=True)

    def numbered() -> Iterator[tuple[int, list[str]]]:
        while True:
            try:
                cells = next(rows, None)
            except csv.Error as error:
                raise Malformed(f"no CSV: {error}", path=path, line=rows.line_num) from None
            if cells is None:
                return
            _require_few(rows.line_num, path)
            yield rows.line_num, [cell.strip() for cell in cells]

    return _table(numbered(), path)


def _jsonl(path: Path) -> Iterator[Row]:
    for number, line in enumerate(_decoded(path).split("\n"), 1):
        _require_few(number, path)
        if not line.strip():
            continue
        try:
            found = msgspec.json.decode(line, type=dict[str, str])
        except msgspec.DecodeError as error:
            raise Malformed(
                f"no object of texts: {error}", hint="one object a line", path=path, line=number
            ) from None
        row = {}
        for name, value in found.items():
            if name not in NAMES:
                raise _fault(path, number, name, "no field of a bank")
            if value.strip():
                row[name] = _sound(value.strip(), path, number, name)
        yield number, row


def _table(rows: Iterator[tuple[int, list[str]]], path: Path) -> Iterator[Row]:
    head = next(rows, None)
    if head is None:
        raise Malformed("the table is empty", hint="the first row names the columns", path=path)
    headings = head[1]
    while headings and not headings[-1]:
        headings = headings[:-1]
    try:
        fields = fields_of(headings)
    except Malformed as error:
        raise Malformed(error.message, hint=error.hint, path=path, line=head[0]) from None
    for number, cells in rows:
        if any(cells[len(fields) :]):
            raise Malformed(
                f"row {number} has more cells than there are headings",
                hint="a comma inside a text needs quotes around it",
                path=path,
            )
        row = {
            field: _sound(cell, path, number, field)
            for field, cell in zip(fields, cells, strict=False)
            if field and cell
        }
        if row:
            yield number, row


def _sound(text: str, path: Path, row: int, column: str) -> str:
    bad = _CONTROL.search(text)
    if bad:
        raise _fault(path, row, column, f"the character U+{ord(bad[0]):04X}")
    return text


def _decoded(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Malformed(f"larger than {MOST_BYTES} bytes", hint="split it", path=path)
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Malformed(
            f"byte {error.start} is no UTF-8", hint="save the table as UTF-8", path=path
        ) from None


def _require_few(number: int, path: Path) -> None:
    if number > MOST_ROWS:
        raise Malformed(f"more than {MOST_ROWS} rows", hint="split it", path=path)


def _fault(path: Path, row: int, column: str, what: str) -> Malformed:
    return Malformed(
        f"row {row}, column `{column}`: {what}",
        hint="put plain text there; nothing of the file was taken in",
        path=path,
    )
