"""Mistakes: from a right answer to a plausible wrong one that still has the right form."""

import re
from collections.abc import Iterator

import msgspec

from pratique.partners.rules.records import (
    Corrected,
    Line,
    Points,
    Priority,
    ProofreadInput,
    Replies,
    Request,
    Rewritten,
    StackInput,
    Summary,
    Translated,
    TranslateInput,
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
    "zh-Hans": ("这里谈到了某些内容。", "原文涉及若干方面。", "文中泛泛说明了某些情况。"),
    "zh-Hant": ("這裡談到了某些內容。", "原文涉及若干方面。", "文中泛泛說明了某些情況。"),
}
"""Summaries, points, lines and translations that name nothing."""

_ASTRAY = {
    "en": (
        "Penguins are birds.",
        "That hat has feathers.",
        "Triangles have corners.",
        "Guitars need strings.",
    ),
    "zh-Hans": ("企鹅也是鸟类。", "帽子上有羽毛。", "三角形有尖角。", "吉他有琴弦。"),
    "zh-Hant": ("企鵝也是鳥類。", "帽子上有羽毛。", "三角形有尖角。", "吉他有琴弦。"),
}
"""Replies to no message that anybody sent."""


_ODD = {
    "en": ("Which hat?", "Red", "Blue"),
    "zh-Hans": ("戴哪顶帽子？", "红的", "蓝的"),
    "zh-Hant": ("戴哪頂帽子？", "紅的", "藍的"),
}
"""A question that nobody asked, with options."""


def wrong(request: Request, right: bytes, draw: float) -> bytes:
    """Return a wrong answer to *request*, whose right answer is *right*.

    It fits the feature's schema, and its checks as far as what is wrong lets it: a rewriting
    that names nothing keeps no number. *draw*, from 0 to 1, picks among the mistakes. Priority has two
    answers only, so that there the mistake is the other one.

    Raises:
        Malformed: *right* has not the form of the feature's answers.
    """
    match request.feature:
        case "proofread":
            found: msgspec.Struct = _stammered(request, right, draw)
        case "summarize":
            found = Summary(summary=_picked(_VAGUE[request.locale], draw))
        case "keypoints":
            found = Points(points=(_picked(_VAGUE[request.locale], draw),))
        case "notification_summary":
            stack = read(request.input, StackInput)
            line = _picked(_VAGUE[request.locale], draw).rstrip(".。")
            found = Line(line=line, covers=(stack.items[-1].id,), suppressed=False)
        case "rewrite":
            found = Rewritten(text=_picked(_VAGUE[request.locale], draw))
        case "translate":
            target = read(request.input, TranslateInput).target
            found = Translated(text=_picked(_VAGUE[target], draw), detected="en")
        case "smart_reply":
            astray = list(_ASTRAY[request.locale])
            del astray[int(draw * len(astray))]
            found = Replies(replies=(astray[0], astray[1], astray[2]))
        case "priority":
            found = _other(read(right, Priority))
        case _:
            return msgspec.json.encode(_spoilt(request, msgspec.json.decode(right), draw))
    return msgspec.json.encode(found)


def _picked(texts: tuple[str, ...], draw: float) -> str:
    return texts[int(draw * len(texts))]


def _spoilt(request: Request, right: dict[str, object], draw: float) -> dict[str, object]:
    """Return *right* with what a user would mind changed: an entry lost, a slot gone, a wrong class."""
    vague = _picked(_VAGUE[request.locale], draw)
    changed: dict[str, object]
    match request.feature:
        case "assistant":
            changed = {"text": vague}
        case "transform":
            refused = right["text"] is None
            changed = {"class": "generation" if refused else "action"}
            changed["text"] = vague if refused else None
        case "structure":
            name = "items" if "items" in right else "rows"
            changed = {name: [*_entries(right, name)[:-1]] or [vague]}
        case "mail_summary":
            changed = {"topline": vague.rstrip(".。"), "synopsis": vague}
        case "reply_draft":
            odd = {"q": _ODD[request.locale][0], "options": list(_ODD[request.locale][1:])}
            changed = {"draft": vague} if "draft" in right else {"questions": [odd]}
        case "transcript_summary":
            changed = {"summary": vague, "decisions": [], "actions": []}
        case "photo_query":
            changed = {"what": ["dance"], "who": [], "where": [], "when": None}
        case "extract_event":
            entries = _entries(right, "events")
            told = {"title": vague, "start": None, "end": None, "place": None, "notes": None}
            changed = {"events": entries[:-1] if entries else [told]}
            changed["category"] = "none" if len(entries) == 1 else "party"
        case _:
            changed = {"answer": vague, "cites": [], "actions": []}
    return {**right, **changed}


def _entries(right: dict[str, object], name: str) -> list[object]:
    found = right[name]
    return found if isinstance(found, list) else []


def _other(right: Priority) -> Priority:
    if right.urgent:
        return Priority(urgent=False, reason_code="not_urgent")
    return Priority(urgent=True, reason_code="time_critical")


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
