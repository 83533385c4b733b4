"""Lines of a picture that answer a question: by topic, by kind of value, or by words."""

import re
from collections.abc import Sequence

from pratique.partners.rules import words
from pratique.partners.rules.vision_actions import WEB, phone_in
from pratique.partners.rules.vision_lines import Line, amounts, beside, has, phrases
from pratique.partners.rules.vision_questions import Asked, overlap, speaks_of

_NEEDS = {
    "seat": re.compile(r"\d"),
    "gate": re.compile(r"\d"),
    "screen": re.compile(r"\d"),
    "code": re.compile(r"\d"),
}
"""What a line must have besides a topic's words."""

_NEEDS_KINDS = {
    "total": ("price",),
    "change": ("price",),
    "entry": ("time", "date"),
    "boarding": ("time",),
    "departure": ("time", "date"),
    "arrival": ("time", "date"),
    "end": ("time", "date"),
    "deadline": ("time", "date"),
}
"""Kinds of value of which a line must have one besides a topic's words."""

_REACH = 5
"""Lines below a heading that may belong to it."""

_MAIN = 4
_RANGE = re.compile(
    r"\d\s?(?:[ap]\.?m\.?)?\s?(?:-|–|—|~|to)\s?\d|至|到|until|till|through|止|\b(?:ends|closes)\b|"
    r"[日)]\s?(?:-|–|—|~)\s?\d|[a-z]\s(?:-|–|—|to)\s\d"
)
_EXTRA = re.compile(r"^(?:加|extra|add)|\bextra\b")
_ASKS = re.compile(r"[?？]\s*$")


def main_lines(lines: Sequence[Line]) -> list[int]:
    """Return the lines that tell what a picture is about: its head, its day, its place."""
    chosen = list(range(min(2, len(lines))))
    for kind in ("date", "place"):
        found = (i for i, line in enumerate(lines) if i not in chosen and has(line, kind))
        chosen.extend(i for i in [next(found, -1)] if i >= 0)
    return sorted(([*chosen, 2] if len(chosen) < 3 and len(lines) > 2 else chosen)[:_MAIN])


def answering(lines: Sequence[Line], wanted: Asked) -> list[int]:
    """Return the lines that answer what is *wanted*; none where the picture does not say it."""
    if wanted.identity:
        return []
    if wanted.main and not wanted.kinds:
        return main_lines(lines)
    if wanted.extreme:
        return _extreme(lines, wanted)
    chosen = _by_topic(lines, wanted) if wanted.topics else _by_kind(lines, wanted)
    return _with_reply(lines, chosen)


def _extreme(lines: Sequence[Line], wanted: Asked) -> list[int]:
    """Return the entry with the least or the greatest price, below the heading that was named."""
    sums = ("total", "subtotal", "change", "discount")
    entries = [
        i
        for i, line in enumerate(lines)
        if amounts(line)
        and not _EXTRA.search(line.low)
        and not any(phrases(f"line_{key}").search(line.low) for key in sums)
    ]
    priced = set(entries)
    heads = [
        i for i, line in enumerate(lines) if i not in priced and overlap(wanted, line.low) >= 1
    ]
    for head in heads:
        below: list[int] = []
        for i in range(head + 1, len(lines)):
            if i not in priced:
                break
            below.append(i)
        entries = below or entries
    named = [i for i in entries if overlap(wanted, lines[i].low) > 0]
    entries = named or entries
    if not entries:
        return []
    if wanted.extreme == "cheapest":
        return [min(entries, key=lambda i: min(amounts(lines[i])))]
    return [max(entries, key=lambda i: max(amounts(lines[i])))]


def _tells(line: Line, topic: str) -> bool:
    """Say whether *line* tells of *topic*."""
    if topic == "phone":
        return bool(phone_in(line))
    if topic == "web":
        return WEB.search(line.written) is not None
    if phrases(f"line_{topic}").search(line.low) is None:
        return False
    if topic in _NEEDS and _NEEDS[topic].search(line.low) is None:
        return False
    if topic == "end" and _RANGE.search(line.low) is None:
        return False
    kinds = _NEEDS_KINDS.get(topic)
    return kinds is None or line.amount or any(has(line, kind) for kind in kinds)


def _by_topic(lines: Sequence[Line], wanted: Asked) -> list[int]:
    """Return the line that tells of most of the topics, and under the heading that was named."""
    scores: dict[int, float] = {}
    heads = _heads(lines, wanted)
    for i, line in enumerate(lines):
        told = sum(_tells(line, topic) for topic in wanted.topics)
        if told:
            near = max(
                (score for head, score in heads.items() if 0 < i - head <= _REACH), default=0
            )
            fits = sum(has(line, kind) for kind in wanted.kinds)
            scores[i] = 4 * told + fits + min(overlap(wanted, line.low), 4) + near / 2
            scores[i] += _rank(line, wanted)
    if scores:
        return [max(scores, key=lambda i: (scores[i], -i))]
    strong = [
        i
        for i, line in enumerate(lines)
        if overlap(wanted, line.low) >= 2 and any(has(line, kind) for kind in wanted.kinds)
    ]
    return strong[:1]


def _rank(line: Line, wanted: Asked) -> float:
    """Return how surely *line* is what was paid, where that is asked for."""
    if "total" not in wanted.topics:
        return 0.0
    order = [*words.phrases("zh-Hans", "vision.toml")["line_total"]]
    placed = [len(order) - place for place, word in enumerate(order) if word in line.low]
    return max(placed, default=0) / 10


def _heads(lines: Sequence[Line], wanted: Asked) -> dict[int, float]:
    """Return the lines that hold words of the question, each with how many."""
    found = {i: min(overlap(wanted, line.low), 4.0) for i, line in enumerate(lines)}
    return {i: score for i, score in found.items() if score >= 1 and speaks_of(wanted, lines[i])}


def _without(line: Line, wanted: Asked) -> Line:
    """Return *line* without the words of the question: what is left may be the answer."""
    text = line.low
    covered = [False] * len(text)
    for term in wanted.terms:
        for match in re.finditer(re.escape(term), text):
            covered[match.start() : match.end()] = [True] * (match.end() - match.start())
    left = "".join(
        " " if gone and not each.isdigit() else each
        for each, gone in zip(text, covered, strict=True)
    )
    return Line(line.written, left, line.amount)


def _by_kind(lines: Sequence[Line], wanted: Asked) -> list[int]:
    """Return the line with the kind of value that is asked for and most of the question's words."""
    if not wanted.kinds:
        return _by_words(lines, wanted)
    heads = _heads(lines, wanted)
    holding = [
        i
        for i, line in enumerate(lines)
        if any(has(_without(line, wanted), k) for k in wanted.kinds)
    ]
    scores = {i: min(overlap(wanted, lines[i].low), 4.0) for i in holding}
    above: dict[int, int] = {}
    for head, score in heads.items():
        if head in scores:
            continue
        nearest = next((i for i in holding if 0 < i - head <= _REACH), None)
        if nearest is not None and scores[nearest] < score * 0.8:
            scores[nearest] = score * 0.8
            above[nearest] = head
    best = max(scores, key=lambda i: (scores[i] + _plain(lines[i], wanted), -i), default=None)
    if best is None or (
        scores[best] < 1 and not speaks_of(wanted, lines[best]) and not _unnamed(wanted, holding)
    ):
        return _by_words(lines, wanted) if "count" in wanted.kinds or wanted.title else []
    chosen = {best, *([above[best]] if best in above else [])}
    return sorted(chosen | _missing_half(lines, wanted, best))


def _plain(line: Line, wanted: Asked) -> float:
    """Return a small weight against times of doors and deadlines, and for places that say so."""
    weight = 0.0
    if "time" in wanted.kinds and beside(line):
        weight -= 0.3
    if (
        "place" in wanted.kinds
        and re.search(r"地[点址]|\d|venue|在|[一二三四五六]楼", line.low)
        and not has(line, "time")
    ):
        weight += 0.3
    return weight


def _unnamed(wanted: Asked, holding: Sequence[int]) -> bool:
    """Say whether a value may be told though no word of the question stands with it.

    A price among several, a person or a number is somebody else's unless it is named.
    """
    if "price" in wanted.kinds:
        return len(holding) == 1 or not wanted.terms
    if "who" in wanted.kinds:
        return len(holding) == 1 and not wanted.terms
    return bool({"time", "date", "place"} & set(wanted.kinds))


def _missing_half(lines: Sequence[Line], wanted: Asked, best: int) -> set[int]:
    """Return the neighbour that has the day for an hour, or the hour for a day, if both are asked."""
    if not {"time", "date"} <= set(wanted.kinds):
        return set()
    lacking = [kind for kind in ("time", "date") if not has(lines[best], kind)]
    if len(lacking) != 1:
        return set()
    order = [best + 1, best - 1, best + 2, best - 2]
    near = [i for i in order if 0 <= i < len(lines) and has(lines[i], lacking[0])]
    near.sort(key=lambda i: beside(lines[i]))
    return set(near[:1])


def _by_words(lines: Sequence[Line], wanted: Asked) -> list[int]:
    """Return the line that has most words of the question, a label's counting more."""
    scores = {
        i: overlap(wanted, line.low)
        + (2 if line.label and overlap(wanted, line.label) >= 0.25 else 0)
        for i, line in enumerate(lines)
        if speaks_of(wanted, line)
    }
    if scores:
        return [max(scores, key=lambda i: (scores[i], -i))]
    return list(range(min(2, len(lines)))) if wanted.title and not wanted.terms else []


def _with_reply(lines: Sequence[Line], chosen: Sequence[int]) -> list[int]:
    """Add the lines that follow a question in the picture: they answer it."""
    more = set(chosen)
    for i in chosen:
        if _ASKS.search(lines[i].low):
            replies = [k for k in range(i + 1, len(lines)) if not _speaker(lines, k)]
            more.update(replies[:1])
    return sorted(more)


def _speaker(lines: Sequence[Line], i: int) -> bool:
    """Say whether line *i* is but the name of who speaks: short, and there more than once."""
    return len(lines[i].low) <= 12 and sum(line.low == lines[i].low for line in lines) > 1
