"""Translating: between the Chinese scripts by their tables, else by a phrase book or not at all."""

import re
from collections.abc import Sequence
from functools import cache

from pratique.errors import NotFound
from pratique.partners.rules import phrasebook, words
from pratique.partners.rules.records import Language, Term, Translated, TranslateInput
from pratique.partners.rules.script import Flavour, converted, flavour, simplified
from pratique.partners.rules.shields import SHIELD, restored, shielded
from pratique.text import scripts
from pratique.text.languages import is_han, written_in

_BRACES = re.compile(r"\{\{?[\w. ]{1,40}\}?\}|%[sd@]|<[^<>\n]{1,60}>")
_UNTOUCHED = rf"{_BRACES.pattern}|`[^`\n]+`|https?://[^\s，。！？、）》”」]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|{SHIELD}"
"""Placeholders, code and addresses."""

_FOREIGN = re.compile(r"(?<![A-Za-z])[a-z]{3,}(?![A-Za-z])")


class NoTranslation(NotFound):
    """The rules have no translation: nothing is wrong with the request."""

    def __init__(self) -> None:
        super().__init__(
            "rules have no translation for this text",
            hint="they know short messages and both Chinese scripts; ask a model",
        )


def translate(source: TranslateInput, locale: str) -> Translated:
    """Return *source*'s text in the language that is asked for.

    Raises `NoTranslation` where the phrase book lacks a sentence: no guess is made.
    """
    text = source.text
    detected = language(text, source.source, locale)
    same = detected == source.target
    if same and not scripts.foreign_script(text, source.target):
        if detected != "en" and _FOREIGN.search(_bare(text)):
            raise NoTranslation
        return Translated(text=text, detected=detected)
    if detected != "en" and source.target != "en":
        return Translated(text=_other_script(text, source), detected=detected)
    return Translated(text=_by_book(text, detected, source), detected=detected)


def language(text: str, given: Language | None, locale: str) -> Language:
    """Return the language of *text*: what is *given*, if its letters do not say otherwise."""
    if not any(map(is_han, text)):
        return "en"
    script = scripts.script(text)
    if script is not None:
        return "zh-Hans" if script == "Hans" else "zh-Hant"
    if given in ("zh-Hans", "zh-Hant"):
        return given
    return "zh-Hant" if locale == "zh-Hant" else "zh-Hans"


def _bare(text: str) -> str:
    """Return *text* without links, codes and placeholders."""
    return shielded(_BRACES.sub(" ", text), ())[0]


def _other_script(text: str, source: TranslateInput) -> str:
    """Return *text* in the other Chinese script, terms of the glossary as they are given."""
    bare, kept = _kept(text, source.glossary)
    if source.target == "zh-Hans":
        told = converted(_replaced(bare, _to_mainland()), "tw2sp")
        told = told if not scripts.foreign_script(told, "zh-Hans") else simplified(told)
    else:
        whose = flavour(text)
        told = converted(_replaced(bare, _from_mainland(whose)), "s2twp").replace("臺", "台")
        foreign = scripts.foreign_script(told, "zh-Hant")
        told = told if not foreign else scripts.letter_by_letter(told, "zh-Hant")
    if told.count(SHIELD) != len(kept) or not written_in(told, source.target):
        raise NoTranslation
    return restored(told, kept)


def _kept(text: str, glossary: Sequence[Term]) -> tuple[str, list[str]]:
    """Return *text* with links, placeholders and terms shielded, terms by their translations."""
    terms = {term.term: term.translation for term in glossary}
    every = sorted(map(re.escape, terms), key=lambda each: (-len(each), each))
    pattern = "|".join([*every, _UNTOUCHED])
    pieces: list[str] = []
    kept: list[str] = []
    at = 0
    for match in re.finditer(pattern, text):
        pieces += [text[at : match.start()], SHIELD]
        kept.append(terms.get(match[0], match[0]))
        at = match.end()
    return "".join([*pieces, text[at:]]), kept


def _by_book(text: str, detected: Language, source: TranslateInput) -> str:
    """Return *text* as the phrase book has it."""
    plain = simplified(text) if detected == "zh-Hant" else text
    told = phrasebook.translated(plain, "en" if source.target == "en" else "zh")
    if told is None:
        raise NoTranslation
    if source.target == "zh-Hant":
        told = converted(_replaced(told, _from_mainland("tw")), "s2twp").replace("臺", "台")
    said = text.casefold()
    for term in source.glossary:
        if term.term.casefold() in said and term.translation.casefold() not in told.casefold():
            raise NoTranslation
    return told


def _replaced(text: str, table: Sequence[tuple[str, str]]) -> str:
    """Return *text* with the words of *table* replaced, longest first, none twice."""
    pattern, words_of = re.compile("|".join(re.escape(here) for here, _ in table)), dict(table)
    return pattern.sub(lambda found: words_of[found[0]], text)


@cache
def _from_mainland(whose: Flavour) -> tuple[tuple[str, str], ...]:
    """Return words of the mainland with what *whose* place says, longest first."""
    at = 1 if whose == "tw" else 2
    found = [(row[0], row[at]) for row in words.rows("translate", "terms.tsv")]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


@cache
def _to_mainland() -> tuple[tuple[str, str], ...]:
    """Return words of Taiwan and Hong Kong with what the mainland says, longest first."""
    found = [(row[0], row[1]) for row in words.rows("translate", "reading.tsv")]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))
