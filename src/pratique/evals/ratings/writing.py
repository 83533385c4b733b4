"""Writing a sheet as a workbook (`.xlsx`) that shows everything and hides nothing."""

from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pratique.errors import NotAllowed, Unavailable
from pratique.evals.ratings.layout import WORDS, fixed_cells, header_row, rating_column
from pratique.evals.ratings.sheets import Sheet, require_showable, shown

_PLAIN = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Told as the time of making, so that the same sheet is the same file."""

_ACTIVE = ("=", "+", "-", "@", "\t", "|", "%")
"""How a text begins that a program may take for a formula when it is edited or exported."""


def write_sheet(sheet: Sheet, path: Path) -> None:
    """Write *sheet* to *path*; ratings and notes may be entered, all else is protected by intent.

    Raises:
        Malformed: the sheet cannot be shown in full.
        NotAllowed: there is a file: ratings may stand in it.
        Unavailable: the file cannot be written.
    """
    require_free(sheet, path)
    book = xlsxwriter.Workbook(str(path), _PLAIN)
    book.set_properties({"created": _MADE, "author": "", "title": sheet.id})
    page = book.add_worksheet(WORDS[sheet.language].tab)
    _fill(book, page, sheet)
    try:
        book.close()
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise Unavailable(f"cannot write `{path}`: {error}", hint="choose another --out") from None


def require_free(sheet: Sheet, path: Path) -> None:
    """Refuse to write *sheet* where it cannot be shown in full, or where there is a file.

    Raises:
        Malformed, NotAllowed: says which.
    """
    require_showable(sheet)
    if path.exists():
        raise NotAllowed(
            f"there is a file `{path}`",
            hint="ratings may stand in it: move it, or name another --out",
        )


def _fill(book: xlsxwriter.Workbook, page: Worksheet, sheet: Sheet) -> None:
    usual = {"text_wrap": True, "valign": "top", "num_format": "@"}
    text = book.add_format(usual)
    quoted = book.add_format({**usual, "quote_prefix": True})
    bold = book.add_format({**usual, "bold": True, "bottom": 1})
    number = book.add_format({"valign": "top", "align": "center"})
    entry = book.add_format(
        {"valign": "top", "align": "center", "locked": False, "bg_color": "#FFF8DC", "border": 1}
    )
    remark = book.add_format({**usual, "locked": False, "bg_color": "#FFF8DC", "border": 1})
    header, rating = header_row(sheet), rating_column(sheet)
    for (row, column), value in fixed_cells(sheet).items():
        if isinstance(value, int):
            page.write_number(row - 1, column - 1, value, number)
        elif row == header:
            page.write_string(row - 1, column - 1, value, bold)
        else:
            # A long question runs over the columns beside it, which are empty.
            page.write_string(row - 1, column - 1, value, book.add_format({"num_format": "@"}))
    for place, one in enumerate(sheet.rows, header):
        page.write_string(place, 0, one.code, text)
        for column, content in enumerate(map(shown, one.texts), 1):
            _write_text(page, place, column, content, quoted if _active(content) else text)
        page.write_blank(place, rating - 1, None, entry)
        page.write_blank(place, rating, None, remark)
    last = header + len(sheet.rows) - 1
    words = WORDS[sheet.language]
    page.data_validation(
        header,
        rating - 1,
        last,
        rating - 1,
        {
            "validate": "list",
            "source": [grade.value for grade in sheet.grades],
            "error_title": words.rating,
            "error_message": words.refused,
        },
    )
    page.set_column(0, 0, 10)
    page.set_column(1, len(sheet.headings), 48)
    page.set_column(rating - 1, rating - 1, 10)
    page.set_column(rating, rating, 30)
    page.freeze_panes(header, 1)
    page.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})


def _write_text(page: Worksheet, row: int, column: int, text: str, form: Format) -> None:
    if text:
        page.write_string(row, column, text, form)
    else:
        page.write_blank(row, column, None, form)


def _active(text: str) -> bool:
    return text.startswith(_ACTIVE)
