"""Rows of a table read out of a text: what each is about, and the values told of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pratique.partners.rules import words
from pratique.partners.rules.entries import corrected, correction, pieces, without_start
from pratique.partners.rules.values import Value, values

_MARKS = " \t,;:.。，；：、!！–—-="
_FIELD = re.compile(r"^([^:：\d]{1,24})[:：]\s*(.*)$", re.DOTALL)
_AND = re.compile(r"\s+and\s+(?=\w)")


@dataclass(slots=True)
class Row:
    """One row while it is read."""

    name: str
    """What it is about."""

    cells: list[tuple[str, str, str]] = field(default_factory=list)
    """Kind, label and text of each value."""


def rows_of(part: str, locale: str, *, contact: bool, before: Sequence[Row]) -> list[Row]:
    """Return the rows of one part of the text between stops."""
    found: list[Row] = []
    head = _FIELD.match(part)
    whole = head is not None and (contact or not values(head[1], locale))
    if head is not None and whole:
        inside = [each for each in pieces(head[2]) if not _nameless(each, locale)]
        if contact or len(inside) < 2:
            found.append(Row(head[1].strip()))
        part = head[2]
    clauses = [clause for each in pieces(part) for clause in _clauses(each, locale)]
    waits = False
    for clause in clauses:
        latest = found[-1] if found else before[-1] if before else None
        new = correction(clause, locale) if latest and latest.cells else None
        if new == "":
            waits = True
            continue
        if latest is not None and (new or waits) and values(new or clause, locale):
            kind, label, old = latest.cells[-1]
            latest.cells[-1] = (kind, label, corrected(old, new or clause))
            waits = False
            continue
        told = _row(
            without_start(clause, locale, "starts"),
            locale,
            inside=whole or (contact and bool(found)),
            contact=contact,
        )
        if found and (not told.name or contact):
            found[-1].cells += told.cells
            if contact and told.name:
                found[-1].cells.append(("person", "", told.name))
        elif told.name or told.cells:
            found.append(told)
        whole = whole and contact
    return found


def _nameless(clause: str, locale: str) -> bool:
    """Whether *clause* holds no name of its own, only values."""
    held = values(clause, locale)
    left = clause
    for value in reversed(held):
        left = left[: value.start] + left[value.end :]
    return bool(held) and len(left.split()) < 2 if locale == "en" else bool(held)


def _clauses(piece: str, locale: str) -> list[str]:
    """Return *piece* cut at an `and` that has values on both sides."""
    if locale != "en":
        return [piece]
    parts = _AND.split(piece)
    if len(parts) > 1 and values(parts[0], locale):
        return parts
    return [piece]


def _row(clause: str, locale: str, *, inside: bool, contact: bool) -> Row:
    """Return what one clause says: its name, and its values with what they are called."""
    name, rest = _dated(clause, locale)
    held = values(rest, locale)
    if (
        len(held) > 1
        and held[0].kind == "number"
        and not _parted(_bare(rest[: held[0].start], locale), locale)[1]
    ):
        held = held[1:]
    plain = all(value.kind == "state" for value in held) and not contact
    related = _related(clause, locale) if plain else None
    if related is not None:
        return related
    if not held:
        if inside and not name:
            return Row("", [("person" if contact else "text", "", clause)])
        return Row(_bare(name or clause, locale))
    label = ""
    before = _bare(rest[: held[0].start], locale)
    after = _bare(rest[held[-1].end :], locale)
    if name or inside:
        label = "".join(_parted(before, locale))
    else:
        name, label = _parted(before, locale)
        name = name or (after if not label else "")
    cells = []
    for at, value in enumerate(held):
        between = rest[held[at - 1].end : value.start] if at else ""
        own = _bare(between, locale) if at else label
        cells.append((value.kind, own, _cell(value)))
    return Row(name, cells)


def _related(clause: str, locale: str) -> Row | None:
    """Return what `Tom brings bread` says: whom it is about, and the verb with its object."""
    every = words.phrases(locale, "forms.toml")["relations"]
    either = "|".join(map(re.escape, sorted(every, key=len, reverse=True)))
    between = rf"(?:^|\s)({either})\s" if locale == "en" else rf"(?<!^.)({either})|^({either})"
    found = re.search(between, clause, re.IGNORECASE)
    if found is None or not clause[found.end() :].strip(_MARKS):
        return None
    verb = next(each for each in found.groups() if each)
    rest = clause[found.end() :].strip(_MARKS)
    return Row(_bare(clause[: found.start()], locale), [("text", verb.casefold(), rest)])


def _cell(value: Value) -> str:
    """Return a value as its cell has it."""
    return value.text.removesuffix(" of").strip(_MARKS.replace("-", "")) or value.text


def _dated(clause: str, locale: str) -> tuple[str, str]:
    """Return the day or month that *clause* starts with, and the rest."""
    lists = words.phrases(locale, "forms.toml")
    every = sorted([*lists["days"], *lists["months"]], key=lambda each: -len(each))
    lower = clause.casefold()
    for each in every:
        more = lower[len(each) : len(each) + 1]
        if lower.startswith(each) and (locale != "en" or not more.isalpha()):
            return clause[: len(each)], clause[len(each) :].lstrip(_MARKS)
    return "", clause


def _parted(before: str, locale: str) -> tuple[str, str]:
    """Return the name and the label in what stands before a value: `cup A` and `holds`."""
    for link in words.phrases(locale, "forms.toml")["links"]:
        if locale == "en":
            found = re.search(rf"(?:^|\s){re.escape(link)}$", before, re.IGNORECASE)
        else:
            found = re.search(rf"{re.escape(link)}$", before)
        if found is not None:
            empty = link in words.phrases(locale, "forms.toml")["empty_links"]
            return _bare(before[: found.start()], locale), "" if empty else link
    return before, ""


def _bare(text: str, locale: str) -> str:
    """Return *text* without marks at its ends, and without an article or a measure."""
    text = text.strip(_MARKS)
    if locale == "en":
        return re.sub(r"^(?:and|the|an?|of)\s+", "", text, flags=re.IGNORECASE)
    return re.sub(r"^(?:还有|和|以及)?(?:一[棵个只条张本把])?", "", text) or text
