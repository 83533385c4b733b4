"""Folding a text: its key for the automaton, and its units with their places.

The key is the text as the automaton sees it: folded, without noise, each run of one character
written once. A phrase's key lies in a text's key wherever the phrase stands in it in any of the
hard views, so one pass serves them all; what was found is then judged on units.
"""

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pratique.screening.fold_table import ASSIGNED, MANY, UNASSIGNED_END, fold_table

LONG = 512
"""Characters from which numpy is worth its calls: between other work each of them is slow."""

_FIRST, _END = chr(ASSIGNED), chr(UNASSIGNED_END)
_REPEATED = re.compile(r"(.)(?=\1)\1*(?=\1)", re.DOTALL)
"""All of a run but its last character; the first look ahead is what most characters end at."""


class Unit(NamedTuple):
    """A folded character that is no noise, with where it came from."""

    folded: str
    """The character after folding."""
    key: str
    """The same with Han digits as ASCII."""
    place: int
    """Code points before it in the text that was given."""
    gap: str
    """Folded noise between the unit before it and this one."""
    dropped: int
    """Characters between them that folded to nothing."""


class Units(NamedTuple):
    """A text as units."""

    items: list[Unit]
    """Units in order."""
    gap: str
    """Noise after the last one."""
    dropped: int
    """Dropped characters after the last one, before and among the noise."""


def key_of(text: str) -> str:
    """Return the key of *text*."""
    if len(text) >= LONG:
        return _key_and_places(text)[0]
    return collapsed(text.translate(fold_table().key))


def collapsed(text: str) -> str:
    """Return *text*, a key without surrogates, with each run of one character written once."""
    if len(text) < LONG:
        return _REPEATED.sub("", text)
    codes = np.frombuffer(text.encode("utf-32-le"), dtype="<u4")
    rest = codes[1:]
    changes = rest != codes[:-1]
    if np.count_nonzero(changes) == rest.size:
        return text
    kept: bytes = rest[changes].tobytes()
    return text[0] + kept.decode("utf-32-le")


def places_of(text: str) -> NDArray[np.int64]:
    """Return, for each character of the key, the place in *text* where its run begins."""
    return _key_and_places(text)[1]


def _key_and_places(text: str) -> tuple[str, NDArray[np.int64]]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    keys = fold_table().array[codes]
    many = np.flatnonzero(keys == MANY)
    places = None
    if many.size:
        keys, places = _expanded(text, keys, many)
    kept = np.flatnonzero(keys)
    keys = keys[kept]
    if keys.size:
        first = np.empty(keys.size, dtype=bool)
        first[0] = True
        np.not_equal(keys[1:], keys[:-1], out=first[1:])
        keys, kept = keys[first], kept[first]
    return keys.tobytes().decode("utf-32-le"), kept if places is None else places[kept]


def _expanded(
    text: str, keys: NDArray[np.uint32], many: NDArray[np.intp]
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return *keys* with room for each character of those that become several."""
    table = fold_table()
    counts = np.ones(keys.size, dtype=np.int64)
    several = [table.key_of(text[place]) for place in many.tolist()]
    counts[many] = [len(one) for one in several]
    ends = np.cumsum(counts)
    wide = np.repeat(keys, counts)
    for place, one in zip(many.tolist(), several, strict=True):
        end = int(ends[place])
        wide[end - len(one) : end] = [ord(character) for character in one]
    return wide, np.repeat(np.arange(keys.size), counts)


def is_dropped(character: str) -> bool:
    """Return whether *character* folds to nothing."""
    folded = fold_table().changed.get(character)
    return not folded if folded is not None else _FIRST <= character < _END


def units_of(text: str) -> Units:
    """Return *text* as units."""
    table = fold_table()
    changed, noise, digits = table.changed, table.noise, table.digits
    items: list[Unit] = []
    gap, dropped = "", 0
    for place, character in enumerate(text):
        folded = changed.get(character)
        if folded is None:
            folded = "" if _FIRST <= character < _END else character
        if not folded:
            dropped += 1
            continue
        for one in folded:
            if one in noise:
                gap += one
            else:
                items.append(Unit(one, digits.get(one, one), place, gap, dropped))
                gap, dropped = "", 0
    return Units(items, gap, dropped)
