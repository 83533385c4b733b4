"""Sheets: what one rater is shown and may answer, before it is a file."""

import re
from typing import Annotated, Literal

import msgspec

from pratique.errors import Malformed

SheetLanguage = Literal["en", "zh"]
"""Languages of a sheet's own words."""

MOST_CHARACTERS = 32_000
"""Longest text of a cell: the format ends at 32,767 UTF-16 units, and some programs cut before."""

MOST_ROWS = 2_000
"""Rows of a sheet: nobody rates more in one go, and a larger file is not what we wrote."""

_RATER = re.compile(r"[\w-]{1,40}")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Grade(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer that a rater may give."""

    value: int
    """What is entered."""
    says: Annotated[str, msgspec.Meta(min_length=1)]
    """What it means, in the sheet's language."""


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item as it is shown."""

    code: str
    """What stands for the item: it says nothing of where the item comes from."""
    texts: tuple[str, ...]
    """What is shown, one text a heading."""


class Sheet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one rater is shown."""

    id: str
    """Name of the sheet; it stands in the file, so that it is known again."""
    language: SheetLanguage
    """Of its own words; the texts are in theirs."""
    question: str
    """What is asked of each row."""
    grades: tuple[Grade, ...]
    """What may be answered."""
    headings: tuple[str, ...]
    """Headings of the texts."""
    rows: tuple[Row, ...]
    """What is rated."""


class Given(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a rater gave for one row."""

    code: str
    """The row."""
    value: int
    """The grade."""
    note: str
    """The rater's own words; may be empty."""


def shown(text: str) -> str:
    """Return *text* as a cell can hold it, the same whatever program saves the file.

    Line ends become `\\n`, characters that XML cannot hold become `�`, and an underscore that
    would begin an escape of the format becomes a wide one.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ESCAPE.sub("＿", _CONTROL.sub("�", lines))


def require_rater(name: str) -> str:
    """Return *name* if it can name a rater.

    Raises:
        Malformed: it cannot.
    """
    if not _RATER.fullmatch(name):
        raise Malformed(
            f"`{name}` cannot name a rater", hint="use up to 40 letters, digits, `_` and `-`"
        )
    return name


def require_showable(sheet: Sheet) -> None:
    """Refuse a sheet that a file cannot show in full.

    Raises:
        Malformed: it has no rows or too many, a text that is too long, or a row with other texts.
    """
    if not 1 <= len(sheet.rows) <= MOST_ROWS:
        raise Malformed(
            f"a sheet of {len(sheet.rows)} rows", hint=f"rate from 1 to {MOST_ROWS} items at a time"
        )
    for row in sheet.rows:
        if len(row.texts) != len(sheet.headings):
            raise Malformed(
                f"row `{row.code}` has {len(row.texts)} texts, not {len(sheet.headings)}"
            )
        for heading, text in zip(sheet.headings, row.texts, strict=True):
            length = len(shown(text).encode("utf-16-le")) // 2
            if length > MOST_CHARACTERS:
                raise Malformed(
                    f"`{heading}` of row `{row.code}` has {length} characters,"
                    f" more than the {MOST_CHARACTERS} of a cell",
                    hint="leave the item out: a text that is cut is not what is rated",
                )
