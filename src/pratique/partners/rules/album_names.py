"""Names from the device's albums: where a search says one, in whatever form."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from pratique.partners.rules import words

_SPELLINGS = (
    ("harbour", "harbor"),
    ("centre", "center"),
    ("theatre", "theater"),
    ("colour", "color"),
    ("grey", "gray"),
    ("saint ", "st "),
    ("saint ", "st. "),
    ("mount ", "mt "),
    ("mount ", "mt. "),
)
"""British and American: the album may hold the one and the user say the other."""

_MOTHER_ALONE = re.compile(r"(?<![大姑舅干奶后姨婶伯丈岳姥])妈(?![祖蜜])")
_FATHER_ALONE = re.compile(r"(?<![大姑舅干后伯丈岳老])爸")
_LATIN = re.compile(r"[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Named:
    """A place in a search where a name from the albums stands."""

    start: int
    """First code point."""

    end: int
    """One past the last code point."""

    name: str
    """As the device spells it."""

    kin: bool
    """Whether it was said by a word for a relative."""


def low(text: str) -> str:
    """Return *text* in lower case, of the same length."""
    return "".join(each if len(each.lower()) != 1 else each.lower() for each in text)


def named(read: str, names: Sequence[tuple[str, str]], *, people: bool) -> list[Named]:
    """Return where *read* says one of *names*: pairs of a name and its reading in lower case.

    The longest form wins; a form that two names share says neither.
    """
    forms: dict[str, str | None] = {}
    kin: set[str] = set()
    for form, name, is_kin in _forms(names, people=people):
        if form in forms and forms[form] != name:
            if not is_kin:
                forms[form] = None
            continue
        forms.setdefault(form, name)
        if is_kin:
            kin.add(form)
    found: list[Named] = []
    for form in sorted(forms, key=len, reverse=True):
        whose = forms[form]
        if whose is None or not form.strip():
            continue
        for start in _places(form, read):
            end = start + len(form)
            if all(end <= each.start or start >= each.end for each in found):
                found.append(Named(start, end, whose, form in kin))
    return sorted(found, key=lambda each: each.start)


def _places(form: str, read: str) -> Iterator[int]:
    """Yield where *form* stands as a word of its own."""
    if form in ("妈", "爸"):
        pattern = _MOTHER_ALONE if form == "妈" else _FATHER_ALONE
        yield from (match.start() for match in pattern.finditer(read))
        return
    at = read.find(form)
    while at >= 0:
        before, behind = read[at - 1 : at], read[at + len(form) : at + len(form) + 1]
        inside = (_joins(before, form[0])) or (_joins(behind, form[-1]))
        if not inside:
            yield at
        at = read.find(form, at + 1)


def _joins(outside: str, edge: str) -> bool:
    return bool(outside and _LATIN.match(outside) and _LATIN.match(edge))


def _forms(names: Sequence[tuple[str, str]], *, people: bool) -> Iterator[tuple[str, str, bool]]:
    """Yield each form with its name, and whether it is a relative's; plain spellings first."""
    for name, read in names:
        yield read, name, False
    for name, read in names:
        for british, american in _SPELLINGS:
            if british in read:
                yield read.replace(british, american), name, False
            if american in read:
                yield read.replace(american, british), name, False
    if not people:
        return
    yield from _first_names(names)
    groups = _kin()
    for name, read in names:
        for group in groups:
            if read in group:
                yield from ((form, name, True) for form in group)
            first, _, rest = read.partition(" ")
            if rest and first in group:
                yield from ((f"{form} {rest}", name, False) for form in group)


def _first_names(names: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str, bool]]:
    """Yield first names that only one person bears."""
    relatives = {form for group in _kin() for form in group}
    first: list[tuple[str, str]] = []
    for name, read in names:
        parts = read.split()
        if len(parts) > 1:
            first.append((parts[1] if parts[0] in relatives else parts[0], name))
        elif len(read) == 3 and not _LATIN.search(read):
            first.append((read[1:], name))
    borne = Counter(form for form, _ in first)
    taken = {read for _, read in names}
    for form, name in first:
        if borne[form] == 1 and form not in taken and len(form) > 1 and form not in relatives:
            yield form, name, False


@cache
def _kin() -> tuple[tuple[str, ...], ...]:
    """Return groups of words for one relative; the two languages share what both tell apart."""
    english = words.phrases("en", "kin.toml")
    chinese = words.phrases("zh-Hans", "kin.toml")
    groups = [english.get(key, ()) + chinese.get(key, ()) for key in {**english, **chinese}]
    return tuple(groups)
