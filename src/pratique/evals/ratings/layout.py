"""Layout: where everything stands in a sheet's file; one place for writing and for reading."""

import msgspec

from pratique.evals.ratings.sheets import Sheet, SheetLanguage, shown


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet's own words."""

    tab: str
    """Name of the tab."""
    sheet: str
    """Before the sheet's name."""
    question: str
    """Before the question."""
    number: str
    """Heading of the rows' codes."""
    rating: str
    """Heading of the ratings."""
    note: str
    """Heading of the notes."""
    refused: str
    """Shown when another value is entered."""


WORDS: dict[SheetLanguage, Words] = {
    "en": Words(
        tab="Rating",
        sheet="Sheet",
        question="Question",
        number="No.",
        rating="Rating",
        note="Note",
        refused="Enter one of the values above the table.",
    ),
    "zh": Words(
        tab="评分",
        sheet="表单",
        question="问题",
        number="序号",
        rating="评分",
        note="备注",
        refused="请输入表格上方所列的数值。",
    ),
}

ID_ROW, ID_COLUMN = 1, 2
"""Where the sheet's name stands; rows and columns count from 1."""


def fixed_cells(sheet: Sheet) -> dict[tuple[int, int], str | int]:
    """Return what stands above the rows: nobody may change it."""
    words = WORDS[sheet.language]
    cells: dict[tuple[int, int], str | int] = {
        (1, 1): words.sheet,
        (ID_ROW, ID_COLUMN): sheet.id,
        (2, 1): words.question,
        (2, 2): shown(sheet.question),
    }
    for number, grade in enumerate(sheet.grades):
        cells[3 + number, 1] = grade.value
        cells[3 + number, 2] = shown(grade.says)
    header = header_row(sheet)
    headings = [words.number, *map(shown, sheet.headings), words.rating, words.note]
    cells.update({(header, column): text for column, text in enumerate(headings, 1)})
    return cells


def header_row(sheet: Sheet) -> int:
    """Return the row of the headings: one row is left free above it."""
    return 2 + len(sheet.grades) + 2


def rating_column(sheet: Sheet) -> int:
    """Return the column of the ratings; the notes are in the next one."""
    return 1 + len(sheet.headings) + 1
