"""Duplicates: entries that say what an earlier one says already.

The first of several stands; what is like it is counted against it. Looking is nearly linear: each
text is compared only with texts that share one of its rarest pieces (prefix filtering; Bayardo, Ma
and Srikant 2007, "Scaling up all pairs similarity search"), and only with those that stand, so that
a bank of a thousand copies is no slower than one of a thousand questions.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

import msgspec

from pratique.screening.fold import key_of

NEAR = 0.8
"""From which share of common pieces two questions are nearly the same; our own line."""

_SHORTEST = 6
"""Pieces that a text needs at the least: of fewer, a share says nothing."""


class Duplicates(msgspec.Struct, frozen=True, kw_only=True):
    """What repeats an earlier entry: place of each, with the place of the one that it repeats."""

    exact: Mapping[int, int]
    """The same once folded: width, case, script, noise."""
    near: Mapping[int, int]
    """Not the same, and nearly so."""

    @property
    def all(self) -> frozenset[int]:
        """Places of every entry that repeats another."""
        return frozenset(self.exact) | frozenset(self.near)


def duplicates(texts: Sequence[str], *, near: bool) -> Duplicates:
    """Return which of *texts* repeat an earlier one; *near* ones too, which a question needs."""
    first: dict[str, int] = {}
    exact: dict[int, int] = {}
    for place, text in enumerate(texts):
        # A text of noise alone has no key: it stands for itself.
        stands = first.setdefault(key_of(text) or text, place)
        if stands != place:
            exact[place] = stands
    if not near:
        return Duplicates(exact=exact, near={})
    pieces = {place: _pieces(texts[place]) for place in first.values()}
    return Duplicates(exact=exact, near=_near(pieces))


def _pieces(text: str) -> frozenset[str]:
    """Return the pieces of *text*: pairs of Chinese characters, and Latin words."""
    found: set[str] = set()
    for word in text.casefold().split():
        letters = "".join(each for each in word if each.isalnum())
        if letters.isascii():
            if letters:
                found.add(letters)
        else:
            found.update(first + second for first, second in pairwise(letters))
    return frozenset(found)


def _near(pieces: Mapping[int, frozenset[str]]) -> dict[int, int]:
    often = Counter(piece for one in pieces.values() for piece in one)
    rank = {piece: at for at, (piece, _) in enumerate(sorted(often.items(), key=_rarest))}
    standing: dict[str, list[int]] = {}
    found: dict[int, int] = {}
    for place, own in sorted(pieces.items()):
        if len(own) < _SHORTEST:
            continue
        rare = sorted(own, key=rank.__getitem__)[: len(own) - math.ceil(NEAR * len(own)) + 1]
        like = _like(own, rare, standing, pieces)
        if like is not None:
            found[place] = like
            continue
        for piece in rare:
            standing.setdefault(piece, []).append(place)
    return found


def _rarest(item: tuple[str, int]) -> tuple[int, str]:
    return item[1], item[0]


def _like(
    own: frozenset[str],
    rare: Sequence[str],
    standing: Mapping[str, Sequence[int]],
    pieces: Mapping[int, frozenset[str]],
) -> int | None:
    """Return the first of the texts *standing* that is nearly the same as *own*."""
    least, most = NEAR * len(own), len(own) / NEAR
    seen: set[int] = set()
    for piece in rare:
        for place in standing.get(piece, ()):
            other = pieces[place]
            if place in seen or not least <= len(other) <= most:
                continue
            seen.add(place)
            common = len(own & other)
            if common >= NEAR * (len(own) + len(other) - common):
                return place
    return None
