"""Key points: the clauses of a text that tell most, shortened, in its order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pratique.partners.rules.clauses import fits, shortened, spans
from pratique.partners.rules.conversations import turns
from pratique.partners.rules.planted import ordered, without_orders
from pratique.partners.rules.records import KeypointsInput
from pratique.partners.rules.sentences import Content, content, count, has, sentences
from pratique.text.languages import written_in

LONGEST = {"en": 20, "zh-Hans": 30}
"""Words (English) or characters (Chinese) of one point, where it can be said so shortly."""

_READ = 60_000
_PIECES = 800
"""Sentences and clauses that are weighed."""

_CHAT = re.compile(r"^[^\s:：][^:：\n]{0,20}[:：]\s?\S", re.MULTILINE)
_LEAST = {"en": 4, "zh-Hans": 7}
"""Words or characters up to which a piece is a heading rather than a point."""

_CONCLUDES = {
    "en": re.compile(
        r"\b(?:thus|therefore|so|instead|as a result|consequently|but|yet|however)\b", re.IGNORECASE
    ),
    "zh-Hans": re.compile(r"因此|所以|故|于是|改|但|不过|然而|最终|结果"),
}


@dataclass(frozen=True, slots=True)
class _Point:
    """One sentence or clause that may be a point."""

    place: int
    """Where it stands in the text."""

    sentence: int
    """Which sentence it is of."""

    text: str
    """As it would be printed."""

    held: Content
    """What it tells."""

    weight: float
    """How much it matters."""


def keypoints(source: KeypointsInput, locale: str) -> tuple[str, ...]:
    """Return at most *source*'s `max` points, distinct, in the order of the text."""
    text = without_orders(source.text[:_READ], locale)
    said = [each for each in _said(text, locale) if each.strip()]
    found = _points(said, locale) or _points([" ".join(text.split()) or source.text], locale)
    chosen = _chosen(found, source.max)
    chosen = [point for point in chosen if written_in(point.text, locale)] or chosen
    points = dict.fromkeys(point.text for point in sorted(chosen, key=lambda each: each.place))
    return tuple(point for point in points if point) or (source.text,)


def _said(text: str, locale: str) -> list[str]:
    """Return the sentences of *text*, in a conversation with their speakers."""
    lines = [line for line in text.splitlines() if line.strip()]
    chat = len(lines) >= 3 and sum(_CHAT.match(line) is not None for line in lines) > 0.6 * len(
        lines
    )
    said = [turn.text for turn in turns(text, locale)] if chat else list(sentences(text, locale))
    plain = [each for each in said if not ordered(each, locale)]
    return plain or said


def _points(said: Sequence[str], locale: str) -> list[_Point]:
    """Return what may be a point: each sentence, or its halves where it is long."""
    pieces = [(at, piece) for at, each in enumerate(said) for piece in _halves(each, locale)]
    pieces = pieces[:_PIECES]
    found = []
    for place, (at, piece) in enumerate(pieces):
        text = shortened(piece, LONGEST[locale], locale, "points.toml")
        held = content(piece, locale)
        weight = _weight(piece, held, locale)
        weight += 0.7 if place == 0 else 0.0
        weight += 0.5 if place == len(pieces) - 1 else 0.0
        found.append(_Point(place, at, text, held, weight))
    return found


def _weight(piece: str, held: Content, locale: str) -> float:
    """Return how much *piece* matters, wherever it stands."""
    english = locale == "en"
    weight = 0.7 * min(len(held.facts), 3) + (0.16 if english else 0.06) * min(len(held.terms), 12)
    weight += 0.8 * min(count(piece, locale, "duty"), 2)
    weight += 0.6 * min(count(piece, locale, "decided"), 2)
    weight += 1.0 * has(piece, locale, "negation") + 0.3 * min(count(piece, locale, "time"), 2)
    weight += 0.8 if _CONCLUDES[locale].search(piece) else 0.0
    weight -= 1.5 if piece.rstrip().endswith(("?", "？")) else 0.0
    weight -= 2.0 if fits(piece, _LEAST[locale], locale) else 0.0
    weight -= 3.0 if _polite(piece, locale) else 0.0
    return weight


def _halves(sentence: str, locale: str) -> list[str]:
    """Return *sentence* whole, or cut at marks into pieces that are short enough for a point."""
    most = LONGEST[locale]
    if fits(sentence, most, locale):
        return [sentence]
    pieces: list[str] = []
    start = 0
    end = 0
    for low, high in spans(sentence, locale):
        if end and not fits(sentence[start:high], most, locale):
            pieces.append(sentence[start:end])
            start = low
        end = high
    pieces.append(sentence[start:])
    return [piece.strip(" ,;，；、") for piece in pieces if piece.strip(" ,;，；、")]


def _polite(piece: str, locale: str) -> bool:
    """Whether *piece* greets, thanks or signs."""
    if content(piece, locale).facts:
        return False
    start = piece.split()[0].strip(",.!") if locale == "en" and piece.split() else piece[:4]
    return has(start, locale, "greeting") or has(start, locale, "signature")


def _chosen(points: Sequence[_Point], most: int) -> list[_Point]:
    """Return up to *most* points, each time the one that adds most to those before it."""
    left = list(points)
    chosen: list[_Point] = []
    facts: set[str] = set()
    terms: set[str] = set()
    texts: set[str] = set()
    while left and len(chosen) < most:
        told = {point.sentence for point in chosen}
        best = max(left, key=lambda each: (_adds(each, facts, terms, told), -each.place))
        left.remove(best)
        bare = "".join(character for character in best.text.casefold() if character.isalnum())
        if bare in texts or (chosen and (not bare or best.weight < -1.0)):
            continue
        chosen.append(best)
        texts.add(bare)
        facts |= best.held.facts
        terms |= best.held.terms
    return chosen


def _adds(point: _Point, facts: set[str], terms: set[str], told: set[int]) -> float:
    """Return the weight of *point*, less what is known already."""
    known = len(point.held.facts & facts) * 0.5 + 0.6 * (point.sentence in told)
    if point.held.terms:
        known += 2.0 * len(point.held.terms & terms) / len(point.held.terms)
    return point.weight - known
