"""A or an: by the sound that the next English word begins with."""

import re

from pratique.partners.rules import words
from pratique.partners.rules.tokens import NEXT_TO, START, Tokens, shouted

_SILENT_U = re.compile(r"uni(?!n|m|d)|eu|ewe|u[bst]i|use|usu|ura")
_NUMBER_AN = re.compile(r"8\d{0,2}|11|18")
_NUMBER_A = re.compile(r"[1-79]|1[02-79]|[2-79]\d")


def article(text: Tokens, index: int) -> str | None:
    """Return `a` or `an` where word *index* of *text* is the other one, or None to leave it."""
    written = text.lower[index]
    if written not in ("a", "an") or text.links[index + 1] != NEXT_TO:
        return None
    if text.words[index] == "A" and text.links[index] != START:
        return None
    if text.words[index].isupper() and written == "an":
        return None
    sets = words.sets("en", "sets.toml")
    if text.before(index) in sets["letter_before"]:
        return None
    wanted = _wanted(text.words[index + 1], text.lower[index + 1], sets)
    if wanted is None or wanted == written:
        return None
    return wanted


def _wanted(word: str, lower: str, sets: dict[str, frozenset[str]]) -> str | None:
    """Return the article that *word* asks for, or None when ear or usage may differ."""
    if word[0].isdigit():
        if _NUMBER_AN.fullmatch(word):
            return "an"
        return "a" if _NUMBER_A.fullmatch(word) else None
    if not word.isascii() or not word[0].isalpha() or len(word) < 2 or shouted(word):
        return None
    unsure = sets["not_noun"] | sets["spelled"] | sets["either_article"]
    if lower in unsure or not any(letter in "aeiouy" for letter in lower):
        return None
    if any(letter.isupper() for letter in word[1:]):
        return None
    if lower.removesuffix("'s") in sets["vowel_sound"]:
        return "an"
    if lower in sets["consonant_sound"] or _SILENT_U.match(lower):
        return "a"
    return "an" if lower[0] in "aeiou" else "a"
