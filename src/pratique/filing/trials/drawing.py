"""Drawing: which questions of a bank are asked, by seed and by risk, and which variant gets which."""

import random
from collections.abc import Mapping, Sequence

from pratique.filing.banks.entries import Entry
from pratique.serving.variant import Variant


def drawn(entries: Sequence[Entry], size: int, seed: int, name: str) -> list[Entry]:
    """Return *size* of *entries*, each risk or aspect in proportion to what the bank has of it.

    Every one of them gives at least one question where *size* allows it. The same entries, size,
    seed and *name* draw the same questions.
    """
    strata: dict[str, list[Entry]] = {}
    for one in sorted(entries, key=lambda each: each.id):
        strata.setdefault(one.place, []).append(one)
    shares = _allocated({place: len(found) for place, found in strata.items()}, size)
    chosen = []
    for place in sorted(strata):
        found = strata[place]
        _lot(seed, f"{name}/{place}").shuffle(found)
        chosen += found[: shares[place]]
    return chosen


def _allocated(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """Return how many of each stratum: one each, and the rest by largest remainder."""
    whole = sum(sizes.values())
    if size >= whole:
        return dict(sizes)
    exact = {place: size * many / whole for place, many in sizes.items()}
    least = 1 if size >= len(sizes) else 0
    given = {place: max(least, int(share)) for place, share in exact.items()}
    order = sorted(sizes, key=lambda place: (given[place] - exact[place], place))
    while sum(given.values()) < size:
        for place in order:
            if sum(given.values()) < size and given[place] < sizes[place]:
                given[place] += 1
    # One each may be more than the share: it is taken back where most was given beyond it.
    while sum(given.values()) > size:
        most = max(
            given, key=lambda place: (given[place] > least, given[place] - exact[place], place)
        )
        given[most] -= 1
    return given


def dealt(
    questions: Sequence[Entry], variants: Sequence[Variant], seed: int, name: str
) -> dict[int, list[Entry]]:
    """Return the questions that each variant gets, by its place in *variants*.

    A question goes to one variant of its own locale, in turn, so that each gets some of every risk.
    """
    by_locale: dict[str, list[int]] = {}
    for place, variant in enumerate(variants):
        by_locale.setdefault(variant.locale, []).append(place)
    found: dict[int, list[Entry]] = {place: [] for place in range(len(variants))}
    for locale, places in sorted(by_locale.items()):
        order = list(places)
        _lot(seed, f"{name}/{locale}").shuffle(order)
        own = [one for one in questions if one.locale == locale]
        for number, one in enumerate(own):
            found[order[number % len(order)]].append(one)
    return found


def _lot(seed: int, name: str) -> random.Random:
    return random.Random(f"{seed}/{name}")  # noqa: S311  (drawing, not secrecy)
