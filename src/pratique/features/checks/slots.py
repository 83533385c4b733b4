"""Checks of slots: closed sets, dates, tables and steps that fit what was asked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import cast

from pratique.features.checks.case import Case, texts_in
from pratique.text.lengths import length, unit
from pratique.text.quantities import added_quantities, quantities
from pratique.text.scripts import letter_by_letter
from pratique.text.spans import folded

Entry = Mapping[str, object]
WITHOUT_TEXT = ("harmful", "action")
"""Classes of a wish that no text answers."""


def class_fits_text(case: Case) -> str:
    """A wish that is harmful or asks for an action has no text, every other one has."""
    text = case.output["text"]
    without = case.output["class"] in WITHOUT_TEXT
    fits = text is None if without else bool(str(text or "").strip())
    return "" if fits else "the class does not fit the text"


def form_as_asked(case: Case) -> str:
    """A list is answered by a list, a table by a table."""
    wanted = "items" if case.request["form"] == "list" else "rows"
    return "" if wanted in case.output else f"no {wanted}"


def rectangular(case: Case) -> str:
    """Every row of a table has as many cells as its head, and says something."""
    rows = cast(Sequence[Sequence[str]], case.output.get("rows", ()))
    width = len(cast(Sequence[str], case.output.get("columns", ())))
    wrong = sum(len(row) != width or not any(cell.strip() for cell in row) for row in rows)
    return f"{wrong} row(s) of another length, or empty" if wrong else ""


def cells_from_source(case: Case) -> str:
    """Every entry and every cell is in words of the source, or in its numbers."""
    known = _letters(case.source)
    entries = texts_in(case.output.get("items", ()))
    cells = [cell for cell in texts_in(case.output.get("rows", ())) if cell.strip()]
    missing = sum(not _said(one, known, case.source) for one in (*entries, *cells))
    return f"{missing} entry(s) that the source lacks" if missing else ""


def step_as_asked(case: Case) -> str:
    """Without answers the questions are asked, with them the draft is written."""
    wanted = "draft" if "answers" in case.request else "questions"
    return "" if wanted in case.output else f"no {wanted}"


def questions_short(case: Case) -> str:
    """Each question and each option is short enough for a chip; no two options are the same."""
    limits = case.use.most[case.locale]
    for one in cast(Sequence[Entry], case.output.get("questions", ())):
        options = [str(option) for option in cast(Sequence[str], one["options"])]
        if len({folded(option).strip() for option in options}) != len(options):
            return "two options are the same"
        for text, most in (
            (str(one["q"]), limits["any"]),
            *((o, limits["option"]) for o in options),
        ):
            found = length(text, case.locale)
            if found > most:
                return f"{found} {unit(case.locale)}, at most {most}"
    return ""


def speakers_known(case: Case) -> str:
    """Whoever has something to do is one of those who spoke."""
    speakers = {_name(one["speaker"]) for one in _entries(case.request["turns"])}
    strangers = sum(_name(one["who"]) not in speakers for one in _entries(case.output["actions"]))
    return f"{strangers} action(s) of somebody who did not speak" if strangers else ""


def people_known(case: Case) -> str:
    """Whoever is looked for is one of the device's people."""
    return _closed(case, "who", "people")


def places_known(case: Case) -> str:
    """Where is looked is one of the device's places."""
    return _closed(case, "where", "places")


def dates_sound(case: Case) -> str:
    """Every date is a date of the calendar, and no end comes before its beginning."""
    when = case.output.get("when")
    spans = [
        *(((when["from"], when["to"]),) if isinstance(when, Mapping) else ()),
        *((one["start"], one["end"]) for one in _entries(case.output.get("events", ()))),
        *((one["due"], None) for one in _entries(case.output.get("actions", ()))),
    ]
    for first, last in spans:
        given = [one for one in (first, last) if one is not None]
        moments = [moment for one in given if (moment := _moment(one)) is not None]
        if len(moments) < len(given):
            return "a date that is none"
        if len(moments) == 2 and _before(moments[1], moments[0]):
            return "an end before its beginning"
    return ""


def category_fits_events(case: Case) -> str:
    """Where there is an event there is a category, and where there is none there is `none`."""
    empty = not case.output["events"]
    fits = empty is (case.output["category"] == "none")
    return "" if fits else "the category does not fit the events"


def places_from_source(case: Case) -> str:
    """Title and place of every event are in words of the picture's text, where that is given."""
    source = case.source
    if not source:
        return ""
    known = _letters(source)
    told = [
        str(one[name])
        for one in _entries(case.output["events"])
        for name in ("title", "place")
        if one[name] is not None
    ]
    missing = sum(not _said(one, known, source) for one in told)
    return f"{missing} title(s) or place(s) that the picture lacks" if missing else ""


def _closed(case: Case, field: str, source: str) -> str:
    known = set(texts_in(case.request[source]))
    strange = sum(one not in known for one in texts_in(case.output[field]))
    return f"{strange} of `{field}` not among `{source}`" if strange else ""


def _entries(value: object) -> Iterator[Entry]:
    if isinstance(value, (list, tuple)):
        yield from (one for one in value if isinstance(one, Mapping))


def _moment(value: object) -> date | None:
    """Return what *value* says by ISO 8601, a date or a date with a time; None where it is neither."""
    text = str(value)
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None


def _before(one: date, other: date) -> bool:
    """Say whether *one* is before *other*, by the day where one of them has no time."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        if one.tzinfo is None or other.tzinfo is None:
            return one.replace(tzinfo=None) < other.replace(tzinfo=None)
        return one < other
    return _day(one) < _day(other)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _name(value: object) -> str:
    """Return a name for comparison: case, width and script are no difference."""
    return letter_by_letter(folded(str(value)).strip(), "zh-Hans")


ENOUGH_SAID = 0.75
"""Share of a text's words, or of its pairs of Chinese characters, that its source must have."""


def _said(text: str, known: str, source: str) -> bool:
    """Say whether *text* is said in the source: as it stands, or in most of its pieces and all amounts."""
    if _letters(text) in known:
        # Without its blanks and points a number may be a part of another one: 3.5 of 35, 2 of 12.
        return not any(map(str.isdigit, text)) or not added_quantities(source, text)
    amounts, pieces = quantities(text), _pieces(text)
    # Numbers that are amounts are compared as such (2 towels, two towels), codes to the letter.
    words = [piece for piece in pieces if not (amounts and piece.isdecimal())]
    held = sum(piece in known for piece in words)
    enough = bool(pieces) and held >= ENOUGH_SAID * len(words)
    return enough and not added_quantities(source, text)


_BETWEEN = re.compile(r"(?<=\d)(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])(?=\d)")
"""Between a number and a Chinese character."""


def _pieces(text: str) -> list[str]:
    """Return the words of *text*, Chinese in pairs of characters, and in Chinese numbers apart."""
    found = []
    bare = "".join(c if c.isalnum() else " " for c in folded(text))
    for word in _BETWEEN.sub(" ", bare).split():
        simple = letter_by_letter(word, "zh-Hans")
        if simple.isascii() or len(simple) < 3:
            found.append(simple)
        else:
            found += [simple[at : at + 2] for at in range(len(simple) - 1)]
    return found


def _letters(text: str) -> str:
    """Return the letters and digits of *text*, folded, in simplified script."""
    return letter_by_letter("".join(c for c in folded(text) if c.isalnum()), "zh-Hans")
