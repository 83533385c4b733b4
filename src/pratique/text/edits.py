"""The edits between a text and its correction, as spans of the text."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_TOKEN = re.compile(r"[A-Za-z0-9'’_-]+|\s+|.", re.DOTALL)

MAX_TOKENS = 2_000
"""Above this many tokens one edit over the changed middle is given instead of a fine alignment."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement: what stands in [start, end) of the text gives way to *replacement*."""

    start: int
    """First code point replaced."""
    end: int
    """Code point after the last one replaced; equal to *start* for an insertion."""
    replacement: str
    """What stands there afterwards; empty for a deletion."""


def edits(text: str, corrected: str) -> list[Edit]:
    """Return the edits that turn *text* into *corrected*: words for English, else characters."""
    before, after = _TOKEN.findall(text), _TOKEN.findall(corrected)
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    left, right = before[head : len(before) - tail], after[head : len(after) - tail]
    offset = sum(map(len, before[:head]))
    if len(left) + len(right) > MAX_TOKENS:
        return [Edit(offset, offset + sum(map(len, left)), "".join(right))]
    found = []
    starts = _starts(left, offset)
    for tag, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag != "equal":
            found.append(Edit(starts[i], starts[j], "".join(right[k:m])))
    return found


def applied(text: str, changes: list[Edit]) -> str:
    """Return *text* with *changes* made.

    Raises:
        ValueError: an edit is out of range, or edits overlap or are out of order.
    """
    pieces, at = [], 0
    for change in changes:
        if not at <= change.start <= change.end <= len(text):
            raise ValueError(
                f"edit {change.start}-{change.end} does not fit at {at} of {len(text)}"
            )
        pieces += [text[at : change.start], change.replacement]
        at = change.end
    return "".join([*pieces, text[at:]])


def _common(left: list[str], right: list[str]) -> int:
    return next(
        (n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b),
        min(len(left), len(right)),
    )


def _starts(tokens: list[str], offset: int) -> list[int]:
    starts = [offset]
    for token in tokens:
        starts.append(starts[-1] + len(token))
    return starts
