"""Lists and tables: what a text says, brought into form, with nothing that it lacks."""

from pratique.partners.rules import words
from pratique.partners.rules.entries import entries
from pratique.partners.rules.grids import grid
from pratique.partners.rules.letters import read, rules_of, told
from pratique.partners.rules.records_text import Items, StructureInput, Table
from pratique.text.scripts import letter_by_letter

_READ = 20_000
_ROWS = 50
"""Entries and rows that an answer may have."""

_COLUMNS = 12


def structure(given: StructureInput, locale: str) -> Items | Table:
    """Return *given*'s text as the list or the table that is asked for.

    What was corrected in the text counts as corrected, what was excluded stays out, and an
    order to the machine is no entry. Where no table shows, the entries stand in one column.
    """
    source = given.text[:_READ]
    text, rules = read(source, locale), rules_of(locale)
    if given.form == "list":
        items = tuple(told(each, [source], locale) for each in entries(text, rules)[:_ROWS])
        return Items(items=items or (source.strip() or source,))
    columns, rows = grid(text, rules)
    if not rows or not columns:
        columns, rows = ["1"], [[source.strip() or source]]
    columns = columns[:_COLUMNS]
    return Table(
        columns=tuple(_column(each, source, locale) for each in columns),
        rows=tuple(
            tuple(told(cell, [source], locale) for cell in row[:_COLUMNS]) for row in rows[:_ROWS]
        ),
    )


def _column(head: str, source: str, locale: str) -> str:
    """Return *head* in the letters of *locale*; one that is ours is no phrase to be reworded."""
    if locale != "zh-Hant" or head in read(source, locale):
        return told(head, [source], locale) or "1"
    heads = {row[0]: row[1] for row in words.rows("zh-Hant", "heads.tsv")}
    return heads.get(head) or letter_by_letter(head, "zh-Hant")
