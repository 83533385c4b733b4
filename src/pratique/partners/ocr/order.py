"""Reading order: rows from the top, columns one after another, a conversation as it went."""

import math
from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from pratique.partners.ocr.page import Quad, size_of

LONG: Final = 3.5
"""A line so many times as long as high is a phrase, and not a price or a number."""
GUTTER: Final = 0.8
"""Least space between columns, in heights of a line."""
MOST_FIELDS: Final = 3
"""Up to so many rows of two cells are fields of a form, as on a ticket."""


@dataclass(frozen=True, slots=True)
class Box:
    """A line as it would stand on a straight page."""

    index: int
    """Its place in what was found."""
    left: float
    """Left edge."""
    right: float
    """Right edge."""
    top: float
    """Upper edge."""
    bottom: float
    """Lower edge."""

    @property
    def height(self) -> float:
        """Its height."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Half way down it."""
        return (self.top + self.bottom) / 2


def in_rows(quads: Sequence[Quad]) -> list[list[int]]:
    """Return the indices of *quads* in reading order, those that stand side by side in one list."""
    if not quads:
        return []
    return [[box.index for box in row] for row in _block(_straightened(quads))]


def _straightened(quads: Sequence[Quad]) -> list[Box]:
    """Turn everything back by the slope that most of the text has."""
    slopes = []
    for quad in quads:
        width, height = size_of(quad)
        if width >= 2 * height:
            across = quad[1] - quad[0] + quad[2] - quad[3]
            slopes.append(math.atan2(float(across[1]), float(across[0])))
    slope = median(slopes) if slopes else 0.0
    cosine, sine = math.cos(-slope), math.sin(-slope)
    boxes = []
    for index, quad in enumerate(quads):
        x, y = (float(value) for value in quad.mean(axis=0))
        width, height = size_of(quad)
        across, down = x * cosine - y * sine, x * sine + y * cosine
        boxes.append(
            Box(index, across - width / 2, across + width / 2, down - height / 2, down + height / 2)
        )
    return boxes


def _block(boxes: list[Box]) -> list[list[Box]]:
    """Read columns where there are some, else cut at the widest blank bands, else row by row."""
    parts = _columns(boxes) or _bands(boxes)
    if parts is None:
        return _rows(boxes)
    return [row for part in parts for row in _block(part)]


def _cuts(
    boxes: list[Box], start: Callable[[Box], float], end: Callable[[Box], float]
) -> list[tuple[float, float]]:
    """Return blank bands between *boxes* as (width, place), the widest first."""
    found, reached = [], -math.inf
    for box in sorted(boxes, key=start):
        if reached > -math.inf and start(box) > reached:
            found.append((start(box) - reached, (start(box) + reached) / 2))
        reached = max(reached, end(box))
    return sorted(found, reverse=True)


def _columns(boxes: list[Box]) -> list[list[Box]] | None:
    height = median(box.height for box in boxes)
    for width, place in _cuts(boxes, lambda box: box.left, lambda box: box.right):
        if width < GUTTER * height:
            return None
        left = [box for box in boxes if box.right < place]
        right = [box for box in boxes if box.left > place]
        if _are_columns(left, right):
            return [left, right]
    return None


def _are_columns(left: list[Box], right: list[Box]) -> bool:
    """Say whether two sides are read one after the other.

    The sides of a conversation take turns and are never beside each other. Beside each other on the
    same lines are a receipt's goods and prices, unless both sides are whole phrases.
    """
    if min(len(left), len(right)) < 2:
        return False
    fewer, more = sorted((left, right), key=len)
    beside = [[other for other in more if _overlap(box, other) > 0] for box in fewer]
    if sum(map(bool, beside)) < 0.6 * len(fewer):
        return False
    level = [
        box
        for box, others in zip(fewer, beside, strict=True)
        if any(_level(box, o) for o in others)
    ]
    if len(level) < 0.6 * len(fewer):
        return True
    return len(level) > MOST_FIELDS and all(map(_of_phrases, (left, right)))


def _of_phrases(side: list[Box]) -> bool:
    """Say whether *side* is text that begins at one edge; prices end at one."""
    height = median(box.height for box in side)
    edge = median(box.left for box in side)
    at_edge = sum(abs(box.left - edge) < height for box in side)
    long = median((box.right - box.left) / box.height for box in side) >= LONG
    return long and at_edge >= 0.8 * len(side)


def _overlap(one: Box, other: Box) -> float:
    return min(one.bottom, other.bottom) - max(one.top, other.top)


def _level(one: Box, other: Box) -> bool:
    return abs(one.middle - other.middle) < 0.35 * min(one.height, other.height)


def _bands(boxes: list[Box]) -> list[list[Box]] | None:
    """Cut below headings: at the blank bands about as wide as the widest, if any is blank at all.

    All at once: one at a time a page of even lines would be as many steps deep.
    """
    cuts = _cuts(boxes, lambda box: box.top, lambda box: box.bottom)
    if not cuts:
        return None
    places = sorted(place for width, place in cuts if width >= 0.9 * cuts[0][0])
    parts: list[list[Box]] = [[] for _ in range(len(places) + 1)]
    for box in boxes:
        parts[bisect(places, box.middle)].append(box)
    return parts


def _rows(boxes: list[Box]) -> list[list[Box]]:
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda box: box.middle):
        for row in rows:
            if any(_overlap(box, other) > 0.5 * min(box.height, other.height) for other in row):
                row.append(box)
                break
        else:
            rows.append([box])
    return [_across(row) for row in rows]


def _across(row: list[Box]) -> list[Box]:
    """Return a row from its left, what is stacked within it from above."""
    if _run_down(row):
        # Columns that run down the page are read from the right.
        return sorted(row, key=lambda box: -box.left)
    stacks: list[list[Box]] = []
    reached = -math.inf
    for box in sorted(row, key=lambda box: box.left):
        if box.left >= reached - 0.3 * box.height:
            stacks.append([])
        stacks[-1].append(box)
        reached = max(reached, box.right)
    return [box for stack in stacks for box in sorted(stack, key=lambda box: box.middle)]


def _run_down(row: list[Box]) -> bool:
    return all(box.height >= 1.5 * (box.right - box.left) for box in row)
