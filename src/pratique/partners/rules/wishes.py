"""Wishes: what kind of change somebody asks for in words, and which change exactly."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import msgspec

from pratique.partners.rules import words
from pratique.partners.rules.letters import read, rules_of
from pratique.partners.rules.records_text import Class

_READ = 1_000
"""Characters of a wish that are read."""


class _Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One change that can be made without understanding the text."""

    name: str
    """Short and stable: the operation."""

    cues: tuple[str, ...]
    """Patterns, any of which asks for it; their named groups are its arguments."""

    kind: Class
    """The kind of wish it is."""


class _Book(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All cues of one language."""

    kinds: dict[Class, tuple[str, ...]]
    """Patterns of each kind of wish, in the order in which they are tried."""

    changes: tuple[_Change, ...]
    """The changes, in the order in which they are tried."""

    marks: dict[str, str]
    """What marks are called, with the marks."""

    greetings: dict[str, str]
    """What a greeting is called, with the greeting; `{name}` is for whom."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A change that somebody asks for."""

    name: str
    """The operation."""

    kind: Class
    """The kind of wish."""

    arguments: Mapping[str, str]
    """What the wish says about it, in the letters of the wish."""


def kind(instruction: str, locale: str) -> Class:
    """Return what kind of wish *instruction* is; harm is looked for first."""
    wish = read(instruction[:_READ], locale)
    for name, patterns in _kinds(rules_of(locale)):
        if any(pattern.search(wish) for pattern in patterns):
            return name
    return "transformation"


def changes(instruction: str, locale: str) -> list[Asked]:
    """Return the changes that *instruction* asks for, each operation once."""
    wish = read(instruction[:_READ], locale)
    found = []
    for change, patterns in _changes(rules_of(locale)):
        match = next((hit for each in patterns if (hit := each.search(wish))), None)
        if match is not None:
            spans = {name: match.span(name) for name in match.re.groupindex}
            given = {
                name: instruction[start:end].strip()
                for name, (start, end) in spans.items()
                if start >= 0
            }
            found.append(Asked(change.name, change.kind, given))
    return found


def mark(word: str, locale: str) -> str:
    """Return the mark that *word* names, or the word itself."""
    bare = read(word, locale).strip(" \"'“”‘’.。").casefold()
    if bare in _book(rules_of(locale)).marks:
        return _book(rules_of(locale)).marks[bare]
    return word.strip(" \"“”「」『』‘’'") or word


def greeting(instruction: str, locale: str) -> str:
    """Return the greeting that *instruction* asks for, with `{name}` in it, or nothing."""
    wish = read(instruction[:_READ], locale).casefold()
    every = _book(rules_of(locale)).greetings.items()
    return next((text for name, text in every if name in wish), "")


@cache
def _book(locale: str) -> _Book:
    """Return the cues of *locale*."""
    return msgspec.convert(tomllib.loads(words.text(locale, "wishes.toml")), _Book)


@cache
def _kinds(locale: str) -> tuple[tuple[Class, tuple[re.Pattern[str], ...]], ...]:
    """Return each kind of wish with its patterns."""
    return tuple((name, _patterns(cues)) for name, cues in _book(locale).kinds.items())


@cache
def _changes(locale: str) -> tuple[tuple[_Change, tuple[re.Pattern[str], ...]], ...]:
    """Return each change with its patterns."""
    return tuple((each, _patterns(each.cues)) for each in _book(locale).changes)


def _patterns(cues: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(cue, re.IGNORECASE) for cue in cues)
