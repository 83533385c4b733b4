"""Grammatical person: a text that speaks as `you` made one that speaks as `we`, and so on."""

import re
from collections.abc import Mapping
from typing import Literal

Person = Literal["i", "we", "you"]

_WORDS: Mapping[Person, tuple[str, ...]] = {
    "i": ("I", "me", "my", "mine", "myself", "am"),
    "we": ("we", "us", "our", "ours", "ourselves", "are"),
    "you": ("you", "you", "your", "yours", "yourself", "are"),
}
"""Subject, object, two possessives, the reflexive and the form of `be`."""

_CHINESE: Mapping[Person, str] = {"i": "我", "we": "我们", "you": "你"}
_PRONOUN = re.compile(r"[你您](?:们|們)?|(?<!自)我(?:们|們)?")
_ENGLISH = re.compile(
    r"\b(I|me|my|mine|myself|we|us|our|ours|ourselves|you|your|yours|yourself|yourselves)\b"
    r"(?:( )(am|are)\b|(['’])(m|re)\b)?",
    re.IGNORECASE,
)
_ROLES = {
    word.lower(): place
    for forms in _WORDS.values()
    for place, word in enumerate(forms[:5])
    if word != "you"
} | {"you": 0, "yourselves": 4}


def person(text: str, to: Person, locale: str) -> str:
    """Return *text* with its first and second person made *to*; the third stays."""
    if locale == "en":
        return _ENGLISH.sub(lambda found: _english(found, to), text)
    form = _CHINESE[to]
    form = form.replace("们", "們") if locale == "zh-Hant" else form
    return _PRONOUN.sub(form, text)


def _english(found: re.Match[str], to: Person) -> str:
    """Return one pronoun, with its form of `be`, as *to* has it and with the same capital."""
    word, blank, apostrophe = found[1], found[2], found[4]
    told = _WORDS[to][_ROLES[word.lower()]]
    starts = found.start() == 0 or found.string[: found.start()].rstrip()[-1:] in (".", "!", "?")
    told = told[0].upper() + told[1:] if starts else told
    if blank:
        return f"{told} {_WORDS[to][5]}"
    if apostrophe:
        return f"{told}{apostrophe}{'m' if to == 'i' else 're'}"
    return told
