"""Differences between two texts, for people who compare them side by side."""

import re

from rapidfuzz.distance import Levenshtein

_TOKEN = re.compile(r"[A-Za-z0-9'’_-]+|\s+|.", re.DOTALL)

Part = tuple[str, bool]
"""A piece of a text, and whether the other text differs there."""


def differences(own: str, other: str) -> tuple[list[Part], list[Part]]:
    """Return both texts in pieces: by words for English, else by characters."""
    left, right = _TOKEN.findall(own), _TOKEN.findall(other)
    ours: list[Part] = []
    theirs: list[Part] = []
    for step in Levenshtein.opcodes(left, right):
        differs = step.tag != "equal"
        _add(ours, "".join(left[step.src_start : step.src_end]), differs)
        _add(theirs, "".join(right[step.dest_start : step.dest_end]), differs)
    return ours, theirs


def _add(parts: list[Part], text: str, differs: bool) -> None:
    if text and parts and parts[-1][1] == differs:
        parts[-1] = (parts[-1][0] + text, differs)
    elif text:
        parts.append((text, differs))
