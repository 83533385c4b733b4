"""Scorers of structure: entries, cells, questions, tasks, slots and events, one by one."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from pratique.evals.scorers.target import Action, Event, Fields, Group, Score, Target, lacks_phrases
from pratique.evals.scorers.texts import mentions
from pratique.features.checks.case import texts_in
from pratique.text.scripts import letter_by_letter
from pratique.text.spans import folded


def transformed(target: Target, request: Fields, output: Fields) -> Score:
    """The wish is of the right class, and the text, where there may be one, is as `mentions` wants it.

    Where texts are accepted it must be one of them, to the letter: case and line breaks count.
    """
    text = output.get("text")
    blank = text is None or not str(text).strip()
    reasons = []
    if output.get("class") != target.wish:
        reasons.append(f"the class should be `{target.wish}`")
    if target.null_text and text is not None:
        reasons.append("there should be no text")
    elif not target.null_text and blank:
        reasons.append("there should be a text")
    elif text is not None:
        if target.accept and str(text).strip() not in {one.strip() for one in target.accept}:
            reasons.append("none of the accepted texts")
        reasons += _said(target, request, {"text": text})
    return _score(reasons)


def structured(target: Target, request: Fields, output: Fields) -> Score:
    """Every entry or cell says what it must, in order, and there is no other."""
    reasons = _said(target, request, output)
    if target.items:
        reasons += _lined_up("entry", target.items, texts_in(output.get("items", ())))
    else:
        reasons += _lined_up("column", target.columns, texts_in(output.get("columns", ())))
        rows = [texts_in(row) for row in _list(output.get("rows"))]
        if len(rows) != len(target.rows):
            reasons.append(f"{len(rows)} rows, should be {len(target.rows)}")
        for number, (wanted, row) in enumerate(zip(target.rows, rows, strict=False), 1):
            reasons += _lined_up(f"row {number}, cell", wanted, row)
    return _score(reasons)


def drafted(target: Target, request: Fields, output: Fields) -> Score:
    """Each question that is asked was found and no other, or the draft is as `mentions` wants it."""
    if target.questions is None:
        return _score(_said(target, request, {"draft": output.get("draft", "")}))
    if not isinstance(output.get("questions"), (list, tuple)):
        return _score(["there should be questions, or an empty list of them"])
    asked = ["\n".join(texts_in(one)) for one in _list(output.get("questions"))]
    return _score(_paired("question", target.questions, asked))


def minuted(target: Target, request: Fields, output: Fields) -> Score:
    """As `mentions` over the summary; each task has its one, its words and its date; each decision is there."""
    reasons = _said(target, request, {"summary": output.get("summary")})
    actions = [one for one in _list(output.get("actions")) if isinstance(one, Mapping)]
    fits = [[_does(one, wanted) for one in actions] for wanted in target.actions]
    for wanted, found in zip(target.actions, matched(fits), strict=True):
        if found is None:
            until = f" until {wanted.due}" if wanted.due else ", with no date"
            reasons.append(f"lacks “{wanted.what[0]}” by {wanted.who}{until}")
    left = len(actions) - sum(found is not None for found in matched(fits))
    reasons += [f"{left} task(s) that nobody took on"] * bool(left)
    decisions = texts_in(output.get("decisions", ()))
    reasons += _paired("decision", target.decisions, decisions, others=not target.decisions)
    return _score(reasons)


def searched(target: Target, request: Fields, output: Fields) -> Score:
    """People, places and days are exactly right; things are those that must be, and none but those that may."""
    slots = target.slots
    assert slots is not None  # noqa: S101  (`lacks_slots` has made sure)
    reasons = _said(target, request, {"text": output.get("text", "")})
    for name, wanted in (("who", slots.who), ("where", slots.where)):
        if set(texts_in(output.get(name))) != set(wanted):
            reasons.append(f"`{name}` should be {', '.join(wanted) or 'empty'}")
    what = set(texts_in(output.get("what")))
    if not set(slots.what) <= what or not what <= {*slots.what, *target.may_what}:
        reasons.append(f"`what` should be {', '.join(slots.what) or 'empty'}")
    when = {"from": slots.when.first, "to": slots.when.last} if slots.when else None
    if output.get("when") != when:
        reasons.append(
            f"`when` should be {when['from']} to {when['to']}" if when else "no time was said"
        )
    return _score(reasons)


def dated(target: Target, request: Fields, output: Fields) -> Score:
    """The category is right, and each event has its title, beginning, end and place, unknown where they are."""
    reasons = _said(target, request, {"events": output.get("events", ())})
    if output.get("category") not in target.category:
        reasons.append(f"the category should be {' or '.join(target.category)}")
    events = [one for one in _list(output.get("events")) if isinstance(one, Mapping)]
    if len(events) != len(target.events):
        reasons.append(f"{len(events)} events, should be {len(target.events)}")
    for number, (wanted, found) in enumerate(zip(target.events, events, strict=False), 1):
        reasons += [f"event {number}: {one}" for one in _off(wanted, found)]
    return _score(reasons)


def lacks_transformed(target: Target) -> str:
    """Say what *target* lacks for `transformed`, or an empty string."""
    return "" if target.wish else "`class` must be given"


def lacks_structured(target: Target) -> str:
    """Say what *target* lacks for `structured`, or an empty string."""
    if bool(target.items) is bool(target.columns and target.rows):
        return "either `items`, or `columns` and `rows`, must be given"
    uneven = any(len(row) != len(target.columns) for row in target.rows)
    return "a row is not as long as the columns" if uneven else ""


def lacks_drafted(target: Target) -> str:
    """Say what *target* lacks for `drafted`, or an empty string."""
    return "" if target.questions is not None else lacks_phrases(target)


def lacks_slots(target: Target) -> str:
    """Say what *target* lacks for `searched`, or an empty string."""
    return "" if target.slots is not None else "`slots` must be given"


def lacks_dated(target: Target) -> str:
    """Say what *target* lacks for `dated`, or an empty string."""
    return "" if target.category else "`category` must be given"


def _score(reasons: Sequence[str]) -> Score:
    return Score(met=not reasons, share=float(not reasons), why="; ".join(reasons))


def _said(target: Target, request: Fields, output: Fields) -> list[str]:
    why = mentions(target, request, output).why
    return [why] if why else []


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, (list, tuple)) else ()


def _says(text: str, group: Group) -> bool:
    """Say whether *text* says one of *group*; an empty phrase asks for an empty text."""
    low = _plain(text)
    return any(_holds(low, _plain(one)) if one else not low.strip() for one in group)


def _holds(text: str, phrase: str) -> bool:
    """Say whether *phrase* stands in *text*, its numbers whole: 2 is not said by 12, nor by 2.5."""
    start = r"(?<!\d)(?<!\d[.,])" if phrase[:1].isdigit() else ""
    end = r"(?!\d)(?![.,]\d)" if phrase[-1:].isdigit() else ""
    return re.search(start + re.escape(phrase) + end, text) is not None


def _within(said: str, right: str) -> bool:
    """Say whether *said* is a part of *right* that names something: more than a single letter."""
    return len(said.strip()) > 1 and said in right


def _plain(text: str) -> str:
    return letter_by_letter(folded(text), "zh-Hans")


def _lined_up(what: str, wanted: Sequence[Group], texts: Sequence[str]) -> Iterator[str]:
    if len(texts) != len(wanted):
        yield f"{len(texts)} × {what}, should be {len(wanted)}"
    for number, (group, text) in enumerate(zip(wanted, texts, strict=False), 1):
        if not _says(text, group):
            yield f"{what} {number} should say “{group[0]}”"


def _paired(
    what: str, wanted: Sequence[Group], texts: Sequence[str], *, others: bool = True
) -> list[str]:
    """Return what is missing of *wanted*, each with a text of its own; with *others* also what is too much."""
    found = matched([[_says(one, group) for one in texts] for group in wanted])
    reasons = [
        f"lacks the {what} “{group[0]}”"
        for group, place in zip(wanted, found, strict=True)
        if place is None
    ]
    left = len(texts) - len(wanted) + len(reasons)
    if left and others:
        reasons.append(f"{left} {what}(s) too many")
    return reasons


def matched(fits: Sequence[Sequence[bool]]) -> list[int | None]:
    """Return for each row of *fits* a column of its own that fits it, for as many rows as can be.

    The first that fits is not enough: it may be the only one that fits another row.
    """
    rows: dict[int, int] = {}

    def placed(row: int, tried: set[int]) -> bool:
        for column, fit in enumerate(fits[row]):
            if fit and column not in tried:
                tried.add(column)
                if column not in rows or placed(rows[column], tried):
                    rows[column] = row
                    return True
        return False

    for row in range(len(fits)):
        placed(row, set())
    columns = {row: column for column, row in rows.items()}
    return [columns.get(row) for row in range(len(fits))]


def _does(action: Mapping[str, object], wanted: Action) -> bool:
    same = _plain(str(action.get("who"))) == _plain(wanted.who) and action.get("due") == wanted.due
    return same and _says(str(action.get("what")), wanted.what)


def _off(wanted: Event, found: Mapping[str, object]) -> Iterator[str]:
    fits: tuple[tuple[str, Group | None, Callable[[str, str], bool]], ...] = (
        ("title", wanted.title, lambda said, right: right in said),
        ("start", wanted.start, lambda said, right: said[:16] == right[:16]),
        ("end", wanted.end, lambda said, right: said[:16] == right[:16]),
        ("place", wanted.place, lambda said, right: right in said or _within(said, right)),
    )
    for name, group, fit in fits:
        said = found.get(name)
        if group is None:
            if said is not None:
                yield f"`{name}` is not known"
        elif said is None or not any(fit(_plain(str(said)), _plain(one)) for one in group):
            yield f"`{name}` should be {group[0]}"
