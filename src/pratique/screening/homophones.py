"""The view `homophone`: other characters that sound alike. A signal only, never a stop.

Phrases and text become one sign a syllable, without tones, and one pass finds them. Sounds come
from the package `pypinyin`. In a million characters of ordinary text a phrase of three characters
is heard by chance 0.27 times, one of four and more 0.001 times (654 and 9,346 phrases measured);
of two some 19 times: so a pack may name the view from three characters on.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from pratique.errors import Unavailable
from pratique.screening.entries import Entry
from pratique.screening.fold_table import fold_table
from pratique.screening.matcher import matcher_of
from pratique.screening.resolving import Find

LEAST = 3
"""Characters of a phrase, at least."""

_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0304\u030c"))
_FIRST = 0x100000
"""Signs of syllables are private use, which no text should hold; a text that does is not heard."""
_NOTHING = "\ufffd"


class Homophones:
    """Phrases by their sound."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_sound: dict[str, list[Entry]] = {}
        for entry in entries:
            if "homophone" in entry.views and entry.phrase and not entry.all_of:
                for sound in _sounds(entry.phrase):
                    self._by_sound.setdefault(sound, []).append(entry)
        self._keys = list(self._by_sound)
        self._matcher = matcher_of(self._keys)

    def __bool__(self) -> bool:
        return bool(self._keys)

    def finds(self, text: str) -> Iterator[Find]:
        """Return the places of *text* that sound like a phrase and are not written like it."""
        if not self._keys:
            return
        table = _table()
        found = self._matcher.find(text.translate(table))
        if not found:
            return
        places: list[int] = []
        for place, character in enumerate(text):
            places += [place] * len(table.get(ord(character), character))
        for first, last, number in found:
            start, end = places[first], places[last - 1] + 1
            for entry in self._by_sound[self._keys[number]]:
                if _folded(text[start:end]) != _folded(entry.phrase):
                    yield Find(start, end, entry, "homophone", -1, None)


def _sounds(phrase: str) -> set[str]:
    """Return the sound of *phrase* character by character, and as it is read as a whole."""
    from pypinyin import lazy_pinyin

    table, signs = _table(), _signs()
    whole = [_syllable(one) for one in lazy_pinyin(phrase, v_to_u=True)]
    read = "".join(signs.get(one, _NOTHING) for one in whole)
    return {one for one in (phrase.translate(table), read) if _NOTHING not in one}


def _folded(text: str) -> str:
    changed = fold_table().changed
    return "".join(changed.get(one, one) for one in text)


def _syllable(reading: str) -> str:
    """Return a reading without its tone."""
    plain = unicodedata.normalize("NFD", reading).translate(_TONES)
    return unicodedata.normalize("NFC", plain)


@cache
def _readings() -> dict[str, str]:
    """Return the most usual reading of each character, without tones."""
    try:
        from pypinyin.pinyin_dict import pinyin_dict
    except ImportError as error:
        raise Unavailable(
            "the view `homophone` needs the package `pypinyin`",
            hint="install it, or take this view out of the pack",
        ) from error
    return {chr(code): _syllable(said.partition(",")[0]) for code, said in pinyin_dict.items()}


@cache
def _signs() -> dict[str, str]:
    """Return one sign for each syllable."""
    return {one: chr(_FIRST + n) for n, one in enumerate(sorted(set(_readings().values())))}


@cache
def _table() -> dict[int, str]:
    """Return, for each code point that is not heard as it is written, the sign of its sound."""
    readings, signs = _readings(), _signs()
    table = {ord(sign): _NOTHING for sign in signs.values()}
    table |= {ord(one): signs[said] for one, said in readings.items()}
    for one, folded in fold_table().changed.items():
        table[ord(one)] = "".join(
            signs[readings[each]] if each in readings else each for each in folded
        )
    return table
