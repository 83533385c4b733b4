"""Mistakes: from a right answer to a plausible wrong one that still has the right form."""

import re
from collections.abc import Iterator

import msgspec

from pratique.partners.rules.records import (
    Corrected,
    Priority,
    ProofreadInput,
    Replies,
    Request,
    Summary,
    read,
)
from pratique.text.spans import links

_PLACE = re.compile(r"(?<![\w@/.'’-])[A-Za-z]{2,}(?![\w@/'’-]|\.\w)|[\u4e00-\u9fff]")

_VAGUE = {
    "en": (
        "Several matters are touched on here.",
        "The text covers a range of points.",
        "Some things are described in a general way.",
    ),
    "zh-Hans": ("这里谈到了一些内容。", "原文涉及若干方面。", "文中泛泛说明了某些情况。"),
}
"""Summaries that name nothing."""

_ASTRAY = {
    "en": (
        "Penguins are birds.",
        "That hat has feathers.",
        "Triangles have corners.",
        "Guitars need strings.",
    ),
    "zh-Hans": ("企鹅也是鸟类。", "帽子上有羽毛。", "三角形有三个角。", "吉他有六根弦。"),
}
"""Replies to no message that anybody sent."""


def wrong(request: Request, right: bytes, draw: float) -> bytes:
    """Return a wrong answer to *request*, whose right answer is *right*.

    It fits the feature's schema and checks. *draw*, from 0 to 1, picks among the mistakes.
    Priority has two answers only, so that there the mistake is the other one.

    Raises:
        Malformed: *right* has not the form of the feature's answers.
    """
    if request.feature == "proofread":
        return msgspec.json.encode(_stammered(request, right, draw))
    if request.feature == "summarize":
        vague = _VAGUE[request.locale]
        return msgspec.json.encode(Summary(summary=vague[int(draw * len(vague))]))
    if request.feature == "smart_reply":
        astray = list(_ASTRAY[request.locale])
        del astray[int(draw * len(astray))]
        return msgspec.json.encode(Replies(replies=(astray[0], astray[1], astray[2])))
    if read(right, Priority).urgent:
        return msgspec.json.encode(Priority(urgent=False, reason_code="not_urgent"))
    return msgspec.json.encode(Priority(urgent=True, reason_code="time_critical"))


def _stammered(request: Request, right: bytes, draw: float) -> Corrected:
    """Say one word twice, outside of links and of protected spans."""
    text, given = read(right, Corrected).corrected, read(request.input, ProofreadInput)
    kept = [*links(text), *(given.text[span.start : span.end] for span in given.protected)]
    closed = [span for one in kept for span in _occurrences(one, text)]
    places = [
        found
        for found in _PLACE.finditer(text)
        if not any(found.start() < end and start < found.end() for start, end in closed)
    ]
    if not places:
        return Corrected(corrected=text + ("." if request.locale == "en" else "。"))
    place = places[int(draw * len(places))]
    gap = " " if place[0].isascii() else ""
    return Corrected(corrected=text[: place.end()] + gap + place[0] + text[place.end() :])


def _occurrences(one: str, text: str) -> Iterator[tuple[int, int]]:
    start = text.find(one) if one else -1
    while start >= 0:
        yield start, start + len(one)
        start = text.find(one, start + 1)
