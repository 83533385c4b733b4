"""Checks: what must hold of each answer, the same code when serving and when measuring."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

import msgspec

from pratique.errors import Malformed
from pratique.text.edits import Edit, applied
from pratique.text.languages import written_in
from pratique.text.lengths import length, sentences, unit
from pratique.text.spans import folded, links, numbers

Fields = Mapping[str, object]


class CheckUse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pack's use of a check."""

    id: str
    """Name of the check."""
    revision: int
    """Revision of its behaviour; part of the digest."""
    field: str = ""
    """Field of the output that it looks at."""
    source: str = ""
    """Field of the input that it compares with."""
    most: Mapping[str, Mapping[str, int]] = {}
    """For lengths: the most per locale and per value of the input's `length` (`any` for all)."""


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """What one check found."""

    id: str
    """Name of the check."""
    passed: bool
    """Whether it holds."""
    why: str = ""
    """If not, why, in words that hold no content."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """What a check looks at."""

    use: CheckUse
    """The pack's use of the check."""
    locale: str
    """Locale of the request."""
    request: Fields
    """The request's `input`."""
    output: Fields
    """The answer's `output`, already valid by its schema."""


def _texts(value: object) -> list[str]:
    """Return every string inside *value*, in order."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in _texts(item)]
    return []


def _written(case: Case) -> str:
    return "\n".join(_texts(case.output.get(case.use.field)))


def corrections_apply(case: Case) -> str:
    """Applying the corrections to the text gives exactly the corrected text."""
    text, found = case.request["text"], case.output["corrections"]
    assert isinstance(text, str) and isinstance(found, list)  # noqa: S101  (the schema has made sure)
    try:
        changes = [Edit(one["start"], one["end"], one["replacement"]) for one in found]
        return (
            ""
            if applied(text, changes) == case.output["corrected"]
            else "corrections give another text"
        )
    except ValueError:
        return "corrections overlap or are out of range"


def protected_kept(case: Case) -> str:
    """No correction touches a protected span."""
    spans, found = case.request.get("protected", []), case.output["corrections"]
    assert isinstance(spans, list) and isinstance(found, list)  # noqa: S101
    for span in spans:
        for one in found:
            inside = one["start"] < span["end"] and span["start"] < one["end"]
            inserted = one["start"] == one["end"] and span["start"] < one["start"] < span["end"]
            if inside or inserted:
                return "a protected span was changed"
    return ""


def same_language(case: Case) -> str:
    """What was written is in the language of the locale; for an edit, as far as the source was."""
    source = "\n".join(_texts(case.request.get(case.use.source))) if case.use.source else ""
    if source and not written_in(source, case.locale):
        return ""
    if all(written_in(text, case.locale) for text in _texts(case.output.get(case.use.field))):
        return ""
    return f"not written in {case.locale}"


def links_kept(case: Case) -> str:
    """Web and mail addresses stand as they stood in the source, in number and in order."""
    source = "\n".join(_texts(case.request.get(case.use.source)))
    return "" if links(_written(case)) == links(source) else "an address was changed, added or lost"


def numbers_from_source(case: Case) -> str:
    """Every number in digits that was written stands in the source too."""
    known = set(numbers("\n".join(_texts(case.request.get(case.use.source)))))
    extra = [number for number in numbers(_written(case)) if number not in known]
    return f"{len(extra)} number(s) that the source lacks" if extra else ""


def length_at_most(case: Case) -> str:
    """Each text is no longer than the locale allows: characters for Chinese, words for English."""
    limits = case.use.most[case.locale]
    wanted = case.request.get("length")
    most = limits.get(wanted if isinstance(wanted, str) else "any", limits.get("any", 0))
    for text in _texts(case.output.get(case.use.field)):
        found = length(text, case.locale)
        if found > most:
            return f"{found} {unit(case.locale)}, at most {most}"
    return ""


def sentences_at_most(case: Case) -> str:
    """No more sentences than the locale allows."""
    most = case.use.most[case.locale]["any"]
    found = len(sentences(_written(case)))
    return f"{found} sentences, at most {most}" if found > most else ""


def all_distinct(case: Case) -> str:
    """No two texts of the list say the same, apart from case, width and punctuation."""
    found = [_bare(text) for text in _texts(case.output.get(case.use.field))]
    distinct = len(set(found)) == len(found) and all(found)
    return "" if distinct else "two of them are the same, or one is empty"


def _bare(text: str) -> str:
    """Return the letters and digits of *text*, or all of it where there are none (an emoji)."""
    return "".join(c for c in folded(text) if c.isalnum()) or text.strip()


CHECKS: dict[str, tuple[int, Callable[[Case], str]]] = {
    "corrections_apply": (1, corrections_apply),
    "protected_kept": (1, protected_kept),
    "same_language": (1, same_language),
    "links_kept": (1, links_kept),
    "numbers_from_source": (1, numbers_from_source),
    "length_at_most": (1, length_at_most),
    "sentences_at_most": (1, sentences_at_most),
    "all_distinct": (1, all_distinct),
}
"""Each check with its revision, to be raised whenever its behaviour changes. A check returns why
it does not hold, or an empty string."""


def checked(
    uses: Sequence[CheckUse], locale: str, request: Fields, output: Fields
) -> tuple[Check, ...]:
    """Return what every check of a pack found about *output*, in the pack's order."""
    found = []
    for use in uses:
        why = CHECKS[use.id][1](Case(use=use, locale=locale, request=request, output=output))
        found.append(Check(id=use.id, passed=not why, why=why))
    return tuple(found)


def require_known_checks(uses: Sequence[CheckUse], path: Path) -> None:
    """Refuse a pack that names a check or revision which this code does not have."""
    for use in uses:
        if use.id not in CHECKS:
            near = get_close_matches(use.id, CHECKS, n=1)
            raise Malformed(
                f"unknown check `{use.id}`",
                hint=f"did you mean `{near[0]}`?" if near else f"known: {', '.join(CHECKS)}",
                path=path,
            )
        if use.revision != CHECKS[use.id][0]:
            raise Malformed(
                f"check `{use.id}` has revision {CHECKS[use.id][0]}, not {use.revision}",
                hint="a new revision makes a new candidate: assess it before it is filed",
                path=path,
            )
