"""Tables read out of a text: what its rows are about, and which value stands in which column."""

import re
from collections.abc import Sequence

from pratique.partners.rules import words
from pratique.partners.rules.entries import entries
from pratique.partners.rules.grid_rows import Row, rows_of
from pratique.partners.rules.planted import ordered
from pratique.partners.rules.sentences import sentences
from pratique.partners.rules.values import Value, values

_MARKS = " \t,;:.。，；：、!！–—-="
_HEAD = re.compile(r"^([^:：;；.。\n]{2,60}[,，、][^:：;；.。\n]{1,60})[:：]\s*(.+)$", re.DOTALL)
_CELLS = (re.compile(r"\t|\s*[|]\s*"), re.compile(r"\s[-–]\s"), re.compile(r",(?!\d{3})\s*|，"))
"""Marks between the cells of a line, the surest first."""
_COMMA = re.compile(r",\s+|[，、]")
_CONTACT = frozenset(("phone", "mail"))
_SHARED = re.compile(r"^([A-Za-z]{2,12}) ([A-Z]|\d{1,4}|[A-Z]?\d{1,3})$")
_ANY = frozenset(("state", "number"))
"""Kinds of value that take the column that the other rows have."""


def grid(text: str, locale: str) -> tuple[list[str], list[list[str]]]:
    """Return the head and the rows of the table in *text*; one column where none shows."""
    found = _ruled(text, locale) or _headed(text, locale) or _read(text, locale)
    if found is not None:
        columns, rows = found
        return columns, [[*row, *[""] * len(columns)][: len(columns)] for row in rows]
    return [_word("name", locale)], [[each] for each in entries(text, locale) or [text.strip()]]


def _ruled(text: str, locale: str) -> tuple[list[str], list[list[str]]] | None:
    """Return a table that is one already: lines with as many cells each between equal marks."""
    lines = [line.strip().strip("|").strip() for line in text.splitlines() if line.strip()]
    for mark in _CELLS:
        cells = [[cell.strip() for cell in mark.split(line)] for line in lines]
        cells = [row for row in cells if any(each.strip("-: ") for each in row)]
        if len(cells) < 2 or len(cells[0]) < 2 or {len(row) for row in cells} != {len(cells[0])}:
            continue
        plain = all(cells[0]) and not any(values(cell, locale) for cell in cells[0])
        if (plain and mark is not _CELLS[-1]) or (plain and values(cells[1][-1], locale)):
            return cells[0], cells[1:]
        kinds = [values(cell, locale)[:1] for cell in cells[0][1:]]
        heads = [_word(_headed_kind(kind), locale) for kind in kinds]
        first = _word("name", locale)
        return [first, *_distinct(heads, first)], cells
    return None


def _headed_kind(found: Sequence[Value]) -> str:
    """Return the kind of column that a first cell with the values *found* shows."""
    return "text" if not found else "note" if found[0].kind == "state" else found[0].kind


def _headed(text: str, locale: str) -> tuple[list[str], list[list[str]]] | None:
    """Return a table whose head is told first: `Name, room: Ada 3; Bo 5`."""
    found = _HEAD.match(text.strip())
    told = re.split(r"[;；\n]+", found[2].strip().rstrip(".。")) if found else []
    rows = [row.strip() for row in told if row.strip()]
    if found is None or len(rows) < 2:
        return None
    columns = [each.strip() for each in _COMMA.split(found[1]) if each.strip()]
    return columns, [_split(row, len(columns), locale) for row in rows]


def _split(row: str, many: int, locale: str) -> list[str]:
    """Return the cells of *row*: between commas, else before and after its values."""
    cells = [each.strip() for each in _COMMA.split(row) if each.strip()]
    if len(cells) >= many or many < 2:
        return cells
    parts = row.split() if locale == "en" else re.findall(r"\d[\d.:]*\S*|[^\d\s]+", row)
    if len(parts) > many:
        parts = [" ".join(parts[: len(parts) - many + 1]), *parts[len(parts) - many + 1 :]]
    return cells if len(cells) > len(parts) else parts


def _read(text: str, locale: str) -> tuple[list[str], list[list[str]]] | None:
    """Return a table of what the clauses of *text* say of the things that they name."""
    groups = [each for each in sentences(text, locale) if not ordered(each, locale)]
    contact = any(value.kind in _CONTACT for each in groups for value in values(each, locale))
    rows: list[Row] = []
    for group in groups:
        for part in re.split(r"[;；]", group):
            rows += rows_of(part.strip(_MARKS), locale, contact=contact, before=rows)
    rows = [row for row in rows if row.name]
    if sum(bool(row.cells) for row in rows) < min(2, len(rows)) or not any(
        row.cells for row in rows
    ):
        return None
    return _contacts(rows, locale) if contact else _arranged(rows, locale)


def _contacts(rows: Sequence[Row], locale: str) -> tuple[list[str], list[list[str]]]:
    """Return a table of who can be reached where."""
    told = []
    for row in rows:
        name, person = _role(row.name, locale)
        cells = {kind: text for kind, _, text in reversed(row.cells)}
        person = person or cells.get("person", "")
        told.append([name, person, cells.get("phone", ""), cells.get("mail", "")])
    heads = ["role", "person", "phone", "mail"]
    used = [at for at in range(4) if any(row[at] for row in told)]
    if not used or used == [0]:
        return [_word("name", locale)], [[row[0]] for row in told]
    return [_word(heads[at], locale) for at in used], [[row[at] for at in used] for row in told]


def _role(name: str, locale: str) -> tuple[str, str]:
    """Return the role that *name* starts with, and the rest, which is a person."""
    for role in sorted(words.phrases(locale, "forms.toml")["roles"], key=len, reverse=True):
        if locale != "en" and name.startswith(role):
            return role, name[len(role) :]
        if locale == "en" and name.casefold().startswith(f"{role} "):
            return name[: len(role)], name[len(role) + 1 :]
    return name, ""


def _arranged(rows: Sequence[Row], locale: str) -> tuple[list[str], list[list[str]]]:
    """Return the rows with each value in the column of its kind."""
    _unlabel(rows)
    heads: list[tuple[str, str]] = []
    for row in rows:
        taken: list[tuple[str, str]] = []
        for kind, label, _ in row.cells:
            key = _column(kind, label, [each for each in heads if each not in taken])
            if key not in heads:
                heads.append(key)
            taken.append(key)
    single = [text for row in rows for kind, _, text in row.cells if kind == "amount"]
    if all(text.startswith("一") for text in single):
        heads = [each for each in heads if each[0] != "amount"] or heads
    if len(heads) > 1:
        heads = [each for each in heads if each[0] != "state"] or heads
    told = []
    for row in rows:
        cells = dict.fromkeys(heads, "")
        for kind, label, text in row.cells:
            free = [each for each in heads if not cells[each]]
            key = _column(kind, label, free)
            if key not in cells and kind not in _ANY:
                continue
            key = key if key in cells else free[0] if free else heads[-1]
            cells[key] = cells[key] or text
        told.append([row.name, *cells.values()])
    first, names = _named(rows, [kind for kind, _ in heads], locale)
    for cells_of, name in zip(told, names, strict=True):
        cells_of[0] = name
    return [first, *_distinct([_titled(each, rows, locale) for each in heads], first)], told


def _unlabel(rows: Sequence[Row]) -> None:
    """Make cells of what stands before values of one kind, where it differs from row to row."""
    for kind in {kind for row in rows for kind, _, _ in row.cells if kind != "text"}:
        labels = [label for row in rows for each, label, _ in row.cells if each == kind and label]
        if len(labels) < 2 or len(set(labels)) < len(labels):
            continue
        for row in rows:
            row.cells = [
                cell
                for each, label, text in row.cells
                for cell in (
                    [("text", "", label), (each, "", text)]
                    if each == kind and label
                    else [(each, label, text)]
                )
            ]


def _column(kind: str, label: str, heads: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Return the column that a value belongs to: its own kind's, or any that is there."""
    same = [each for each in heads if each[0] == kind and label in ("", each[1])]
    if same:
        return same[0]
    if kind in _ANY and heads and not label:
        return heads[0]
    if kind == "state" or (label and any(each[1] == label for each in heads)):
        return next((each for each in heads if each[1] == label), (kind, label))
    alike = [each for each in heads if each[0] in _ANY and not each[1]]
    related = {"hours": "time", "time": "hours"}
    near = [each for each in heads if each[0] == related.get(kind)]
    return near[0] if near else alike[0] if alike and not label else (kind, label)


def _titled(head: tuple[str, str], rows: Sequence[Row], locale: str) -> str:
    """Return what a column is called: as the text calls it, else by its kind."""
    kind, label = head
    if label in ("costs", "cost") or (kind == "number" and _of_people(rows, locale)):
        return _word("price", locale)
    if label and len(label) <= 24 and kind not in ("price", "time"):
        return label[0].upper() + label[1:]
    if kind == "weight" and _heavy(rows):
        return _word("weighed", locale)
    if kind == "size" and _all_in(rows, locale, "trees"):
        return _word("height", locale)
    return _word({"state": "note"}.get(kind, kind), locale)


def _heavy(rows: Sequence[Row]) -> bool:
    """Whether weights of *rows* are such as no kitchen has."""
    every = [text for row in rows for kind, _, text in row.cells if kind == "weight"]
    return any(re.search(r"\d\s?(?:kg|kilos?|lbs?|公斤|千克)", text) for text in every)


def _of_people(rows: Sequence[Row], locale: str) -> bool:
    people = words.phrases(locale, "forms.toml")["people"]
    return any(row.name.casefold() in people for row in rows)


def _all_in(rows: Sequence[Row], locale: str, name: str) -> bool:
    """Whether most names of *rows* are in the list *name*."""
    every = words.phrases(locale, "forms.toml")[name]
    return sum(row.name.casefold() in every for row in rows) * 2 > len(rows)


def _named(rows: Sequence[Row], kinds: Sequence[str], locale: str) -> tuple[str, list[str]]:
    """Return what the first column is called, and its cells."""
    names = [row.name for row in rows]
    for kind, head in (("days", "day"), ("months", "month"), ("trees", "tree")):
        if _all_in(rows, locale, kind):
            return _word(head, locale), names
    parts = [_SHARED.match(name) for name in names]
    if len(names) > 1 and all(parts) and len({each[1].casefold() for each in parts if each}) == 1:
        first = parts[0]
        return (first[1].capitalize() if first else "", [each[2] for each in parts if each])
    for pair in words.phrases(locale, "forms.toml")["shared"]:
        ending, head = pair.split("=")
        if len(names) > 1 and all(name.endswith(ending) for name in names):
            return head, names
    if _of_people(rows, locale):
        return _word("category", locale), names
    relations = words.phrases(locale, "forms.toml")["relations"]
    labels = {label for row in rows for _, label, _ in row.cells}
    if "age" in kinds or labels.intersection(relations):
        return _word("person", locale), names
    kitchen = "weight" in kinds and not _heavy(rows)
    return _word("ingredient" if kitchen else "name", locale), names


def _distinct(heads: Sequence[str], first: str) -> list[str]:
    """Return *heads*, a repeated one told apart by a number."""
    used = [first]
    for head in heads:
        same = sum(each.rstrip("0123456789 ") == head for each in used)
        used.append(f"{head} {same + 1}" if same else head)
    return used[1:]


def _word(name: str, locale: str) -> str:
    return words.phrases(locale, "forms.toml")[name][0]
