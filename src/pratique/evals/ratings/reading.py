"""Reading a sheet that came back: every row, unchanged, with a rating that is allowed."""

from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from pratique.errors import Malformed
from pratique.evals.ratings.guarding import require_sound
from pratique.evals.ratings.layout import (
    ID_COLUMN,
    ID_ROW,
    WORDS,
    fixed_cells,
    header_row,
    rating_column,
)
from pratique.evals.ratings.sheets import MOST_ROWS, Given, Sheet, shown

_HINT = "enter ratings and notes only; take the sheet that was handed out where it was changed"
_FAULTS = (ParseError, InvalidFileException, KeyError, ValueError, TypeError, IndexError, OSError)
"""What openpyxl raises for a broken workbook (lxml's syntax error is a ParseError's cousin)."""


def read_sheet(path: Path, find: Callable[[str], Sheet]) -> tuple[Sheet, tuple[Given, ...]]:
    """Return the sheet that the file at *path* is, as *find* knows it, and what was given.

    Raises:
        NotFound: there is no such file, or *find* knows no such sheet.
        Malformed: the file is broken or altered, or a rating is missing, not allowed or there
            twice; the error names the row and the column.
    """
    page = _opened(path)
    _require_no_formula(page, path)
    name = page.cell(ID_ROW, ID_COLUMN).value
    if not isinstance(name, str) or not name.strip():
        raise _fault(path, ID_ROW, ID_COLUMN, "no name of a sheet")
    sheet = find(name.strip())
    if page.title != WORDS[sheet.language].tab:
        raise Malformed(f"the tab is called `{page.title[:40]}`", hint=_HINT, path=path)
    _require_fixed(page, sheet, path)
    return sheet, _given(page, sheet, path)


def _opened(path: Path) -> Worksheet:
    require_sound(path)
    try:
        book = load_workbook(path, data_only=False, keep_vba=False, keep_links=False)
    except (SyntaxError, *_FAULTS) as error:
        what = type(error).__name__
        raise Malformed(f"not a workbook ({what})", hint=_HINT, path=path) from None
    pages = book.worksheets
    if len(pages) != 1 or len(book.sheetnames) != 1:
        raise Malformed(f"{len(book.sheetnames)} tabs, not 1", hint=_HINT, path=path)
    if pages[0].max_row > MOST_ROWS + 100:
        raise Malformed(f"{pages[0].max_row} rows, too many", hint=_HINT, path=path)
    return pages[0]


def _cells(page: Worksheet) -> list[Cell]:
    """Return the cells that hold something, row by row."""
    found = [cell for row in page.iter_rows() for cell in row if isinstance(cell, Cell)]
    return [cell for cell in found if cell.value is not None and cell.value != ""]


def _require_no_formula(page: Worksheet, path: Path) -> None:
    for cell in _cells(page):
        if cell.data_type == "f":
            raise _fault(path, cell.row, cell.column, "a formula")
        if cell.data_type == "e":
            raise _fault(path, cell.row, cell.column, f"the error `{str(cell.value)[:20]}`")


def _require_fixed(page: Worksheet, sheet: Sheet, path: Path) -> None:
    """Refuse a sheet whose own words were changed, or that holds more than ours did."""
    fixed = fixed_cells(sheet)
    for (row, column), value in fixed.items():
        if not _same(page.cell(row, column).value, value):
            raise _fault(path, row, column, f"changed; it was `{str(value)[:60]}`")
    last_row, last_column = header_row(sheet) + len(sheet.rows), rating_column(sheet) + 1
    for cell in _cells(page):
        above = cell.row <= header_row(sheet) and (cell.row, cell.column) not in fixed
        if above or cell.row > last_row or cell.column > last_column:
            raise _fault(path, cell.row, cell.column, "something that was not there")


def _given(page: Worksheet, sheet: Sheet, path: Path) -> tuple[Given, ...]:
    known = {row.code: row for row in sheet.rows}
    places: dict[str, int] = {}
    found = []
    first = header_row(sheet) + 1
    for place in range(first, first + len(sheet.rows)):
        code = _text(page.cell(place, 1).value)
        if code not in known:
            what = "no number" if not code else f"the unknown number `{code[:40]}`"
            raise _fault(path, place, 1, what)
        if code in places:
            raise _fault(path, place, 1, f"number `{code}` stands in row {places[code]}, too")
        places[code] = place
        for column, text in enumerate(known[code].texts, 2):
            if not _same(page.cell(place, column).value, shown(text)):
                raise _fault(path, place, column, f"the text of number `{code}` was changed")
        found.append(_rating(page, sheet, code, place, path))
    return tuple(found)


def _rating(page: Worksheet, sheet: Sheet, code: str, place: int, path: Path) -> Given:
    column = rating_column(sheet)
    allowed = [grade.value for grade in sheet.grades]
    entered = page.cell(place, column).value
    if entered is None or _text(entered) == "":
        raise _fault(path, place, column, f"no rating of number `{code}`")
    value = _whole(entered)
    if value not in allowed:
        known = ", ".join(map(str, allowed))
        raise _fault(path, place, column, f"rating `{str(entered)[:20]}` is none of {known}")
    return Given(code=code, value=value, note=_text(page.cell(place, column + 1).value))


def _whole(entered: object) -> int | None:
    """Return a rating as it may be entered: a whole number, also as text (some programs do that)."""
    if isinstance(entered, bool):
        return None
    if isinstance(entered, int):
        return entered
    if isinstance(entered, float):
        return int(entered) if entered.is_integer() else None
    text = _text(entered)
    sign = text.removeprefix("-")
    return int(text) if sign.isascii() and sign.isdigit() and len(sign) <= 9 else None


def _text(value: object) -> str:
    """Return a cell's text: a whole number as its digits, since programs turn such text into it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return shown(str(value)).strip()


def _same(found: object, ours: str | int) -> bool:
    """Say whether a cell still holds what we wrote; spaces at its ends are not looked at."""
    return _text(found) == _text(ours)


def _fault(path: Path, row: int, column: int, what: str) -> Malformed:
    place = f"row {row}, column {get_column_letter(column)}"
    return Malformed(f"{place}: {what}", hint=_HINT, path=path)
