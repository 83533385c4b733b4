"""Summaries made of the text's own sentences: those that tell most within the limit."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from pratique.partners.rules.clauses import balanced, spans
from pratique.partners.rules.conversations import turns
from pratique.partners.rules.planted import ordered, without_orders
from pratique.partners.rules.records import SummarizeInput
from pratique.partners.rules.sentences import Content, content, has, sentences, size

LIMITS = {("en", "short"): 30, ("en", "medium"): 60, ("zh-Hans", "short"): 50} | {
    ("zh-Hans", "medium"): 100
}
"""Words (English) or characters (Chinese) that a summary may have."""

_READ = 60_000
_SENTENCES = 3
_CANDIDATES = 13
_TURNS = 4
"""Turns of a conversation that are set side by side in one sentence."""

_BRIEF = 1.2
"""What a sentence in brief weighs less than the whole."""

_MARKED = re.compile(r"[?？!！。…]|\.(?=\s|$)")
_CLAUSE = re.compile(r"[,，;；:：、](?:\s|(?=[^\d]))")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence that may be kept."""

    place: int
    """Where it stands in the text."""

    text: str
    """The sentence, as it would be printed."""

    content: Content
    """What it tells."""

    weight: float
    """What its place and its form add to what it tells."""


def summarize(source: SummarizeInput, locale: str) -> str:
    """Return at most three sentences of *source*, in their order, within the limit.

    A conversation keeps who said each one. A sentence is cut, at a comma and never before a
    word that turns or softens it, only when no whole one fits. Of a text above 60,000
    characters the beginning is read, of a conversation the end, where things are decided.
    """
    limit = LIMITS[locale, source.length]
    if source.kind == "conversation":
        candidates = _conversation(source.text[-_READ:], locale)
    else:
        candidates = _article(without_orders(source.text[:_READ], locale), limit, locale)
    if not candidates:
        return _cut(" ".join(source.text[:_READ].split()), limit, locale) or source.text[:limit]
    english, spoken = locale == "en", source.kind == "conversation"
    glue = ("; " if english else "；") if spoken else " " if english else ""
    fitting = [each for each in candidates if size(each.text, locale) <= limit]
    if not fitting:
        first = max(candidates, key=lambda each: (each.weight, -each.place))
        return _cut(first.text, limit, locale)
    most = _TURNS if spoken else _SENTENCES
    return glue.join(each.text for each in _best(fitting, limit, locale, glue, most))


def _article(text: str, limit: int, locale: str) -> list[Candidate]:
    """Return the sentences of an article, long ones in brief, too; greetings are left out."""
    every = list(dict.fromkeys(sentences(text, locale)))
    plain = [each for each in every if not ordered(each, locale)] or every
    kept = [each for each in plain if not _polite(each, locale)] or plain
    found = []
    for place, sentence in enumerate(kept):
        weight = 4.0 if place == 0 else 1.5 if place == 1 else 0.8 if place == 2 else 0.0
        weight += 0.8 if place == len(kept) - 1 else 0.0
        weight -= 2.0 if sentence.rstrip("\"”'’)").endswith(("?", "？")) else 0.0
        weight -= 2.5 if not _finished(sentence) else 0.0
        weight += 0.6 if has(sentence, locale, "decided") else 0.0
        found.append(Candidate(place, sentence, content(sentence, locale), weight))
        for most in (limit // 2, limit):
            brief = _brief(sentence, most, locale)
            if brief:
                found.append(Candidate(place, brief, content(brief, locale), weight - _BRIEF))
    return found


def _brief(sentence: str, most: int, locale: str) -> str:
    """Return the first clauses of *sentence* within *most*, if they lose no doubt and no `not`."""
    if size(sentence, locale) <= most or not _finished(sentence):
        return ""
    ends = [end for _, end in spans(sentence, locale) if size(sentence[:end], locale) < most]
    brief = sentence[: ends[-1]].strip() if ends else ""
    lost = any(
        has(sentence, locale, name) and not has(brief, locale, name)
        for name in ("negation", "hedge")
    )
    if not brief or lost or not balanced(brief) or 4 * size(brief, locale) < most:
        return ""
    return brief + ("." if locale == "en" else "。")


def _conversation(text: str, locale: str) -> list[Candidate]:
    """Return what was said in a conversation, each sentence with its speaker."""
    return [
        Candidate(place, turn.text.rstrip(".!。！"), content(turn.text, locale), turn.weight)
        for place, turn in enumerate(turns(text, locale))
    ]


def _polite(sentence: str, locale: str) -> bool:
    """Whether *sentence* only greets or signs."""
    short = 5 if locale == "en" else 12
    if size(sentence, locale) > short:
        return False
    start = sentence.split()[0].strip(",.!") if locale == "en" else sentence
    if locale == "en":
        return has(start, locale, "greeting") or has(start, locale, "signature")
    return has(start[:4], locale, "greeting") or has(start[:4], locale, "signature")


def _finished(sentence: str) -> bool:
    """Whether *sentence* ends as one does; a headline or a label does not."""
    return sentence.rstrip("\"”'’)』」）")[-1:] in tuple(".!?…。！？")


def _best(
    candidates: Sequence[Candidate], limit: int, locale: str, glue: str, most: int
) -> tuple[Candidate, ...]:
    """Return the up to *most* sentences that together tell most within *limit*."""
    whole = {each.place: each.content for each in reversed(candidates)}.values()
    often = Counter(term for each in whole for term in each.terms)
    facts = Counter(fact for each in whole for fact in each.facts)
    scale = max(often.values(), default=1)

    def told(group: Sequence[Candidate]) -> float:
        terms = frozenset[str]().union(*(each.content.terms for each in group))
        named = frozenset[str]().union(*(each.content.facts for each in group))
        sum_of_terms = sum(often[term] / scale + (often[term] > 1) * 0.4 for term in terms)
        sum_of_facts = sum(0.7 + 0.1 * min(facts[fact], 3) for fact in named)
        wordy = 0.35 if locale == "en" else 0.18
        return wordy * sum_of_terms + sum_of_facts + sum(each.weight for each in group)

    ranked = sorted(candidates, key=lambda each: (-told([each]), each.place))[:_CANDIDATES]
    ranked.sort(key=lambda each: each.place)
    groups = [
        group
        for many in range(1, most + 1)
        for group in combinations(ranked, many)
        if len({each.place for each in group}) == many
        and sum(_MARKED.search(each.text) is not None for each in group[:-1]) < _SENTENCES
        and size(glue.join(each.text for each in group), locale) <= limit
    ]
    return max(groups, key=lambda group: (told(group), -group[0].place))


def _cut(sentence: str, limit: int, locale: str) -> str:
    """Return the longest beginning of *sentence* within *limit* that is safe to stand alone.

    A cut before words that turn or soften what was said shows as `…`.
    """
    start = sentence[: limit * 40]
    cuts = [match for match in _CLAUSE.finditer(start) if match.start() > 0]
    heads = [(start[: match.start()].rstrip(), start[match.end() :]) for match in cuts]
    fitting = [(head, rest) for head, rest in heads if size(head, locale) < limit]
    for head, rest in reversed(fitting):
        if not (has(rest, locale, "negation") or has(rest, locale, "hedge")):
            return head + ("." if locale == "en" else "。")
    if fitting:
        return fitting[-1][0] + "…"
    if locale == "en":
        kept = start.split()
        return " ".join(kept) if len(kept) <= limit else " ".join(kept[: limit - 1]) + " …"
    return sentence if len(sentence) <= limit else sentence[: limit - 1] + "…"
