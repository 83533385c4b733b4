"""Refusing well: what is said in place of an answer, by locale and by what the request is about.

Whoever speaks of harming themselves gets help and not a wall. Numbers to call are the operator's:
one that is wrong is worse than none.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from pratique.errors import Malformed, NotFound
from pratique.settings.toml import read_toml

_CONTENT = Path(str(files("pratique") / "content"))
ANSWERS = _CONTENT / "screening" / "answers"
CATEGORIES = _CONTENT / "safeguards" / "categories.toml"

_CONTACT = "{contact}"


class Category(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What content may be about."""

    regime: Mapping[str, tuple[str, ...]]
    """Codes of the risks that it is, by regime; our reading."""
    hard: bool = False
    """Whether it stops without a verdict."""
    unlawful: bool = False
    """Whether clearly unlawful input of it counts towards a suspension."""
    help: bool = False
    """Whether it is answered with help."""
    open: bool = False
    """Whether its words are left to the operator."""


class _Answers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of answers."""

    otherwise: str
    """Said where nothing more fitting is there."""
    suspended: str
    """Said to whom the feature is paused for."""
    answers: Mapping[str, str]
    """By category."""
    help: Mapping[str, tuple[str, ...]]
    """Sentences by category, for those that are answered with help."""


class StockAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What is said in place of an answer: words of ours, no generated content."""

    text: str
    """The words."""
    category: str
    """What they speak of; empty where of nothing in particular."""
    help: bool = False
    """Whether they help: shown as a card with the ways to get it, not as an error."""


def stock_answer(locale: str, categories: Iterable[str], contact: str = "") -> StockAnswer:
    """Return what is said in *locale* to a request about *categories*, the most urgent first.

    Help comes before everything else. *contact* is the operator's own, such as a name with a number.

    Raises:
        NotFound: there are no answers in this locale; none stands in for it.
    """
    found = _answers(locale)
    named = list(categories)
    for one in named:
        if one in found.help:
            said = [each for each in found.help[one] if contact or _CONTACT not in each]
            text = ("" if locale.startswith("zh") else " ").join(said)
            return StockAnswer(text=text.replace(_CONTACT, contact), category=one, help=True)
    for one in sorted(named, key=lambda each: not _is_hard(each)):
        if one in found.answers:
            return StockAnswer(text=found.answers[one], category=one)
    return StockAnswer(text=found.otherwise, category="")


def suspended_answer(locale: str) -> StockAnswer:
    """Return what is said in *locale* to whom a feature is paused for.

    Raises:
        NotFound: there are no answers in this locale.
    """
    return StockAnswer(text=_answers(locale).suspended, category="")


def locales() -> tuple[str, ...]:
    """Return the locales that have answers."""
    return tuple(sorted(path.stem for path in ANSWERS.glob("*.toml")))


@cache
def categories() -> Mapping[str, Category]:
    """Return what content may be about, by name."""
    return read_toml(CATEGORIES, dict[str, Category])


def counts_as_unlawful(named: Iterable[str], level: str) -> bool:
    """Say whether input is clearly unlawful: `unsafe`, and about something that the law forbids.

    Somebody who needs help is never counted, and neither is what is merely controversial.
    """
    known = [categories()[one] for one in named if one in categories()]
    if level != "unsafe" or any(one.help for one in known):
        return False
    return any(one.unlawful for one in known)


def _is_hard(category: str) -> bool:
    return category in categories() and categories()[category].hard


@cache
def _answers(locale: str) -> _Answers:
    if locale not in locales():
        known = ", ".join(locales())
        raise NotFound(f"no stock answers for locale `{locale}`", hint=f"known: {known}")
    path = ANSWERS / f"{locale}.toml"
    found = read_toml(path, _Answers)
    for one in (*found.answers, *found.help):
        if one not in categories():
            raise Malformed(f"`{one}` is no category", path=path)
        if (one in found.help) != categories()[one].help:
            raise Malformed(
                f"`{one}`: help and answers do not agree with the categories", path=path
            )
    return found
